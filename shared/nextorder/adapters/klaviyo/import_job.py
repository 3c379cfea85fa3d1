"""Update many profiles by one import job, and learn what became of each, in this invocation or another."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from nextorder.adapters.klaviyo import bodies
from nextorder.adapters.klaviyo.capabilities import NAME
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient, safe_code
from nextorder.adapters.klaviyo.still_meant import ALWAYS, StillMeant
from nextorder.adapters.patience import Patience
from nextorder.domain.changes import PROFILE_MISSING, BulkJob, Change, Handed
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater, UnderWay, Untried
from nextorder.domain.shop import Shop
from nextorder.ports import BulkJobs, Delivered, Outcome

JOBS: Final = "/api/profile-bulk-import-jobs"
FIRST_POLL_SECONDS = 0.5
LONGEST_POLL_SECONDS = 10.0
LATE_BY_A_FIFTH: Final = 1.2
"""Each wait is so much longer than the one before: a job's end is seen a fifth of its time late at most."""
_ENDED: Final = frozenset({"complete", "cancelled"})
_ROW = re.compile(r"/profiles/data/(\d+)(?:/|$)")
Json = dict[str, Any]


class ImportJobs:
    """
    One import job at a time for a shop; one that an earlier process began is gone on with.

    Args:
        client: Calls the API.
        jobs: Keeps what is under way.
        meant: Says whether many are to be handed over still, since finding their profiles may take minutes.
    """

    def __init__(self, client: KlaviyoClient, jobs: BulkJobs, *, meant: StillMeant = ALWAYS) -> None:
        self._client = client
        self._jobs = jobs
        self._meant = meant
        self._told: dict[str, BulkJob] = {}
        """Shop -> the job whose outcomes were told here, to be recorded."""

    def begin(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> BulkJob:
        """
        Hand over changes that only set something and whose people carry their profile ids.

        Raises:
            RetryLater, NeedsHuman, Refused: Of all of them; OutcomeUnknown where it may have been taken,
                Untried where publishing was paused meanwhile.
        """
        if self._jobs.load(shop.id, NAME):
            raise RetryLater("another import job is not settled yet")
        body = bodies.import_job(changes)
        begun = patience.ask(partial(self._hand_over, shop, body))
        job = BulkJob(name=str(begun["data"]["id"]), rows=tuple(one.handed for one in changes))
        if not self._jobs.keep(shop.id, NAME, job):
            raise OutcomeUnknown("another import job was begun beside this one")
        self._told[shop.id] = job
        return job

    def _hand_over(self, shop: Shop, body: bytes) -> Json:
        if self._meant.is_paused(shop):
            raise Untried("publishing was paused")
        return self._client.call(shop.id, "POST", JOBS, body=body)

    def outcomes(self, shop: Shop, job: BulkJob, patience: Patience) -> Sequence[Outcome]:
        """Return what became of each row; UnderWay as long as Klaviyo does not say."""
        try:
            return self._read(shop, job, patience)
        except (RetryLater, NeedsHuman) as failure:
            return [_at(row, UnderWay(str(failure))) for row in job.rows]

    def take_up(self, shop: Shop, patience: Patience) -> Sequence[tuple[Handed, Outcome]]:
        """
        Return what became of the job that was left under way.

        Raises:
            UnderWay: It still is.
            RetryLater, NeedsHuman: Klaviyo cannot be asked.
        """
        job = self._jobs.load(shop.id, NAME)
        if job is None:
            return ()
        outcomes = self._read(shop, job, patience)
        self._told[shop.id] = job
        return list(zip(job.rows, outcomes, strict=True))

    def settled(self, shop: Shop) -> None:
        """Forget the job whose outcomes were told here: they are recorded. Another process's job stays."""
        if job := self._told.pop(shop.id, None):
            self._jobs.drop(shop.id, NAME, job)

    def _read(self, shop: Shop, job: BulkJob, patience: Patience) -> Sequence[Outcome]:
        path = f"{JOBS}/{quote(job.name, safe='')}"
        try:
            said = self._ended(shop, path, patience)
            failed = said.get("failed_count") or 0
            refused = _refused_rows(self._errors(shop, path, patience) if failed else (), job.rows)
        except Refused as refusal:
            unknown = OutcomeUnknown(f"klaviyo does not tell of its import job: {refusal.code}")
            return [_at(row, unknown) for row in job.rows]
        if said["status"] == "cancelled":
            return [_at(row, OutcomeUnknown("klaviyo cancelled the import job")) for row in job.rows]
        other = _unknown if len(refused) < failed else _delivered
        return [refused.get(number) or other(row) for number, row in enumerate(job.rows)]

    def _ended(self, shop: Shop, path: str, patience: Patience) -> Json:
        poll_seconds = FIRST_POLL_SECONDS
        while True:
            said: Json = patience.ask(partial(self._client.call, shop.id, "GET", path))["data"]["attributes"]
            if said["status"] in _ENDED:
                return said
            patience.wait(poll_seconds, UnderWay("klaviyo's import job still runs"))
            poll_seconds = min(LATE_BY_A_FIFTH * poll_seconds, LONGEST_POLL_SECONDS)

    def _errors(self, shop: Shop, path: str, patience: Patience) -> Iterator[Json]:
        pages = self._client.pages(shop.id, f"{path}/import-errors", patience, {"page[size]": "100"})
        return (error["attributes"] for error in pages)


def _delivered(row: Handed) -> Delivered:
    return Delivered(remote_id=row.remote_id)


def _unknown(row: Handed) -> OutcomeUnknown:
    return OutcomeUnknown("klaviyo does not say which rows failed", remote_id=row.remote_id)


def _at(row: Handed, failure: OutcomeUnknown) -> OutcomeUnknown:
    """Say of one row what became of all of them, with the profile it is about."""
    return type(failure)(str(failure), seconds=failure.seconds, remote_id=row.remote_id)


def _refused_rows(errors: Iterable[Json], rows: Sequence[Handed]) -> Mapping[int, Refused]:
    """Map import errors to rows, by the profile id they quote, else by their pointer."""
    numbers = {row.remote_id: number for number, row in enumerate(rows)}
    refused: dict[int, Refused] = {}
    for error in errors:
        pointed = _ROW.search(str((error.get("source") or {}).get("pointer", "")))
        number = numbers.get(str((error.get("original_payload") or {}).get("id")))
        if number is None and pointed:
            number = int(pointed[1])
        if number is not None:
            refused[number] = _refusal(str(error.get("code", "")))
    return refused


def _refusal(code: str) -> Refused:
    return Refused(PROFILE_MISSING if code == NOT_FOUND else safe_code(code) or "klaviyo-import")

"""Update many profiles by import jobs, and wait for what became of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from nextorder.adapters.klaviyo import bodies
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient, safe_code
from nextorder.adapters.patience import Patience
from nextorder.domain.changes import PROFILE_MISSING, Change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.ports import Delivered, Outcome

JOBS: Final = "/api/profile-bulk-import-jobs"
FIRST_POLL_SECONDS = 0.5
LONGEST_POLL_SECONDS = 10.0
_ROW = re.compile(r"/profiles/data/(\d+)(?:/|$)")
Json = dict[str, Any]


def import_profiles(
    client: KlaviyoClient, shop: str, changes: Sequence[Change], patience: Patience
) -> Iterator[tuple[str, Outcome]]:
    """Yield (customer, outcome) of changes whose people carry their profile id, job by job."""
    start = 0
    for body, count in bodies.import_jobs(changes):
        rows = changes[start : start + count]
        start += count
        try:
            outcomes = _run(client, shop, body, rows, patience)
        except (RetryLater, NeedsHuman, Refused) as failure:
            outcomes = [failure] * count
        yield from zip((change.person.customer for change in rows), outcomes, strict=True)


def _run(
    client: KlaviyoClient, shop: str, body: bytes, rows: Sequence[Change], patience: Patience
) -> list[Outcome]:
    job = patience.ask(partial(client.call, shop, "POST", JOBS, body=body))["data"]
    path = f"{JOBS}/{quote(job['id'], safe='')}"
    poll_seconds = FIRST_POLL_SECONDS
    while (status := job["attributes"]["status"]) not in {"complete", "cancelled"}:
        patience.wait(poll_seconds, OutcomeUnknown("klaviyo's import job still runs"))
        poll_seconds = min(2 * poll_seconds, LONGEST_POLL_SECONDS)
        job = patience.ask(partial(client.call, shop, "GET", path))["data"]
    if status == "cancelled":
        raise OutcomeUnknown("klaviyo cancelled the import job")

    failed = job["attributes"].get("failed_count") or 0
    errors = list(_errors(client, shop, f"{path}/import-errors", patience)) if failed else []
    refused = _refused_rows(errors, rows)
    other: Outcome = Delivered()
    if len(refused) < failed:
        other = OutcomeUnknown("klaviyo does not say which rows failed")
    return [refused.get(number, other) for number in range(len(rows))]


def _errors(client: KlaviyoClient, shop: str, path: str, patience: Patience) -> Iterator[Json]:
    query = {"page[size]": "100"}
    while True:
        page = patience.ask(partial(client.call, shop, "GET", path, params=query))
        yield from (error["attributes"] for error in page["data"])
        cursor = parse_qs(urlsplit((page.get("links") or {}).get("next") or "").query).get("page[cursor]")
        if not cursor:
            return
        query["page[cursor]"] = cursor[0]


def _refused_rows(errors: Sequence[Json], rows: Sequence[Change]) -> Mapping[int, Outcome]:
    """Map import errors to rows, by the profile id they quote, else by their pointer."""
    numbers = {change.person.remote_id: number for number, change in enumerate(rows)}
    refused: dict[int, Outcome] = {}
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

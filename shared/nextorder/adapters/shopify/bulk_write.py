"""Write to many customers by bulk mutations, and go on where another invocation stopped."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from nextorder.adapters.http import Http
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.bulk_answers import Answers, Operation, outcome, read_all
from nextorder.adapters.shopify.bulk_pieces import Piece, file_of, mark_in, pieces_of
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import (
    CANCEL,
    MUTATION_COST,
    RUN_MUTATION,
    STAGE_UPLOAD,
    WRITES,
)
from nextorder.adapters.shopify.user_errors import user_errors
from nextorder.domain.changes import BulkJob, Change, Handed
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater, UnderWay, Untried
from nextorder.domain.shop import Shop
from nextorder.ports import BulkJobs, Outcome

MOST_AT_ONCE: Final = 5
"""Bulk mutations of one app in one shop. https://shopify.dev/docs/api/usage/bulk-operations/imports"""
NAME: Final = "shopify"
_NAME_FORMAT: Final = "%Y%m%dT%H%M%S"
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_FIRST_LOOK_SECONDS: Final = 1.0
_LONGEST_LOOK_SECONDS: Final = 15.0
_FULL: Final = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
_LATER: Final = frozenset({"INTERNAL_FILE_SERVER_ERROR", "NO_SUCH_FILE"})
_CANCELLABLE: Final = frozenset({"CREATED", "RUNNING"})
_UNDER_WAY: Final = _CANCELLABLE | {"CANCELING"}
_STORED: Final = frozenset({200, 201, 204})
_FILE: Final = {"resource": "BULK_MUTATION_VARIABLES", "mimeType": "text/jsonl", "httpMethod": "POST"}


class BulkWrite:
    """
    Runs one job at a time for a shop, in up to five operations; one that is found under way is adopted.

    A job of a shop that publishes ends with a pause: whoever waits for it notices at the next look,
    begins nothing more, cancels what runs and tells what came of it; `cancel` does not wait for that.

    Args:
        client: Runs the documents.
        storage: Reaches the store of files, without our token.
        jobs: Keeps what is under way.
        shop_now: Reads a shop anew; None = it is not known any more.
        clock: Seconds since 1970, for the job's name.
    """

    def __init__(
        self,
        client: ShopifyClient,
        storage: Http,
        jobs: BulkJobs,
        *,
        shop_now: Callable[[str], Shop | None],
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._storage = storage
        self._jobs = jobs
        self._shop_now = shop_now
        self._clock = clock
        self._told: dict[str, BulkJob] = {}
        """Shop -> the job whose outcomes were told here, to be recorded."""

    def write(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> Sequence[Outcome]:
        """
        Return what became of each change; UnderWay when Shopify takes longer than our patience.

        Until the first operation is begun nothing is written, and the failure is everyone's.
        """
        job = self._named(shop, [change.handed for change in changes])
        if not self._jobs.keep(shop.id, NAME, job):
            return [RetryLater("another bulk job is not settled yet")] * len(changes)
        begun: list[Piece] = []
        try:
            answers = self._follow(shop, job, changes, begun, patience)
        except (RetryLater, NeedsHuman) as failure:
            if begun:
                return [UnderWay(str(failure))] * len(changes)
            self._jobs.drop(shop.id, NAME, job)
            untaken = RetryLater(str(failure)) if isinstance(failure, OutcomeUnknown) else failure
            return [untaken] * len(changes)
        self._told[shop.id] = job
        return [outcome(number, row, answers) for number, row in enumerate(job.rows)]

    def take_up(self, shop: Shop, patience: Patience) -> Sequence[tuple[Handed, Outcome]]:
        """
        Return what became of a job that was left under way, after beginning what of it is left to begin.

        Of one that a pause has ended nothing more is begun, after the pause neither.

        Raises:
            RetryLater: It still is, or Shopify cannot be asked.
        """
        job = self._jobs.load(shop.id, NAME)
        if job is None:
            return ()
        answers = self._follow(shop, job, (), [], patience)
        self._told[shop.id] = job
        return [(row, outcome(number, row, answers)) for number, row in enumerate(job.rows)]

    def settled(self, shop: Shop) -> None:
        """Forget the job whose outcomes were told here: they are recorded. Another process's job stays."""
        if job := self._told.pop(shop.id, None):
            self._jobs.drop(shop.id, NAME, job)

    def cancel(self, shop: Shop, patience: Patience) -> int:
        """
        Cancel the operations of a job that the shop as it is now has paused; return how many ran.

        Only ever our own, found by their marks. What came of them is told to whoever takes the job up.

        Raises:
            RetryLater, NeedsHuman, Refused: Shopify cannot be asked; some may be cancelled.
        """
        job = self._jobs.load(shop.id, NAME)
        if job is None or not _is_paused(job, shop):
            return 0
        found = patience.ask(partial(self._operations, shop, job))
        return self._cancel(shop, found, patience)

    def _cancel(self, shop: Shop, found: Mapping[str, Operation], patience: Patience) -> int:
        running = [one["id"] for one in found.values() if one["status"] in _CANCELLABLE]
        for id_ in running:
            # what cannot be cancelled goes on to its end, and is waited for
            with suppress(Refused):
                patience.ask(
                    partial(self._client.execute, shop.id, CANCEL, {"id": id_}, points=MUTATION_COST)
                )
        return len(running)

    def _named(self, shop: Shop, rows: Sequence[Handed]) -> BulkJob:
        began_at = datetime.fromtimestamp(self._clock(), UTC)
        digest = sha256(repr(rows).encode()).hexdigest()[:8]
        return BulkJob(
            name=f"{began_at:{_NAME_FORMAT}}-{digest}",
            rows=tuple(rows),
            applied=shop.applied,
            resumed_at=shop.resumed_at,
        )

    def _follow(
        self, shop: Shop, job: BulkJob, changes: Sequence[Change], begun: list[Piece], patience: Patience
    ) -> Answers:
        """Begin a job's pieces as there is room, look until all have ended, and read what they say."""
        pieces = list(pieces_of(job))
        refused: dict[Piece, Exception] = {}
        sure: set[Piece] = set()
        seconds = _FIRST_LOOK_SECONDS
        while True:
            found = patience.ask(partial(self._operations, shop, job))
            if _is_paused(job, self._shop_now(shop.id) or shop):
                self._cancel(shop, found, patience)
                refused |= _not_begun(pieces, {*found}, refused, begun, sure)
            unseen = [one for one in pieces if one.mark not in found and one not in refused]
            open_ = [one for one in unseen if one not in sure]
            running = [one for one in pieces if one in sure and one in unseen]
            running += [one for one in pieces if one.mark in found and _runs(found[one.mark])]
            room = MOST_AT_ONCE - len(running)
            for piece in _next(open_, running)[:room]:
                if self._begin(shop, piece, file_of(piece, job, changes), begun, refused, patience):
                    sure.add(piece)
            if not (running or open_):
                return read_all(self._storage, pieces, found, refused, patience)
            patience.wait(seconds, UnderWay("shopify's bulk operations still run"))
            seconds = min(2 * seconds, _LONGEST_LOOK_SECONDS)

    def _operations(self, shop: Shop, job: BulkJob) -> Mapping[str, Operation]:
        """Return the operations of a job by their marks; begun by whatever process."""
        began_at = datetime.strptime(job.name.partition("-")[0], _NAME_FORMAT).replace(tzinfo=UTC)
        since = f"operation_type:mutation created_at:>='{began_at - _CLOCKS_DIFFER:%Y-%m-%dT%H:%M:%SZ}'"
        marks = {piece.mark for piece in pieces_of(job)}
        found: dict[str, Operation] = {}
        after: str | None = None
        while True:
            asked = {"since": since, "after": after}
            page = self._client.execute(shop.id, WRITES, asked, points=MUTATION_COST)["bulkOperations"]
            found |= {mark: one for one in page["nodes"] if (mark := mark_in(one["query"])) in marks}
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def _begin(
        self,
        shop: Shop,
        piece: Piece,
        file: bytes | None,
        begun: list[Piece],
        refused: dict[Piece, Exception],
        patience: Patience,
    ) -> bool:
        """
        Upload a piece's file and begin its operation; tell whether Shopify says that it is begun.

        Where there is no room, or no answer, the next look finds it or tries again.
        """
        if file is None:
            refused[piece] = OutcomeUnknown("what was to be written is not known any more")
            return False
        try:
            path = patience.ask(partial(self._upload, shop, piece, file))
            codes = self._run(shop, piece, path)
        except OutcomeUnknown:
            begun.append(piece)
            return False
        except Refused as refusal_:
            refused[piece] = refusal_
            return False
        if not codes:
            begun.append(piece)
        elif not codes & (_FULL | _LATER):
            refused[piece] = Refused(f"shopify-bulk-{min(codes).lower()}")
        return not codes

    def _run(self, shop: Shop, piece: Piece, path: str) -> set[str]:
        """Begin a piece's operation; return why not, in Shopify's codes."""
        variables = {"mutation": piece.mutation, "path": path, "name": piece.name}
        try:
            data = self._client.execute(shop.id, RUN_MUTATION, variables, points=MUTATION_COST)
        except OutcomeUnknown:
            raise
        except RetryLater:
            return set(_FULL)
        return {str(error.get("code")) for error in user_errors(data)}

    def _upload(self, shop: Shop, piece: Piece, file: bytes) -> str:
        """Put a file where Shopify reads it; return its path."""
        wanted = {**_FILE, "filename": f"{piece.name}.jsonl"}
        data = self._client.execute(shop.id, STAGE_UPLOAD, {"input": [wanted]}, points=MUTATION_COST)
        if any(user_errors(data)):
            raise Refused("shopify-staged-upload")
        [target] = data["stagedUploadsCreate"]["stagedTargets"]
        form = {one["name"]: one["value"] for one in target["parameters"]}
        # NOTE: the file has to be the form's last field; requests writes `files` after `data`
        sent = self._storage.send(
            "POST", target["url"], data=form, files={"file": (wanted["filename"], file)}
        )
        if sent.status_code not in _STORED:
            raise RetryLater(f"shopify's storage answered {sent.status_code}")
        return str(form["key"])


def _next(open_: Sequence[Piece], running: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces that may begin: none that takes tags away while one that adds them has not ended."""
    adds = any(piece.kind == "tagsAdd" for piece in (*open_, *running))
    return [piece for piece in open_ if not (adds and piece.kind == "tagsRemove")]


def _runs(operation: Operation) -> bool:
    return operation["status"] in _UNDER_WAY


def _is_paused(job: BulkJob, shop: Shop) -> bool:
    """Whether a pause has begun since the job was handed over; what is taken back in one goes on."""
    return job.applied and (not shop.applied or shop.resumed_at != job.resumed_at)


def _not_begun(
    pieces: Sequence[Piece],
    found: Collection[str],
    refused: Mapping[Piece, Exception],
    begun: Sequence[Piece],
    sure: Collection[Piece],
) -> dict[Piece, Exception]:
    """Say of pieces that are not there that nothing of them is sent any more."""
    absent = [one for one in pieces if one.mark not in found and one not in refused and one not in sure]
    return {
        one: OutcomeUnknown("shopify did not answer whether it was begun")
        if one in begun
        else Untried("publishing was paused")
        for one in absent
    }

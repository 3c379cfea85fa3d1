"""Write to many customers by bulk mutations, and go on where another invocation stopped."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final

from nextorder.adapters.http import Http
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.bulk_pieces import Piece, file_of, handed, kinds_of, mark_in, pieces_of
from nextorder.adapters.shopify.client import ShopifyClient, error_codes
from nextorder.adapters.shopify.documents import MUTATION_COST, RUN_MUTATION, STAGE_UPLOAD, WRITES
from nextorder.adapters.shopify.user_errors import refusal, refusal_code, user_errors
from nextorder.domain.changes import BulkJob, Change, Handed
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater, UnderWay
from nextorder.domain.refusals import TAG_LIMIT
from nextorder.domain.shop import Shop
from nextorder.ports import BulkJobs, Delivered, Outcome

MOST_AT_ONCE: Final = 5
"""Bulk mutations of one app in one shop. https://shopify.dev/docs/api/usage/bulk-operations/imports"""
NAME: Final = "shopify"
_NAME_FORMAT: Final = "%Y%m%dT%H%M%S"
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_FIRST_LOOK_SECONDS: Final = 1.0
_LONGEST_LOOK_SECONDS: Final = 15.0
_FULL: Final = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
_LATER: Final = frozenset({"INTERNAL_FILE_SERVER_ERROR", "NO_SUCH_FILE"})
_UNDER_WAY: Final = frozenset({"CREATED", "RUNNING", "CANCELING"})
_STORED: Final = frozenset({200, 201, 204})
_OK: Final = 200
_FILE: Final = {"resource": "BULK_MUTATION_VARIABLES", "mimeType": "text/jsonl", "httpMethod": "POST"}

Operation = Mapping[str, Any]
Answers = Mapping[tuple[str, int], str | Exception]
"""(kind, row) -> the refusal's code, empty = done, or what else became of it; missing = not known."""


class BulkWrite:
    """
    Runs one job at a time for a shop, in up to five operations; one that is found under way is adopted.

    Args:
        client: Runs the documents.
        storage: Reaches the store of files, without our token.
        jobs: Keeps what is under way.
        clock: Seconds since 1970, for the job's name.
    """

    def __init__(
        self, client: ShopifyClient, storage: Http, jobs: BulkJobs, *, clock: Callable[[], float]
    ) -> None:
        self._client = client
        self._storage = storage
        self._jobs = jobs
        self._clock = clock

    def write(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> Sequence[Outcome]:
        """
        Return what became of each change; UnderWay when Shopify takes longer than our patience.

        Until the first operation is begun nothing is written, and the failure is everyone's.
        """
        job = self._named([handed(change) for change in changes])
        if not self._jobs.keep(shop.id, NAME, job):
            return [RetryLater("another bulk job is not settled yet")] * len(changes)
        begun: list[Piece] = []
        try:
            answers = self._follow(shop, job, changes, begun, patience)
        except (RetryLater, NeedsHuman) as failure:
            if begun:
                return [UnderWay(str(failure))] * len(changes)
            self._jobs.drop(shop.id, NAME)
            return [failure] * len(changes)
        return [_outcome(number, row, answers) for number, row in enumerate(job.rows)]

    def take_up(self, shop: Shop, patience: Patience) -> Sequence[tuple[Handed, Outcome]]:
        """
        Return what became of a job that was left under way, after beginning what of it is left to begin.

        Raises:
            RetryLater: It still is, or Shopify cannot be asked.
        """
        job = self._jobs.load(shop.id, NAME)
        if job is None:
            return ()
        answers = self._follow(shop, job, (), [], patience)
        return [(row, _outcome(number, row, answers)) for number, row in enumerate(job.rows)]

    def settled(self, shop: Shop) -> None:
        """Forget the job: all that became of it is recorded."""
        self._jobs.drop(shop.id, NAME)

    def _named(self, rows: Sequence[Handed]) -> BulkJob:
        began_at = datetime.fromtimestamp(self._clock(), UTC)
        digest = sha256(repr(rows).encode()).hexdigest()[:8]
        return BulkJob(name=f"{began_at:{_NAME_FORMAT}}-{digest}", rows=tuple(rows))

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
            unseen = [one for one in pieces if one.mark not in found and one not in refused]
            open_ = [one for one in unseen if one not in sure]
            running = [one for one in pieces if one in sure and one in unseen]
            running += [one for one in pieces if one.mark in found and _runs(found[one.mark])]
            room = MOST_AT_ONCE - len(running)
            for piece in _next(open_, running)[:room]:
                if self._begin(shop, piece, file_of(piece, job, changes), begun, refused, patience):
                    sure.add(piece)
            if not (running or open_):
                return self._read_all(pieces, found, refused, patience)
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

    def _read_all(
        self,
        pieces: Sequence[Piece],
        found: Mapping[str, Operation],
        refused: Mapping[Piece, Exception],
        patience: Patience,
    ) -> Answers:
        answers: dict[tuple[str, int], str | Exception] = {
            (piece.kind, row): failure for piece, failure in refused.items() for row in piece.rows
        }
        for piece in pieces:
            if operation := found.get(piece.mark):
                answers |= {(piece.kind, row): said for row, said in self._read(piece, operation, patience)}
        return answers

    def _read(
        self, piece: Piece, operation: Operation, patience: Patience
    ) -> Iterator[tuple[int, str | Exception]]:
        """Yield what became of each row of a piece that Shopify says anything about."""
        if operation["errorCode"] == "ACCESS_DENIED":
            denied = NeedsHuman("shopify denies the bulk mutation: a scope or an approval is missing")
            yield from ((row, denied) for row in piece.rows)
        url = operation["url"] or operation["partialDataUrl"]
        if not url:
            return
        reply = patience.ask(partial(self._storage.send, "GET", url))
        # NOTE: after seven days the file is gone, and what became of its rows is not known
        for text in reply.content.splitlines() if reply.status_code == _OK else ():
            line = json.loads(text)
            number = line.get("__lineNumber")
            if isinstance(number, int) and 0 <= number < len(piece.rows):
                yield piece.rows[number], _said(line)


def _next(open_: Sequence[Piece], running: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces that may begin: none that takes tags away while one that adds them has not ended."""
    adds = any(piece.kind == "tagsAdd" for piece in (*open_, *running))
    return [piece for piece in open_ if not (adds and piece.kind == "tagsRemove")]


def _runs(operation: Operation) -> bool:
    return operation["status"] in _UNDER_WAY


def _said(line: Mapping[str, Any]) -> str | Exception:
    """Read one line of results; a line without user errors is done."""
    if errors := line.get("errors"):
        codes = error_codes(errors)
        if "ACCESS_DENIED" in codes:
            return NeedsHuman("shopify denies access: a scope or an approval is missing")
        return OutcomeUnknown("shopify failed inside")
    codes = {refusal_code(error) for error in user_errors(line.get("data") or {})}
    return refusal(codes).code if codes else ""


def _outcome(number: int, row: Handed, answers: Answers) -> Outcome:
    """Return what became of a row: the gravest refusal, else what is not known, else done."""
    said = [answers.get((kind, number)) for kind in kinds_of(row)]
    failures = [one for one in said if isinstance(one, Exception)]
    if codes := [one for one in said if isinstance(one, str) and one]:
        if TAG_LIMIT in codes and row.leave:
            return OutcomeUnknown("taking a tag of ours away has made room")
        return refusal(codes)
    if None in said:
        return OutcomeUnknown("shopify does not say what became of it")
    return min(failures, key=_hope) if failures else Delivered()


def _hope(failure: Exception) -> int:
    return 0 if isinstance(failure, NeedsHuman) else 1

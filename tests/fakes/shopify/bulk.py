"""Bulk operations: begun by a mutation, worked on while they are looked at, and their files."""

import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.ids import GID, moment, number_of

MOST_AT_ONCE = 5
"""Of each type, for one app in one shop."""
FILE_SECONDS = 7 * 86_400
ALIVE = frozenset({"CREATED", "RUNNING", "CANCELING"})
FILES = "/bulk-results/"
SECONDS_A_LOOK = 2.0

Rows = Iterator[tuple[int, bytes]]
"""Lines of the result, each with how many root objects are done with it."""
View = dict[str, Any]


@dataclass(slots=True)
class Operation:
    """One bulk operation and its file, which grows while it runs."""

    number: int
    type: str
    query: str
    created_at: float
    rows: Rows
    path: Path
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: float | None = None
    objects: int = 0
    roots: int = 0
    size: int = 0
    fails_after: int | None = None
    failure: str = "INTERNAL_SERVER_ERROR"
    client: str | None = None
    looks: int = 0
    partial: frozenset[str] = frozenset({"FAILED"})
    """Ends of which what came until then may be fetched."""

    @property
    def id(self) -> str:
        """Its global id."""
        return f"{GID}BulkOperation/{self.number}"

    def look(self, now: float, patience_seconds: float) -> bool:
        """
        Move on by one look: created, running (at least once), then done; tell whether it ended now.

        Work happens while somebody looks, so that a still clock and a busy test see the same.
        """
        self.looks += 1
        if self.status == "CANCELING":
            return self._end_cancelled(now)
        if self.status == "CREATED":
            self.status = "RUNNING"
            return False
        if self.status != "RUNNING":
            return False
        return self._work(now, patience_seconds)

    def cancel(self) -> None:
        """Ask it to stop; the next look finds it stopped."""
        if self.status in {"CREATED", "RUNNING"}:
            self.status = "CANCELING"

    def fails_at_once(self, code: str) -> None:
        """Let it fail when it runs, with nothing done."""
        self.fails_after, self.failure = 0, code

    def _work(self, now: float, patience_seconds: float) -> bool:
        if self.fails_after == 0:
            return self._fail(self.failure, now)
        until = time.perf_counter() + patience_seconds
        with self.path.open("ab") as file:
            for roots, line in self.rows:
                self.roots += roots
                self.objects += 1
                self.size += file.write(line)
                if self.fails_after is not None and self.roots >= self.fails_after:
                    return self._fail(self.failure, now)
                if self.objects % 64 == 0 and time.perf_counter() > until:
                    return False
        return self._end("COMPLETED", now)

    def _end_cancelled(self, now: float) -> bool:
        """What it was at when it was cancelled is still done: there is a short delay."""
        if self.roots and (rest := next(self.rows, None)):
            with self.path.open("ab") as file:
                self.size += file.write(rest[1])
            self.roots, self.objects = self.roots + rest[0], self.objects + 1
        return self._end("CANCELED", now)

    def _fail(self, code: str, now: float) -> bool:
        self.error_code = code
        return self._end("FAILED", now)

    def _end(self, status: str, now: float) -> bool:
        self.status, self.completed_at, self.rows = status, now, iter(())
        return True

    def offers_file(self, now: float) -> bool:
        """Tell whether its file may be fetched."""
        recent = self.completed_at is not None and now - self.completed_at < FILE_SECONDS
        return recent and self.size > 0 and self.status in {"COMPLETED", *self.partial}

    def finished(self) -> View:
        """Return the body of the webhook that tells its end."""
        return {
            "admin_graphql_api_id": self.id,
            "completed_at": moment(self.completed_at or 0.0),
            "created_at": moment(self.created_at),
            "error_code": self.error_code,
            "status": self.status.lower(),
            "type": self.type.lower(),
        }

    def view(self, now: float, base_url: str) -> View:
        """Return it as a query sees it."""
        is_old = self.completed_at is not None and now - self.completed_at >= FILE_SECONDS
        url = f"{base_url}{FILES}{self.number}.jsonl?signature=made-up" if self.offers_file(now) else None
        return {
            "__typename": "BulkOperation",
            "id": self.id,
            "status": "EXPIRED" if is_old and self.status == "COMPLETED" else self.status,
            "type": self.type,
            "errorCode": self.error_code,
            "createdAt": moment(self.created_at),
            "completedAt": moment(self.completed_at) if self.completed_at is not None else None,
            "objectCount": str(self.objects),
            "rootObjectCount": str(self.roots),
            "fileSize": str(self.size) if self.completed_at is not None and self.size else None,
            "url": url if self.status == "COMPLETED" else None,
            "partialDataUrl": url if self.status in self.partial else None,
            "query": self.query,
        }


@dataclass(slots=True, weakref_slot=True)
class Bulk:
    """All bulk operations of a store, and the files that were uploaded for them."""

    seconds_a_look: float = SECONDS_A_LOOK
    operations: dict[str, Operation] = field(default_factory=dict)
    uploads: dict[str, bytes | None] = field(default_factory=dict)
    """By key; None until the file has come."""
    partial: frozenset[str] = frozenset({"FAILED", "CANCELED"})
    # NOTE: Shopify says of a failed one that its partial data may be fetched; of a cancelled one nothing
    failures: list[Mapping[str, Any]] = field(default_factory=list)
    """How the next operations fail: {after: root objects, code}."""
    _folder: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the results lie; gone with the store."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="fake-shopify-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def begin(self, number: int, type_: str, query: str, rows: Rows, now: float) -> Operation:
        """Begin one; the caller has looked whether there is room."""
        path = self.folder / f"{number}.jsonl"
        path.touch()
        operation = Operation(number, type_, query, now, rows, path, partial=self.partial)
        if self.failures:
            told = self.failures.pop(0)
            operation.fails_after = int(told.get("after", 0))
            operation.failure = str(told.get("code", operation.failure))
        self.operations[operation.id] = operation
        return operation

    def under_way(self, type_: str) -> list[Operation]:
        """Return those that have not ended, oldest first."""
        return [one for one in self.operations.values() if one.type == type_ and one.status in ALIVE]

    def look(self, operation: Operation, now: float) -> bool:
        """Look at one; tell whether it ended now."""
        return operation.look(now, self.seconds_a_look)

    def file_of(self, path: str, now: float) -> Path | None:
        """Return the file behind a URL's path, None for one that is not there or has expired."""
        number = number_of(path).removesuffix(".jsonl")
        operation = self.operations.get(f"{GID}BulkOperation/{number}")
        return operation.path if operation and operation.offers_file(now) else None


def find(bulk: Bulk, id_: str) -> Operation:
    """Return one by its id."""
    if id_ not in bulk.operations:
        raise GraphQLError("Bulk operation does not exist", extensions={"code": "NOT_FOUND"})
    return bulk.operations[id_]

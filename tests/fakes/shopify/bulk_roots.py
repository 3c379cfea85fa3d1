"""Root fields of bulk operations and staged uploads."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify import staged
from tests.fakes.shopify.bulk import MOST_AT_ONCE, Bulk, Operation, Rows, find
from tests.fakes.shopify.bulk_rows import rows
from tests.fakes.shopify.bulk_rules import mutation_problems, query_problems
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.store import Info, Store

Root = Callable[..., Any]
Payload = dict[str, Any]

NO_SUCH_FILE = (
    "The JSONL file could not be found. Try uploading the file again, and check that you've entered "
    "the URL correctly for the stagedUploadPath mutation argument."
)
CLIENT_LENGTHS = range(10, 256)


def _seen(store: Store, operation: Operation) -> View:
    return operation.view(store.now, store.base_url)


def _looked_at(store: Store, operation: Operation) -> View:
    if store.bulk.look(operation, store.now):
        store.news.append(("bulk_operations/finish", operation.finished()))
    return _seen(store, operation)


def _operation(_: None, info: Info, *, id: str) -> View:  # noqa: A002 - theirs
    return _looked_at(info.context, find(info.context.bulk, id))


def _operations(_: None, info: Info, *, query: str | None = None, sortKey: str = "", **page: Any) -> View:  # noqa: N803
    store: Store = info.context
    del sortKey  # created_at and id say the same here
    wanted = dict(re.findall(r"(\w+):(\S+)", (query or "").lower()))
    since = _moment(wanted.pop("created_at", ""))
    if unknown := wanted.keys() - {"status", "operation_type"}:
        raise GraphQLError(f"the fake does not know the filters {sorted(unknown)}")
    looked_at = [_looked_at(store, one) for one in store.bulk.operations.values() if one.created_at >= since]
    keys = {"status": "status", "operation_type": "type"}
    chosen = [
        one for one in looked_at if all(one[keys[name]].lower() == value for name, value in wanted.items())
    ]
    return connection(chosen, page)


def _moment(filter_: str) -> float:
    """Read `>='2026-11-21T12:00:00z'` as seconds since 1970; no filter is the beginning."""
    if not filter_:
        return 0.0
    if not filter_.startswith(">="):
        raise GraphQLError("the fake filters created_at by >= only")
    return datetime.fromisoformat(filter_.removeprefix(">=").strip("'").upper()).timestamp()


def _run_query(_: None, info: Info, *, query: str, groupObjects: bool = False) -> Payload:  # noqa: N803
    store: Store = info.context
    problems = query_problems(info.schema, query) or _no_room(store.bulk, "QUERY")
    if problems:
        return {"bulkOperation": None, "userErrors": problems}
    return _begun(store, "QUERY", query, _allowed(store, query, rows(store, query, grouped=groupObjects)))


def _run_mutation(
    _: None,
    info: Info,
    *,
    mutation: str,
    stagedUploadPath: str,  # noqa: N803 - theirs
    clientIdentifier: str | None = None,  # noqa: N803 - theirs
    groupObjects: bool = True,  # noqa: N803 - theirs
) -> Payload:
    store: Store = info.context
    del groupObjects  # a mutation's result has one line each
    problems = (
        mutation_problems(mutation)
        or _client_problems(clientIdentifier)
        or _file_problems(store.bulk, stagedUploadPath)
        or _unknown(mutation)
        or _no_room(store.bulk, "MUTATION")
    )
    if problems:
        return {"bulkOperation": None, "userErrors": problems}
    lines = (store.bulk.uploads[stagedUploadPath] or b"").splitlines()
    payload = _begun(store, "MUTATION", mutation, _results(store, mutation, lines))
    store.bulk.operations[payload["bulkOperation"]["id"]].client = clientIdentifier
    return payload


def _begun(store: Store, type_: str, text: str, result: Rows | None) -> Payload:
    operation = store.bulk.begin(store.next_number(), type_, text, result or iter(()), store.now)
    if result is None:
        operation.fails_at_once("ACCESS_DENIED")
    return {"bulkOperation": _seen(store, operation), "userErrors": []}


def _allowed(store: Store, text: str, result: Rows) -> Rows | None:
    """A scope that is missing shows only when the operation runs."""
    from tests.fakes.shopify import execution  # noqa: PLC0415 - it executes what is made here

    return None if execution.denied(execution.prepare(text), store.scopes) else result


def _no_room(bulk: Bulk, type_: str) -> list[Payload]:
    busy = bulk.under_way(type_)
    if len(busy) < MOST_AT_ONCE:
        return []
    names = ", ".join(one.id for one in busy)
    message = f"A bulk {type_.lower()} operation for this app and shop is already in progress: {names}."
    return [{"field": None, "message": message, "code": "OPERATION_IN_PROGRESS"}]


def _client_problems(client: str | None) -> list[Payload]:
    # NOTE: that it must have 10 to 255 characters is documented; the words are not recorded.
    if client is None or len(client) in CLIENT_LENGTHS:
        return []
    message = "Client identifier must be between 10 and 255 characters"
    return [{"field": ["clientIdentifier"], "message": message, "code": None}]


def _file_problems(bulk: Bulk, path: str) -> list[Payload]:
    if bulk.uploads.get(path) is None:
        return [{"field": None, "message": NO_SUCH_FILE, "code": "NO_SUCH_FILE"}]
    return []


def _unknown(mutation: str) -> list[Payload]:
    from tests.fakes.shopify import execution  # noqa: PLC0415 - it executes what is made here
    from tests.fakes.shopify.errors import told  # noqa: PLC0415

    errors = execution.prepare(mutation).errors
    return [
        {"field": ["mutation"], "message": told(error)["message"], "code": "INVALID_MUTATION"}
        for error in errors
    ]


def _results(store: Store, mutation: str, lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield what each line's mutation answers; each is executed when it is its turn."""
    for number, line in enumerate(lines):
        if line.strip():
            answer = _answer(store, mutation, line) | {"__lineNumber": number}
            yield 1, json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _answer(store: Store, mutation: str, line: bytes) -> dict[str, Any]:
    from tests.fakes.shopify import execution  # noqa: PLC0415 - it executes what is made here

    try:
        variables = json.loads(line)
    except ValueError:
        return {"errors": [{"message": "The line is not JSON"}]}
    return execution.answer(mutation, store, variables)


def _cancel(_: None, info: Info, *, id: str) -> Payload:  # noqa: A002 - theirs
    operation = find(info.context.bulk, id)
    if operation.completed_at is not None:
        message = f"A bulk operation cannot be canceled when it is {operation.status.lower()}"
        return {
            "bulkOperation": _seen(info.context, operation),
            "userErrors": [{"field": ["id"], "message": message}],
        }
    operation.cancel()
    return {"bulkOperation": _seen(info.context, operation), "userErrors": []}


def _stage(_: None, info: Info, *, input: list[Mapping[str, Any]]) -> Payload:  # noqa: A002 - theirs
    return staged.stage(info.context, info.context.bulk, input)


QUERIES: dict[str, Root] = {"bulkOperation": _operation, "bulkOperations": _operations}
MUTATIONS: dict[str, Root] = {
    "bulkOperationCancel": _cancel,
    "bulkOperationRunMutation": _run_mutation,
    "bulkOperationRunQuery": _run_query,
    "stagedUploadsCreate": _stage,
}

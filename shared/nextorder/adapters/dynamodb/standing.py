"""States and what was accepted of them, of everyone, for a look at how it goes: never for a verdict."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Final

from nextorder.adapters.dynamodb import accepted_codec, items
from nextorder.adapters.dynamodb.items import text
from nextorder.adapters.dynamodb.records import state_of
from nextorder.domain.changes import Accepted
from nextorder.domain.verdict import State

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SEGMENTS: Final = 8

Note = Callable[[str, State | None, Mapping[str, tuple[Accepted, datetime | None]]], None]
"""Takes a customer, their state, and by destination what was accepted and when that was recorded."""


class DynamoStanding:
    """A parallel Scan without facts; eventually consistent, at half the price."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def take(self, shop: str, note: Note) -> None:
        """Note everyone of whom there is a state or a record, one call at a time."""
        one_at_a_time = Lock()

        def read(segment: int) -> None:
            # NOTE: segments are ranges of the partition key's hash: a customer's items come together
            for pk, found in groupby(self._segment(shop, segment), key=lambda item: text(item, "pk")):
                state, accepted = _read(list(found))
                with one_at_a_time:
                    note(pk.removeprefix(f"{shop}#"), state, accepted)

        with ThreadPoolExecutor(_SEGMENTS) as pool:
            for _ in pool.map(read, range(_SEGMENTS)):
                pass

    def _segment(self, shop: str, segment: int) -> Iterator[items.Item]:
        request = items.of_everyone(self._table, shop) | {"Segment": segment, "TotalSegments": _SEGMENTS}
        request["FilterExpression"] += " AND (sk = :s OR begins_with(sk, :a))"
        request["ExpressionAttributeValues"] |= {":s": {"S": items.STATE}, ":a": {"S": items.ACCEPTED}}
        return items.pages(self._client.scan, **request)


def _read(
    found: list[items.Item],
) -> tuple[State | None, Mapping[str, tuple[Accepted, datetime | None]]]:
    states = [state_of(item) for item in found if text(item, "sk") == items.STATE]
    accepted = {
        text(item, "sk").removeprefix(items.ACCEPTED): (
            accepted_codec.decode(text(item, "doc")),
            _moment(items.number(item, "at")),
        )
        for item in found
        if text(item, "sk") != items.STATE
    }
    return (states[0] if states else None), accepted


def _moment(seconds: int) -> datetime | None:
    """Return a moment; None for a record from before it was noted."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None

"""Everyone of a shop at once: a parallel Scan for training, away from the online path."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Final

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import text
from nextorder.adapters.dynamodb.records import fact_of, record_of
from nextorder.domain.facts import StoredFact
from nextorder.ports import CustomerRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SEGMENTS: Final = 8
"""Read side by side: one waits for the network while another is decoded."""
_PLACE: Final = "order#"


class DynamoCensus:
    """
    ports.Census: eventually consistent, at half the price of the online reads.

    NOTE: segments are ranges of the partition key's hash, so a customer's items come together in one.
    What destinations have accepted stays in the table.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def take(
        self,
        shop: str,
        *,
        wanted: Callable[[str], bool],
        note: Callable[[str, CustomerRecord], None],
        place: Callable[[Sequence[StoredFact]], None] | None = None,
    ) -> None:
        """
        Read all segments; who is not wanted is not decoded. The first failure ends it.

        `place` is called, one call at a time, with what stands at each order's own place: a
        guest's order with its refunds, or what waits for an order.
        """
        one_at_a_time = Lock()

        def read(segment: int) -> None:
            for customer, partition in self._segment(shop, segment, places=place is not None):
                if customer.startswith(_PLACE):
                    facts = [fact_of(item) for item in partition if fact_codec.is_fact(text(item, "sk"))]
                    with one_at_a_time:
                        if place and facts:
                            place(facts)
                    continue
                with one_at_a_time:
                    is_wanted = wanted(customer)
                if is_wanted:
                    record = record_of(customer, partition)
                    with one_at_a_time:
                        note(customer, record)

        with ThreadPoolExecutor(_SEGMENTS) as pool:
            for _ in pool.map(read, range(_SEGMENTS)):
                pass

    def _segment(self, shop: str, segment: int, *, places: bool) -> Iterator[tuple[str, list[items.Item]]]:
        request = items.of_everyone(self._table, shop) | {"Segment": segment, "TotalSegments": _SEGMENTS}
        request["FilterExpression"] += " AND NOT begins_with(sk, :a)"
        request["ExpressionAttributeValues"] |= {":a": {"S": items.ACCEPTED}}
        if places:
            # an order that a customer has leaves its owner there, which says nothing to a count
            request["FilterExpression"] = "begins_with(pk, :p) AND NOT begins_with(pk, :f)"
            request["FilterExpression"] += " AND NOT begins_with(sk, :a) AND sk <> :o"
            request["ExpressionAttributeValues"] |= {":o": {"S": items.OWNER}}
        scan = items.pages(self._client.scan, **request)
        for pk, partition in groupby(scan, key=lambda item: text(item, "pk")):
            yield pk.removeprefix(f"{shop}#"), list(partition)

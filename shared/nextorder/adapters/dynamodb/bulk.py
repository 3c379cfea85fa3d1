"""Many facts and states at once, for an import: together where it fits, one by one where it clashes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, cast

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.items import customer_key, order_key, row, text
from nextorder.adapters.dynamodb.records import record_of
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Order, OrderFact, StoredFact
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoBulk:
    """
    ports.BulkFacts: 100 conditional writes a request instead of one.

    A transaction costs twice the write units and saves 99 round trips; an import is rare.
    """

    def __init__(self, client: "DynamoDBClient", table: str, customers: DynamoCustomers) -> None:
        self._client = client
        self._table = table
        self._customers = customers

    def store_all(self, shop: str, facts: Mapping[str, Sequence[StoredFact]]) -> None:
        """Store facts by customer, each only if newer; several customers share a request."""
        for part in items.parts([(customer, fact) for customer, own in facts.items() for fact in own]):
            puts = [
                self._customers.put_if_newer(customer_key(shop, customer), fact) for customer, fact in part
            ]
            if not items.put_where_allowed(self._client, self._table, puts):
                for customer, own in groupby(part, key=itemgetter(0)):
                    self._customers.store_newer(shop, customer, [fact for _, fact in own])

    def own_all(self, shop: str, orders: Sequence[Order]) -> Sequence[Order]:
        """Write whose the orders are; return those of which something else is known already."""
        contested: list[Order] = []
        for part in items.parts(orders):
            if not items.put_together(self._client, self._table, [_owner(shop, order) for order in part]):
                contested += [order for order in part if not self._own(shop, order)]
        return contested

    def waiting(self, shop: str) -> Iterator[OrderFact]:
        """Yield facts that wait at an order's place for their customer."""
        scan = items.pages(
            self._client.scan,
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="begins_with(pk, :o) AND sk <> :w",
            ExpressionAttributeValues={":o": {"S": f"{shop}#order#"}, ":w": {"S": items.OWNER}},
        )
        for item in scan:
            if not text(item, "sk").startswith("order#"):
                yield cast("OrderFact", fact_codec.decode(text(item, "sk"), text(item, "doc")))

    def segment(self, shop: str, number: int, of: int) -> Iterator[tuple[str, CustomerRecord]]:
        """
        Yield the customers of one of so many segments of the table, strongly consistent.

        NOTE: segments are ranges of the partition key's hash, so a customer's items come together in one.
        """
        request = items.of_everyone(self._table, shop) | {"ConsistentRead": True}
        scan = items.pages(self._client.scan, **request, Segment=number, TotalSegments=of)
        for pk, partition in groupby(scan, key=lambda item: text(item, "pk")):
            customer = pk.removeprefix(f"{shop}#")
            yield customer, record_of(customer, list(partition))

    def save_states(self, shop: str, states: Mapping[str, State]) -> Sequence[str]:
        """Write states in place of those before them; return whose moved on meanwhile."""
        moved_on: list[str] = []
        for part in items.parts(list(states)):
            puts = [
                {
                    "Item": self._customers.state_item(shop, customer, states[customer]),
                    **items.unmoved(states[customer].version - 1),
                }
                for customer in part
            ]
            if not items.put_together(self._client, self._table, puts):
                moved_on += [one for one in part if not self._save(shop, one, states[one])]
        return moved_on

    def _own(self, shop: str, order: Order) -> bool:
        return items.put_together(self._client, self._table, [_owner(shop, order)])

    def _save(self, shop: str, customer: str, state: State) -> bool:
        try:
            self._customers.save_state(shop, customer, state, replaces=state.version - 1)
        except VersionConflict:
            return False
        return True


def _owner(shop: str, order: Order) -> items.Item:
    """Return the request that writes an order's owner where none, or the same one, is known."""
    return {
        "Item": row(
            order_key(shop, order.id), items.OWNER, customer=order.customer, newest=version_of(order)
        ),
        "ConditionExpression": (
            "attribute_not_exists(pk) OR (customer = :c AND newest <= :n AND attribute_not_exists(former))"
        ),
        "ExpressionAttributeValues": {
            ":c": {"S": order.customer or ""},
            ":n": {"S": version_of(order)},
        },
    }

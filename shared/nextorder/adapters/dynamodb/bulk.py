"""Many facts and states at once, for an import: together where it fits, one by one where it clashes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.items import customer_key, order_key, row, text
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import OrderFact, StoredFact
from nextorder.domain.verdict import State

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

    def store_all(self, shop: str, customer: str, facts: Sequence[StoredFact]) -> None:
        """Store one customer's facts, each only if newer."""
        for part in items.parts(facts):
            puts = [self._customers.put_if_newer(customer_key(shop, customer), fact) for fact in part]
            if not items.put_together(self._client, self._table, puts):
                self._customers.store_newer(shop, customer, part)

    def own_all(self, shop: str, owners: Mapping[str, str | None]) -> None:
        """Write whose the orders are."""
        requests: list[items.Item] = [
            {"PutRequest": {"Item": row(order_key(shop, order), items.OWNER, customer=customer)}}
            for order, customer in owners.items()
        ]
        items.write_all(self._client, self._table, requests)

    def waiting(self, shop: str) -> Iterator[OrderFact]:
        """Yield facts that wait at an order's place for their customer."""
        scan = items.pages(
            self._client.scan,
            TableName=self._table,
            FilterExpression="begins_with(pk, :o) AND sk <> :w",
            ExpressionAttributeValues={":o": {"S": f"{shop}#order#"}, ":w": {"S": items.OWNER}},
        )
        for item in scan:
            if not text(item, "sk").startswith("order#"):
                yield cast("OrderFact", fact_codec.decode(text(item, "sk"), text(item, "doc")))

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

    def _save(self, shop: str, customer: str, state: State) -> bool:
        try:
            self._customers.save_state(shop, customer, state, replaces=state.version - 1)
        except VersionConflict:
            return False
        return True

"""Many facts at once, for an import: transactions where they fit, one by one where they clash."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.exceptions import ClientError

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.items import customer_key, order_key, row, text
from nextorder.domain.facts import OrderFact, StoredFact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_AT_ONCE: Final = 100
"""Actions in one DynamoDB transaction."""


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
        for start in range(0, len(facts), _AT_ONCE):
            part = facts[start : start + _AT_ONCE]
            if not self._try_together(customer_key(shop, customer), part):
                for fact in part:
                    self._customers.store(shop, customer, fact)

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

    def _try_together(self, pk: str, facts: Sequence[StoredFact]) -> bool:
        actions: list[Any] = [
            {"Put": {"TableName": self._table, **self._customers.put_if_newer(pk, fact)}} for fact in facts
        ]
        try:
            self._client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise
        return True

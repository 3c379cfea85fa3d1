"""Take everything of a customer or a shop out of the table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import customer_key, key, order_key, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Eraser:
    """ports.Eraser; safe to repeat."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def erase_customer(self, shop: str, customer: str) -> None:
        """
        Delete a customer's facts, state and contact, and their orders' places.

        What destinations accepted stays: their publishers need it to take back what they wrote,
        and delete it then.
        """
        pk = customer_key(shop, customer)
        own = [item for item in self._partition(pk) if not text(item, "sk").startswith(items.ACCEPTED)]
        orders = [text(item, "sk").removeprefix("order#") for item in own if _is_order(item)]
        places = [item for order in orders for item in self._partition(order_key(shop, order))]
        # places first: while the customer's orders are there, a repeated call finds them again
        self._delete(places)
        self._delete(own)

    def erase_shop(self, shop: str) -> None:
        """Delete every item of a shop, settings included."""
        scan = items.pages(
            self._client.scan,
            TableName=self._table,
            FilterExpression="begins_with(pk, :p) OR pk = :s OR sk = :s",
            ExpressionAttributeValues={":p": {"S": f"{shop}#"}, ":s": {"S": shop}},
            ProjectionExpression="pk, sk",
        )
        self._delete(scan)

    def _partition(self, pk: str) -> list[items.Item]:
        return list(
            items.pages(
                self._client.query,
                TableName=self._table,
                KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": pk}},
                ProjectionExpression="pk, sk",
                ConsistentRead=True,
            )
        )

    def _delete(self, found: Iterable[items.Item]) -> None:
        requests: list[Any] = [
            {"DeleteRequest": {"Key": key(text(item, "pk"), text(item, "sk"))}} for item in found
        ]
        items.write_all(self._client, self._table, requests)


def _is_order(item: items.Item) -> bool:
    return text(item, "sk").startswith("order#")

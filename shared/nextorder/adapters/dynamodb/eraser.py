"""Take everything of a customer or a shop out of the table."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import customer_key, key, order_key, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


ORDER: Final = "order#"
ABSORBED: Final = "absorbed#"


class Eraser:
    """ports.Eraser; safe to repeat."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def absorbed(self, shop: str, customer: str) -> list[str]:
        """Name the records that were merged into a customer's, while the customer's own is there."""
        return _absorbed(self._partition(customer_key(shop, customer)))

    def erase_customer(self, shop: str, customer: str, orders: Sequence[str] = ()) -> None:
        """
        Delete a customer's facts, state and contact, their orders' places, and records merged into them.

        Of `orders` also those whose owner never became known: what waits there names the order.

        What destinations accepted stays: their publishers need it to take back what they wrote,
        and delete it then.
        """
        own = self._deletable(customer_key(shop, customer))
        gone = _absorbed(own)
        known = {*orders, *_named(own, ORDER)}
        # the rest first: while the customer's own items are there, a repeated call finds it again
        handed_on = _named(own, items.HANDED_ON)
        for other in gone:
            theirs = self._deletable(customer_key(shop, other))
            handed_on += _named(theirs, items.HANDED_ON)
            self._delete(theirs)
        for order in sorted(known):
            if self._owner(shop, order) in {"", customer, *gone}:
                self._delete(self._partition(order_key(shop, order)))
        for order in handed_on:
            self._forget_former_owners(shop, order)
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

    def _deletable(self, pk: str) -> list[items.Item]:
        return [item for item in self._partition(pk) if not text(item, "sk").startswith(items.ACCEPTED)]

    def _forget_former_owners(self, shop: str, order: str) -> None:
        """Take former owners off an order that is somebody else's, or a guest's, now."""
        if "former" in self._place(shop, order):
            place = key(order_key(shop, order), items.OWNER)
            self._client.update_item(TableName=self._table, Key=place, UpdateExpression="REMOVE former")

    def _owner(self, shop: str, order: str) -> str:
        """Return whose an order is; "" where nobody has claimed it."""
        return text(self._place(shop, order), "customer")

    def _place(self, shop: str, order: str) -> items.Item:
        place = key(order_key(shop, order), items.OWNER)
        found = self._client.get_item(TableName=self._table, Key=place, ConsistentRead=True)
        return dict(found.get("Item", {}))

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


def _absorbed(partition: Iterable[items.Item]) -> list[str]:
    return _named(partition, ABSORBED)


def _named(partition: Iterable[items.Item], prefix: str) -> list[str]:
    held = (text(item, "sk") for item in partition)
    return [sk.removeprefix(prefix) for sk in held if sk.startswith(prefix)]

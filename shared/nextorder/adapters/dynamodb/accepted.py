"""What each destination last took, one item a destination, written by its publisher alone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import customer_key, key, row, text
from nextorder.domain.changes import Accepted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAccepted:
    """ports.AcceptedStore beside the facts: neither contends with the scorer nor wakes the fan-out."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def load(self, shop: str, customer: str, destination: str) -> Accepted | None:
        """Read what the destination last took; None = nothing yet."""
        reply = self._client.get_item(
            TableName=self._table, Key=self._key(shop, customer, destination), ConsistentRead=True
        )
        return document.decode(Accepted, text(reply["Item"], "doc")) if "Item" in reply else None

    def save(self, shop: str, customer: str, destination: str, accepted: Accepted) -> None:
        """Write what the destination now has."""
        self._client.put_item(TableName=self._table, Item=_item(shop, customer, destination, accepted))

    def save_all(self, shop: str, destination: str, accepted: Mapping[str, Accepted]) -> None:
        """Write what the destination now has of many."""
        requests: list[items.Item] = [
            {"PutRequest": {"Item": _item(shop, customer, destination, one)}}
            for customer, one in accepted.items()
        ]
        items.write_all(self._client, self._table, requests)

    def delete(self, shop: str, customer: str, destination: str) -> None:
        """Forget what the destination has: nothing of ours is left there."""
        self._client.delete_item(TableName=self._table, Key=self._key(shop, customer, destination))

    def _key(self, shop: str, customer: str, destination: str) -> items.Item:
        return key(customer_key(shop, customer), items.ACCEPTED + destination)


def _item(shop: str, customer: str, destination: str, accepted: Accepted) -> items.Item:
    return row(customer_key(shop, customer), items.ACCEPTED + destination, doc=document.encode(accepted))

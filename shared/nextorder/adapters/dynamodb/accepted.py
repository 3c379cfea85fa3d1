"""What each destination last took, one item a destination, written by its publisher alone."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from nextorder.adapters.dynamodb import accepted_codec, items
from nextorder.adapters.dynamodb.holders import DynamoHolders
from nextorder.adapters.dynamodb.items import customer_key, key, row, text
from nextorder.domain.changes import Accepted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_LOST_SECONDS: Final = 30 * 86_400
"""So long is known what a destination does not let us take back; the table then forgets it."""


class DynamoAccepted:
    """ports.AcceptedStore beside the facts: neither contends with the scorer nor wakes the fan-out."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def load(self, shop: str, customer: str, destination: str) -> Accepted | None:
        """Read what the destination last took; None = nothing yet."""
        reply = self._client.get_item(
            TableName=self._table, Key=self._key(shop, customer, destination), ConsistentRead=True
        )
        return accepted_codec.decode(text(reply["Item"], "doc")) if "Item" in reply else None

    def save(self, shop: str, customer: str, destination: str, accepted: Accepted) -> None:
        """Write what the destination now has."""
        self._client.put_item(TableName=self._table, Item=self._item(shop, customer, destination, accepted))

    def save_all(
        self, shop: str, destination: str, news: Mapping[str, tuple[Accepted | None, Accepted]]
    ) -> Sequence[str]:
        """Write what the destination now has of many, 100 a transaction; return who had moved on."""
        moved_on: list[str] = []
        for part in items.parts(list(news)):
            puts = [self._replacing(shop, one, destination, *news[one]) for one in part]
            if not items.put_together(self._client, self._table, puts):
                clashes = zip(part, puts, strict=True)
                moved_on += [
                    one for one, put in clashes if not items.put_together(self._client, self._table, [put])
                ]
        return moved_on

    def delete(self, shop: str, customer: str, destination: str) -> None:
        """Forget what the destination has, and whom there the customer stood for: nothing of ours is left."""
        place = self._key(shop, customer, destination)
        reply = self._client.delete_item(TableName=self._table, Key=place, ReturnValues="ALL_OLD")
        if old := reply.get("Attributes"):
            self._let_go(shop, customer, destination, accepted_codec.decode(text(old, "doc")))

    def _let_go(self, shop: str, customer: str, destination: str, old: Accepted) -> None:
        if old.remote_id:
            holders = DynamoHolders(self._client, self._table)
            holders.release(shop, destination, old.remote_id, held_by=customer)

    def _replacing(
        self, shop: str, customer: str, destination: str, held: Accepted | None, now: Accepted
    ) -> items.Item:
        """Return the request that writes only over what was read."""
        item = self._item(shop, customer, destination, now)
        if held is None:
            return {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        return {
            "Item": item,
            "ConditionExpression": "digest = :held OR (attribute_not_exists(digest) AND doc = :doc)",
            "ExpressionAttributeValues": {
                ":held": {"S": accepted_codec.digest(held)},
                ":doc": {"S": accepted_codec.encode(held)},
            },
        }

    def _item(self, shop: str, customer: str, destination: str, accepted: Accepted) -> items.Item:
        return row(
            customer_key(shop, customer),
            items.ACCEPTED + destination,
            doc=accepted_codec.encode(accepted),
            digest=accepted_codec.digest(accepted),
            at=int(self._clock()),
            expires_at=int(self._clock()) + _LOST_SECONDS if accepted.is_lost else None,
        )

    def _key(self, shop: str, customer: str, destination: str) -> items.Item:
        return key(customer_key(shop, customer), items.ACCEPTED + destination)

"""The last test delivery of a shop that came through; apart, since it is imported online."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nextorder.adapters.dynamodb.items import Item, key, row, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PING: Final = "ping"
_PING_SECONDS: Final = 86_400


class DynamoPings:
    """ports.Pings; one item of the shop, gone after a day."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def note(self, shop: str, ping: str) -> None:
        """Write which one came last."""
        item: Item = row(shop, PING, ping=ping, expires_at=int(self._clock()) + _PING_SECONDS)
        self._client.put_item(TableName=self._table, Item=item)

    def last(self, shop: str) -> str:
        """Read which one came last, strongly consistent; empty = none did."""
        reply = self._client.get_item(TableName=self._table, Key=key(shop, PING), ConsistentRead=True)
        return text(reply.get("Item", {}), "ping")

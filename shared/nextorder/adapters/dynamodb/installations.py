"""What `connect` has settled and made in a shop, and the last test delivery that came through."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.domain.installation import Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RECORD: Final = "installation"
_PING: Final = "ping"
_SEGMENT: Final = "segment#"
_PING_SECONDS: Final = 86_400


class DynamoRecords:
    """ports.Records: one item of the shop, each segment's id an attribute of its own."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def load(self, shop: str) -> Record:
        """Read it, strongly consistent; an empty one where nothing was ever installed."""
        reply = self._client.get_item(TableName=self._table, Key=key(shop, _RECORD), ConsistentRead=True)
        item = reply.get("Item", {})
        return Record(
            uri=text(item, "uri"),
            in_app=text(item, "in_app") == "yes",
            segments={
                name.removeprefix(_SEGMENT): text(item, name)
                for name in sorted(item)
                if name.startswith(_SEGMENT)
            },
        )

    def settle(self, shop: str, *, uri: str, in_app: bool) -> None:
        """Write where webhooks go, beside the segments' ids."""
        self._update(
            shop,
            UpdateExpression="SET uri = :uri, in_app = :in_app",
            ExpressionAttributeValues={":uri": {"S": uri}, ":in_app": {"S": "yes" if in_app else "no"}},
        )

    def keep_segment(self, shop: str, name: str, id_: str) -> None:
        """Write or drop one segment's id; nothing else is touched."""
        names = {"#name": f"{_SEGMENT}{name}"}
        if not id_:
            self._update(shop, UpdateExpression="REMOVE #name", ExpressionAttributeNames=names)
            return
        self._update(
            shop,
            UpdateExpression="SET #name = :id",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":id": {"S": id_}},
        )

    def drop(self, shop: str) -> None:
        """Delete the record and what is left of test deliveries."""
        for name in (_RECORD, _PING):
            self._client.delete_item(TableName=self._table, Key=key(shop, name))

    def _update(self, shop: str, **request: Any) -> None:
        self._client.update_item(TableName=self._table, Key=key(shop, _RECORD), **request)


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
        item: Item = row(shop, _PING, ping=ping, expires_at=int(self._clock()) + _PING_SECONDS)
        self._client.put_item(TableName=self._table, Item=item)

    def last(self, shop: str) -> str:
        """Read which one came last, strongly consistent; empty = none did."""
        reply = self._client.get_item(TableName=self._table, Key=key(shop, _PING), ConsistentRead=True)
        return text(reply.get("Item", {}), "ping")

"""What `connect` has settled and made in a shop."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nextorder.adapters.dynamodb.items import Item, key, refused_condition, text
from nextorder.adapters.dynamodb.pings import PING
from nextorder.domain.installation import Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RECORD: Final = "installation"
_SEGMENT: Final = "segment#"
_LIST: Final = "list#"


class DynamoRecords:
    """
    ports.ListRecords: one item of the shop, each segment's and list's id an attribute of its own.

    `place` names where else than in the shop itself things were made.
    """

    def __init__(self, client: "DynamoDBClient", table: str, *, place: str = "") -> None:
        self._client = client
        self._table = table
        self._sort_key = f"{_RECORD}#{place}" if place else _RECORD
        self._dropped_with_it = (self._sort_key,) if place else (self._sort_key, PING)

    def load(self, shop: str) -> Record:
        """Read it, strongly consistent; an empty one where nothing was ever installed."""
        reply = self._client.get_item(
            TableName=self._table, Key=key(shop, self._sort_key), ConsistentRead=True
        )
        item = reply.get("Item", {})
        return Record(
            uri=text(item, "uri"),
            in_app=text(item, "in_app") == "yes",
            segments=_named(item, _SEGMENT),
            lists=_named(item, _LIST),
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
        if id_:
            self._keep(shop, _SEGMENT + name, id_)
            return
        names = {"#name": _SEGMENT + name}
        self._update(shop, UpdateExpression="REMOVE #name", ExpressionAttributeNames=names)

    def keep_list(self, shop: str, name: str, id_: str) -> None:
        """Write one list's id; nothing else is touched."""
        self._keep(shop, _LIST + name, id_)

    def lose_list(self, shop: str, name: str, id_: str) -> None:
        """Drop one list's id if it is still this one: whoever found it gone may be late."""
        try:
            self._update(
                shop,
                UpdateExpression="REMOVE #name",
                ConditionExpression="#name = :id",
                ExpressionAttributeNames={"#name": _LIST + name},
                ExpressionAttributeValues={":id": {"S": id_}},
            )
        except ClientError as error:
            if not refused_condition(error):
                raise

    def drop(self, shop: str) -> None:
        """Delete the record and what is left of test deliveries."""
        for name in self._dropped_with_it:
            self._client.delete_item(TableName=self._table, Key=key(shop, name))

    def _keep(self, shop: str, attribute: str, id_: str) -> None:
        self._update(
            shop,
            UpdateExpression="SET #name = :id",
            ExpressionAttributeNames={"#name": attribute},
            ExpressionAttributeValues={":id": {"S": id_}},
        )

    def _update(self, shop: str, **request: Any) -> None:
        self._client.update_item(TableName=self._table, Key=key(shop, self._sort_key), **request)


def _named(item: Item, prefix: str) -> Mapping[str, str]:
    """Return the ids of one kind by name, sorted by it."""
    names = sorted(name for name in item if name.startswith(prefix))
    return {name.removeprefix(prefix): text(item, name) for name in names}

"""How far a shop's pass over everyone is, and the sizes of its segments: two items of the shop."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.domain.passes import Pass, SegmentSizes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SWEEP: Final = "sweep"
_SIZES: Final = "sizes"
_RECKONED_AT: Final = "reckoned_at"


class DynamoPasses(Progress[Pass]):
    """ports.Passes."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        super().__init__(client, table, sort_key=_SWEEP, kind=Pass)


class DynamoSizes:
    """
    ports.Sizes: one number a segment, each an attribute of its own.

    The stream delivers at least once: a repeated batch counts twice until the next pass over
    everyone. A pass counts each customer as it looks at them and replaces the counts at its
    end, so they are then off by what orders and time changed after a customer's turn: less than a
    day's changes.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self, shop: str) -> SegmentSizes | None:
        """Read the sizes; None until they have been reckoned once."""
        item = _item(self._client, self._table, key(shop, _SIZES))
        if item is None:
            return None
        counts = {name: items.number(item, name) for name, value in item.items() if "N" in value}
        return SegmentSizes(counts=counts, reckoned_at=datetime.fromisoformat(text(item, _RECKONED_AT)))

    def add(self, shop: str, changes: Mapping[str, int]) -> None:
        """Count on in one request; of a shop that was not reckoned yet, or is gone, nothing is kept."""
        if not changes:
            return
        names = list(changes)
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(shop, _SIZES),
                UpdateExpression="ADD " + ", ".join(f"#n{i} :n{i}" for i in range(len(names))),
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={f"#n{i}": name for i, name in enumerate(names)},
                ExpressionAttributeValues={
                    f":n{i}": {"N": str(changes[name])} for i, name in enumerate(names)
                },
            )
        except ClientError as error:
            if not items.refused_condition(error):
                raise

    def reckon(self, shop: str, sizes: SegmentSizes) -> None:
        """Replace all counts."""
        said: Mapping[str, Any] = {**sizes.counts, _RECKONED_AT: sizes.reckoned_at.isoformat()}
        self._client.put_item(TableName=self._table, Item=row(shop, _SIZES, **said))


def _item(client: "DynamoDBClient", table: str, place: Item) -> Item | None:
    reply = client.get_item(TableName=table, Key=place, ConsistentRead=True)
    return dict(reply["Item"]) if "Item" in reply else None

"""Which destinations deny us access: one item of the shop for each."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import key, row, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DENIED: Final = "denied#"


class DynamoDenials:
    """ports.Denials, strongly consistent."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def note(self, shop: str, destination: str, at: datetime) -> None:
        """Write when it last was."""
        item = row(shop, _DENIED + destination, last=at.isoformat())
        self._client.put_item(TableName=self._table, Item=item)

    def standing(self, shop: str) -> Mapping[str, datetime]:
        """Read all notes of a shop in one request."""
        found = items.beside(self._client, self._table, shop, _DENIED, ConsistentRead=True)
        return {
            text(one, "sk").removeprefix(_DENIED): datetime.fromisoformat(text(one, "last")) for one in found
        }

    def lift(self, shop: str, destination: str, *, last: datetime) -> None:
        """Forget what was read; what was noted since stays."""
        items.delete_if(
            self._client,
            self._table,
            key(shop, _DENIED + destination),
            ConditionExpression="#l = :l",
            ExpressionAttributeNames={"#l": "last"},
            ExpressionAttributeValues={":l": {"S": last.isoformat()}},
        )

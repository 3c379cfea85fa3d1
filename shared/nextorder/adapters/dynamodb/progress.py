"""How far a long job of a shop is: one item, written in place of what was read."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from botocore.exceptions import ClientError

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import key, row, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


class Progress(Generic[T]):
    """
    One document a shop.

    Args:
        client: Of DynamoDB.
        table: Name of the table.
        sort_key: The item's place beside the shop's others.
        kind: The dataclass that is kept.
    """

    def __init__(self, client: "DynamoDBClient", table: str, *, sort_key: str, kind: type[T]) -> None:
        self._client = client
        self._table = table
        self._sort_key = sort_key
        self._kind = kind

    def load(self, shop: str) -> T | None:
        """Read where the job stands; None = it never began."""
        held = self._text(shop)
        return document.decode(self._kind, held) if held else None

    def save(self, shop: str, now: T, *, replaces: T | None) -> bool:
        """Write where it stands in place of what was read; False when another tick was quicker."""
        held = self._text(shop) if replaces else ""
        # compared as this release reads it: a later one may have written more
        if replaces and not (held and self._reads_as(held, replaces)):
            return False
        condition: Any = {
            "ConditionExpression": "doc = :held",
            "ExpressionAttributeValues": {":held": {"S": held}},
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=row(shop, self._sort_key, doc=document.encode(now)),
                **(condition if held else {"ConditionExpression": "attribute_not_exists(pk)"}),
            )
        except ClientError as error:
            if items.refused_condition(error):
                return False
            raise
        return True

    def _text(self, shop: str) -> str:
        place = key(shop, self._sort_key)
        reply = self._client.get_item(TableName=self._table, Key=place, ConsistentRead=True)
        return text(reply["Item"], "doc") if "Item" in reply else ""

    def _reads_as(self, held: str, replaces: T) -> bool:
        return document.encode(document.decode(self._kind, held)) == document.encode(replaces)

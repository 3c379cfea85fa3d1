"""The bulk job that a destination has under way for a shop: an item of the shop, or a few, packed."""

import time
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row
from nextorder.domain.changes import BulkJob

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_JOB: Final = "bulk-job#"
_KEPT_SECONDS: Final = 8 * 86_400
"""A day longer than Shopify keeps the results."""
_PART_BYTES: Final = 350_000
"""Of the 400 KB that an item may have."""


class DynamoBulkJobs:
    """
    ports.BulkJobs; ten thousand rows are about 150 KB of Shopify's, and up to 500 of Klaviyo's.

    Of what one item cannot hold the parts are written before the item that makes it a job.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def load(self, shop: str, destination: str) -> BulkJob | None:
        """Read the job that is under way; None = there is none."""
        place = key(shop, _JOB + destination)
        reply = self._client.get_item(TableName=self._table, Key=place, ConsistentRead=True)
        if "Item" not in reply:
            return None
        head = reply["Item"]
        packed = head["packed"]["B"]
        for part in self._parts(shop, destination, items.text(head, "job")):
            packed += part["packed"]["B"]
        try:
            return document.decode(BulkJob, zlib.decompress(packed).decode())
        except zlib.error:
            # whoever drops it begins with what was read first
            return None

    def keep(self, shop: str, destination: str, job: BulkJob) -> bool:
        """Write a job down; False while there is another."""
        packed = zlib.compress(document.encode(job).encode())
        first, *more = (packed[start : start + _PART_BYTES] for start in range(0, len(packed), _PART_BYTES))
        for number, part in enumerate(more):
            place = f"{_part_of(destination, job.name)}{number:03}"
            self._client.put_item(TableName=self._table, Item=self._item(shop, place, job, part))
        try:
            self._client.put_item(
                TableName=self._table,
                Item=self._item(shop, _JOB + destination, job, first),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if items.refused_condition(error):
                self._drop_parts(shop, destination, job)
                return False
            raise
        return True

    def drop(self, shop: str, destination: str, job: BulkJob) -> None:
        """Forget a job, unless there is another by now."""
        items.delete_if(
            self._client,
            self._table,
            key(shop, _JOB + destination),
            ConditionExpression="job = :j",
            ExpressionAttributeValues={":j": {"S": job.name}},
        )
        self._drop_parts(shop, destination, job)

    def _drop_parts(self, shop: str, destination: str, job: BulkJob) -> None:
        for part in self._parts(shop, destination, job.name, ProjectionExpression="pk, sk"):
            self._client.delete_item(TableName=self._table, Key={"pk": part["pk"], "sk": part["sk"]})

    def _parts(self, shop: str, destination: str, name: str, **more: Any) -> Iterator[Item]:
        """Yield what of a job its first item does not hold."""
        prefix = _part_of(destination, name)
        return items.beside(self._client, self._table, shop, prefix, ConsistentRead=True, **more)

    def _item(self, shop: str, place: str, job: BulkJob, part: bytes) -> Item:
        item = row(shop, place, job=job.name, expires_at=int(self._clock()) + _KEPT_SECONDS)
        item["packed"] = {"B": part}
        return item


def _part_of(destination: str, name: str) -> str:
    return f"{_JOB}{destination}#{name}#"

"""The bulk job that a destination has under way for a shop: one item of the shop, packed."""

import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import key, row
from nextorder.domain.changes import BulkJob

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_JOB: Final = "bulk-job#"
_KEPT_SECONDS: Final = 8 * 86_400
"""A day longer than Shopify keeps the results."""


class DynamoBulkJobs:
    """ports.BulkJobs; ten thousand rows are about 150 KB of the 400 that an item may have."""

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
        return document.decode(BulkJob, zlib.decompress(reply["Item"]["packed"]["B"]).decode())

    def keep(self, shop: str, destination: str, job: BulkJob) -> bool:
        """Write a job down; False while there is another."""
        item = row(shop, _JOB + destination, job=job.name, expires_at=int(self._clock()) + _KEPT_SECONDS)
        item["packed"] = {"B": zlib.compress(document.encode(job).encode())}
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except ClientError as error:
            if items.refused_condition(error):
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

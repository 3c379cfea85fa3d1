"""The immutable score log: every published score as gzip lines in S3, under the stream's own sequence."""

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nextorder.adapters.dynamodb.items import number, text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ScoreLog:
    """
    Rows carry `log_key`, random bits that stand on the customer's state item alone.

    Deleting that item makes the log anonymous, without touching it.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, records: Sequence[Mapping[str, Any]]) -> int:
        """
        Write the states of a batch of stream records; return how many.

        The key is the first record's sequence number: a retry of the batch overwrites itself.
        """
        rows = [_row(record["dynamodb"]["NewImage"]) for record in records if _is_new(record)]
        if not rows:
            return 0
        first = records[0]["dynamodb"]
        lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"scores/{first['SequenceNumber']}.jsonl.gz",
            # mtime 0: the same rows are the same bytes
            Body=gzip.compress(lines.encode(), mtime=0),
        )
        return len(rows)


def _is_new(record: Mapping[str, Any]) -> bool:
    images = record.get("dynamodb", {})
    return "NewImage" in images and text(images["NewImage"], "shown") != text(
        images.get("OldImage", {}), "shown"
    )


def _row(image: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "log_key": text(image, "log_key"),
        "shop": text(image, "pk").split("#")[0],
        "version": number(image, "version"),
        "verdict": json.loads(text(image, "doc")),
    }

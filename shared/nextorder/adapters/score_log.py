"""The immutable score log: every published score as gzip lines in S3, by shop, day and place in it."""

import gzip
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nextorder.adapters.dynamodb.items import number, text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER: Final = "scores"


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
        Write the states of a batch of stream records, an object for each shop and day; return how many.

        An object is named by what it was made from, the first and the last record, and is never
        written over: a retry of the batch finds it there, and one that was cut elsewhere is an
        object beside it, whose rows are there twice.
        """
        rows = defaultdict(list)
        for record in filter(_is_new, records):
            row = _row(record["dynamodb"]["NewImage"])
            # a batch is gathered for minutes, and may hold the end of a week and the next one's begin
            rows[folder_of(row["shop"], _day(record))].append(row)
        for folder, own in rows.items():
            self._put(f"{folder}{_name(records)}", own)
        return sum(map(len, rows.values()))

    def _put(self, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
        lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                # mtime 0: the same rows are the same bytes
                Body=gzip.compress(lines.encode(), mtime=0),
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "PreconditionFailed":
                raise


def folder_of(shop: str, day: date) -> str:
    """Return where a day's objects lie: the UTC day on which the states were written."""
    return f"{FOLDER}/{shop}/{day.isoformat()}/"


def _day(record: Mapping[str, Any]) -> date:
    return datetime.fromtimestamp(float(record["dynamodb"]["ApproximateCreationDateTime"]), UTC).date()


def _name(records: Sequence[Mapping[str, Any]]) -> str:
    first, last = records[0]["dynamodb"], records[-1]["dynamodb"]
    return f"{first['SequenceNumber']}-{last['SequenceNumber']}.jsonl.gz"


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

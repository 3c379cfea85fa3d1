"""archive_scores on its own: a row a changed verdict, and a retry that overwrites itself."""

import gzip
import json
from collections.abc import Callable
from typing import Any

from tests.system.cloud import Cloud

Event = Callable[[str], Any]


def test_a_changed_verdict_becomes_one_row_without_the_customers_id(cloud: Cloud, event: Event) -> None:
    batch = event("archive_scores")
    [record] = batch["Records"]
    key = f"scores/{record['dynamodb']['SequenceNumber']}.jsonl.gz"

    cloud.invoke("ArchiveScores", batch)
    written = cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read()
    cloud.invoke("ArchiveScores", batch)

    [row] = gzip.decompress(written).decode().splitlines()
    assert json.loads(row)["log_key"] == record["dynamodb"]["NewImage"]["log_key"]["S"]
    assert json.loads(row)["verdict"]["segments"]["life"]["value"] == "repeat"
    assert "7001" not in row
    assert cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read() == written


def test_a_state_that_shows_the_same_is_no_row(cloud: Cloud, event: Event) -> None:
    batch = event("archive_scores")
    [record] = batch["Records"]
    record["dynamodb"]["SequenceNumber"] = "1"
    record["dynamodb"]["OldImage"]["shown"] = record["dynamodb"]["NewImage"]["shown"]

    cloud.invoke("ArchiveScores", batch)

    assert "scores/1.jsonl.gz" not in cloud.objects("scores/")

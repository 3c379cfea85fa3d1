"""archive_scores on its own: a row a changed verdict, a retry that finds itself, segments counted on."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.passes import DynamoSizes
from nextorder.domain.passes import CUSTOMERS, SegmentSizes
from tests.functions.files import ANNA, told_of
from tests.system.cloud import Cloud
from tests.system.shops import EVENTS, TOLD

Event = Callable[[str], Any]


def test_a_changed_verdict_becomes_one_row_without_the_customers_id(cloud: Cloud, event: Event) -> None:
    batch = event("archive_scores")
    [record] = batch["Records"]
    key = key_of(EVENTS, "2026-11-20", record)

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

    assert key_of(EVENTS, "2026-11-20", record) not in cloud.objects("scores/")


def test_a_score_comes_by_day_and_shop_and_what_is_logged_is_never_written_over(
    cloud: Cloud, event: Event
) -> None:
    batch = told_of(event("archive_scores"), ANNA, TOLD)
    [record] = batch["Records"]
    record["dynamodb"]["ApproximateCreationDateTime"] += 86_400
    key = key_of(TOLD, "2026-11-21", record)
    cloud.invoke("ArchiveScores", batch)
    written = cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read()

    record["dynamodb"]["NewImage"]["version"] = {"N": "3"}
    cloud.invoke("ArchiveScores", batch)

    assert cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read() == written


def key_of(shop: str, day: str, record: Any) -> str:
    number = record["dynamodb"]["SequenceNumber"]
    return f"scores/{shop}/{day}/{number}-{number}.jsonl.gz"


def test_a_changed_verdict_moves_the_customer_from_segment_to_segment(cloud: Cloud, event: Event) -> None:
    shop = "counted.myshopify.com"
    sizes = DynamoSizes(cloud.dynamodb, cloud.table)
    known = SegmentSizes(counts={"life:new": 5, CUSTOMERS: 9}, reckoned_at=datetime(2026, 11, 20, tzinfo=UTC))
    sizes.reckon(shop, known)

    cloud.invoke("ArchiveScores", told_of(event("archive_scores"), ANNA, shop))

    found = sizes.read(shop)
    assert found
    assert found.counts == {"life:new": 4, "life:repeat": 1, CUSTOMERS: 9}

"""Bodies that fit no message, and what else names a person outside the table."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.queues import Delivery, Queue, to_message
from nextorder.adapters.shopify.intake import Intake
from nextorder.adapters.traces import Traces
from tests.fakes.in_memory import InMemoryShops
from tests.fakes.objects import InMemoryBucket
from tests.unit.payloads import an_order
from tests.unit.shop_cases import MODEL, SHOP

ANNA = "7001"
RAW = json.dumps({"id": 5001, "customer": {"id": int(ANNA)}}).encode()


@pytest.fixture
def bucket() -> InMemoryBucket:
    return InMemoryBucket()


@pytest.fixture
def bodies(bucket: InMemoryBucket) -> Bodies:
    return Bodies(lambda: bucket, "bucket")  # type: ignore[arg-type, return-value]


def no_queue() -> Queue:
    raise AssertionError("nothing is set aside")


def record(key: str) -> dict[str, Any]:
    message = to_message(Delivery(topic="orders/updated", shop=SHOP.id, body_key=key))
    named = {
        name: {"stringValue": value["StringValue"]} for name, value in message["MessageAttributes"].items()
    }
    return {"messageId": "m", "body": message["MessageBody"], "messageAttributes": named}


def test_a_body_lies_there_until_its_job_is_done_and_a_repeated_delivery_asks_for_nothing(
    bucket: InMemoryBucket, bodies: Bodies
) -> None:
    shops = InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP})
    intake = Intake(shops=shops, bodies=bodies, dead=no_queue, privacy=no_queue)
    raw = json.dumps(an_order(total="45.00")).encode()
    key = bodies.put(SHOP.id, raw)
    assert bodies.put(SHOP.id, raw) == key

    read = [intake.job_of(record(key)), intake.job_of(record(key))]
    held = dict(bucket.objects)
    for job in read:
        assert job
        intake.done(job)

    assert list(held) == [key]
    assert bucket.objects == {}
    assert intake.job_of(record(key)) is None


def test_that_s3_denies_a_body_does_not_pass_for_its_end() -> None:
    class Denying(InMemoryBucket):
        def get_object(self, **_: Any) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    with pytest.raises(ClientError):
        Bodies(Denying, "bucket").get("bodies/x")  # type: ignore[arg-type]


def test_files_of_a_shop_go_that_name_a_customer_or_their_order_as_a_whole_number(
    bucket: InMemoryBucket,
) -> None:
    here, day = f"reports/{SHOP.id}/2026-05-04", f"imports/{SHOP.id}/a-run"
    naming = {
        f"bodies/{SHOP.id}/a": RAW,
        f"{here}/page.html": b"<b>7001</b>",
        f"{day}/rejects/orders-0.jsonl": b'{"line": {"customer": "gid://shopify/Customer/7001"}}',
        f"data-requests/{SHOP.id}/7001/1.json": b"{}",
        f"bodies/{SHOP.id}/c": b'{"order_id": 5005, "payment_details": {}}',
    }
    staying = {
        f"bodies/{SHOP.id}/b": RAW.replace(b"7001", b"17001"),
        f"data-requests/{SHOP.id}/5005/1.json": b"{}",
        f"{here}/page.json": b'{"id": "70010"}',
        f"{day}/chunks/0": RAW,
        "bodies/other.myshopify.com/a": RAW,
        f"scores/{SHOP.id}/x": b"7001",
    }
    bucket.objects = naming | staying

    Traces(bucket, "bucket", ()).erase(SHOP.id, ["8", ANNA], ["5005"])  # type: ignore[arg-type]

    assert bucket.objects == staying

"""The shop tells of itself: what it says is kept, by a function that may write no more than that."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.system.cloud import Cloud
from tests.system.shops import EVENTS


def test_time_zone_and_currency_follow_the_shop(cloud: Cloud, event: Callable[[str], Any]) -> None:
    before = cloud.shops.get(EVENTS)
    assert before is not None
    body = {
        "myshopify_domain": EVENTS,
        "iana_timezone": before.timezone,
        "currency": before.currency,
        "updated_at": datetime.now(UTC).isoformat(),
    }
    delivery = event("update_customer")
    record, *_ = delivery["Records"]
    delivery["Records"] = [record]
    record["body"] = json.dumps(body)
    record["messageAttributes"]["topic"]["stringValue"] = "shop/update"

    assert cloud.invoke("UpdateCustomer", delivery).value == {"batchItemFailures": []}

    after = cloud.shops.get(EVENTS)
    assert after is not None
    assert after.updated_at == datetime.fromisoformat(body["updated_at"])
    assert (after.timezone, after.currency, after.numbers) == (
        before.timezone,
        before.currency,
        before.numbers,
    )

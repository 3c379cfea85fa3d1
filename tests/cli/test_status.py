"""`nextorder status`: queues, lag, what was taken last, errors by kind, and how far live."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.queue_depths import depth
from nextorder.domain.changes import Accepted
from nextorder.domain.going_live import GoingLive, Step, place
from nextorder.domain.reconciliation import Reconciliation, Walk
from nextorder.domain.verdict import State
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import a_shop
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.publish_cases import a_verdict

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
QUEUES = ("FACTS", "PRIVACY", "DEAD_FACTS", "DEAD_CHANGES", "UNROUTED", "SHOPIFY", "KLAVIYO")
SHOWN = Accepted(attributes={"stage": "new"}, version=1)
INSIDE = [n for n in range(1, 400) if place("gid://shopify/Shop/1", str(n)) < 50]
OUTSIDE = next(n for n in range(1, 400) if n not in INSIDE)


class NoMetrics:
    """A CloudWatch that has heard of no queue yet."""

    def get_metric_statistics(self, **_: object) -> dict[str, Any]:
        return {"Datapoints": []}


@pytest.fixture
def queues(nextorder: Nextorder, aws: BareAws, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:  # noqa: ARG001 - sets AWS
    sqs = aws.client("sqs")
    urls = {name: sqs.create_queue(QueueName=f"{name}-{uuid4().hex}")["QueueUrl"] for name in QUEUES}
    for name, url in urls.items():
        monkeypatch.setenv(f"{name}_QUEUE_URL", url)
    monkeypatch.setenv("DESTINATION_QUEUE_URLS", f"{urls['SHOPIFY']},{urls['KLAVIYO']}")
    return urls


@pytest.fixture
def now() -> datetime:
    """When the test began, which may be long after its file was read."""
    return datetime.now(UTC)


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops, now: datetime) -> str:
    """Shown to half: one is behind, one refused, one unsure, one new, one outside, one held out."""
    domain = f"{uuid4().hex}.myshopify.com"
    live = GoingLive(step=Step.PROPERTIES, share=50, since=now - timedelta(days=1))
    shops.save(replace(a_shop(domain), applied=True, going_live=live))
    client = aws.client("dynamodb")
    customers = DynamoCustomers(client, TABLE, new_log_key=lambda: "key")
    accepted = DynamoAccepted(client, TABLE, clock=(now - timedelta(hours=3)).timestamp)
    changed = replace(a_verdict(), scored_at=now - timedelta(minutes=40))
    for n in (*INSIDE[:5], OUTSIDE):
        state = State(verdict=changed, digest="", version=2, shown_version=2, run="import-1")
        customers.save_state(domain, str(n), state, replaces=0)
    held_out = State(verdict=replace(changed, held_out=True), digest="", version=1, shown_version=1)
    customers.save_state(domain, str(INSIDE[5]), held_out, replaces=0)
    up_to_date, behind, refused, unsure, _ = map(str, INSIDE[:5])
    accepted.save(domain, up_to_date, "shopify", replace(SHOWN, version=2))
    accepted.save(domain, behind, "shopify", SHOWN)
    accepted.save(domain, refused, "shopify", replace(SHOWN, refused="tag-limit", refused_version=2))
    accepted.save(domain, unsure, "shopify", replace(SHOWN, version=2, unsure=True))
    return domain


def test_how_it_goes_is_said_destination_by_destination(
    nextorder: Nextorder, queues: dict[str, str], shop: str, now: datetime
) -> None:
    assert queues
    said = nextorder("status", "--shop", shop)

    assert "publishing is on: properties for 50 % of customers since" in said
    took = now - timedelta(hours=3)
    assert f"shopify: shows 4 customers, last took {took:%Y-%m-%d %H:%M} UTC" in said
    assert re.search(r"not shown there yet: 1 change, the oldest for [45]\d min", said)
    assert "never shown there: 1 customer; `nextorder publish`" in said
    assert "nothing to show there: 1 customer, held out" in said
    assert "not reached by going live yet: 1 customer" in said
    assert "ended without an answer: 1 request;" in said
    assert "1 refused, tag-limit: the customer has Shopify's 250 tags already" in said


def test_before_going_live_nothing_is_said_to_bring_what_is_not_shown(
    nextorder: Nextorder, queues: dict[str, str], shop: str, shops: DynamoShops
) -> None:
    assert queues
    shops.change(shop, applied=False)

    assert "never shown there: 1 customer\n" in nextorder("status", "--shop", shop)


def test_queues_are_counted_and_what_lies_dead_is_named_by_its_reason(
    nextorder: Nextorder, queues: dict[str, str], shop: str, aws: BareAws
) -> None:
    sqs = aws.client("sqs")
    text = {"DataType": "String"}
    for name in ("SHOPIFY", "SHOPIFY", "DEAD_FACTS"):
        why = {
            "topic": {**text, "StringValue": "orders/create"},
            "reason": {**text, "StringValue": "id: gone"},
        }
        body = json.dumps({"shop": shop})
        sqs.send_message(QueueUrl=queues[name], MessageBody=body, MessageAttributes=why)

    said = nextorder("status", "--quick", "--shop", shop)

    assert "changes for shopify  2 waiting, 0 being worked on, 0 delayed" in said
    assert "changes for klaviyo  0 waiting" in said
    assert "orders/create                id: gone" in said
    assert "last sweep      never; one comes each week" in said
    assert "last reconcile  never; one comes each hour" in said
    assert "last import     never from Shopify" in said
    assert "last fit        never: what is known of stores in general" in said
    assert "shows" not in said


def test_how_far_the_look_at_changed_orders_is_is_said(
    nextorder: Nextorder, queues: dict[str, str], shop: str, aws: BareAws, now: datetime
) -> None:
    assert queues
    notes = Progress(aws.client("dynamodb"), TABLE, sort_key="reconcile", kind=Reconciliation)
    walk = Walk(reached=now - timedelta(minutes=30))
    notes.save(shop, Reconciliation(orders=walk, customers=walk), replaces=None)

    said = nextorder("status", "--quick", "--shop", shop)

    assert re.search(r"last reconcile  orders changed up to .* UTC, 3\d min ago", said)


def test_numbers_that_were_found_in_a_file_are_said_to_be_there(
    nextorder: Nextorder, queues: dict[str, str], shop: str, shops: DynamoShops, now: datetime
) -> None:
    assert queues
    held = shops.get(shop)
    assert held
    shops.change(shop, numbers=replace(held.numbers, fitted_at=now - timedelta(minutes=40), customers=2_593))

    said = nextorder("status", "--quick", "--shop", shop)

    assert re.search(r"last fit        .* UTC, [45]\d min ago, to 2,593 customers", said)


@pytest.mark.parametrize(
    ("applied", "live", "words"),
    [(False, GoingLive(), "nothing is published"), (False, GoingLive(since=SINCE), "paused at events")],
)
def test_what_is_off_is_said_to_be(
    nextorder: Nextorder,
    queues: dict[str, str],
    shop: str,
    shops: DynamoShops,
    *,
    applied: bool,
    live: GoingLive,
    words: str,
) -> None:
    assert queues
    shops.change(shop, applied=applied, going_live=live)

    assert words in nextorder("status", "--quick", "--shop", shop)


def test_the_age_of_a_full_queue_is_cloudwatchs_or_not_known(aws: BareAws, now: datetime) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=uuid4().hex)["QueueUrl"]
    assert depth(sqs, NoMetrics(), "facts", url, now).oldest_seconds == 0
    sqs.send_message(QueueUrl=url, MessageBody="-")

    assert depth(sqs, NoMetrics(), "facts", url, now).oldest_seconds is None
    aws.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
                "Timestamp": now - timedelta(minutes=2),
                "Value": 42.0,
            }
        ],
    )
    assert depth(sqs, aws.client("cloudwatch"), "facts", url, now).oldest_seconds == 42


def test_a_destination_that_was_connected_later_is_named_with_how_far_it_is(
    nextorder: Nextorder, queues: dict[str, str], shop: str, shops: DynamoShops
) -> None:
    assert queues
    shops.change(shop, newcomers={"rule": GoingLive(step=Step.PROPERTIES, share=10)})

    said = nextorder("status", "--quick", "--shop", shop)

    assert "rule was connected later, and shows properties for 10 % of customers" in said

"""The demo's messy plan loses nothing, and says what must come of it."""

import json
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples.deliveries import HALF_A_BODY, Plan, Webhook, messy
from samples.payloads import Delivery, split

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@cache
def clean() -> tuple[Delivery, ...]:
    return tuple(split(NOW, 1)[1])


@cache
def plan(seed: int = 1) -> Plan:
    return messy(clean(), seed)


def test_a_demo_of_one_week_has_some_hundred_webhooks() -> None:
    assert 700 <= plan().sent <= 1_000


@given(seed=st.integers(min_value=0, max_value=10**6))
@settings(max_examples=10)
def test_nothing_is_lost_and_the_counts_are_right(seed: int) -> None:
    made = messy(clean()[:150], seed)
    good = [each for each in made.webhooks if not each.forged and each.body != HALF_A_BODY]

    assert {(each.topic, each.body) for each in good} == {(each.topic, each.body()) for each in clean()[:150]}
    assert len(good) == made.distinct + made.duplicates
    assert len({each.webhook_id for each in good}) == made.distinct
    assert made.sent == made.accepted + made.refused


def test_a_duplicate_is_the_same_request_again() -> None:
    seen: dict[str, Webhook] = {}
    for each in plan().webhooks:
        assert seen.setdefault(each.webhook_id, each) == each
    assert plan().duplicates > 20


def test_some_webhooks_come_out_of_order() -> None:
    moments = [each.triggered_at for each in plan().webhooks]
    backwards = sum(later < earlier for earlier, later in pairwise(moments))

    assert backwards > 50


def test_some_refunds_come_before_anything_of_their_order() -> None:
    created = {each.payload["id"] for each in clean() if each.topic == "orders/create"}
    seen, early = set(), set()
    for each in plan().webhooks:
        if each.forged or each.body == HALF_A_BODY:
            continue
        body = json.loads(each.body)
        if each.topic.startswith("orders/"):
            seen.add(body["id"])
        elif each.topic == "refunds/create" and body["order_id"] in created - seen:
            early.add(body["id"])

    assert len(early) == plan().early_refunds > 0


def test_one_is_forged_and_names_an_order_that_never_was() -> None:
    forged = [each for each in plan().webhooks if each.forged]
    real = {each.payload.get("id") for each in clean()}

    assert [json.loads(each.body)["id"] for each in forged] == [plan().forged_order]
    assert plan().forged_order not in real
    assert plan().refused == len(forged)


def test_one_body_cannot_be_used() -> None:
    broken = [each for each in plan().webhooks if each.body == HALF_A_BODY]

    assert len(broken) == plan().dead_lettered
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken[0].body)


def test_the_same_seed_is_the_same_plan_and_another_is_another() -> None:
    assert messy(clean(), 1) == plan()
    assert messy(clean(), 2) != plan()

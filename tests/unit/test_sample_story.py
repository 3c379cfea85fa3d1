"""The sample's story ends just before now and is the same however it is told."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.cli.rankings import RFM_GROUPS
from samples import events
from samples.invented import shopify_id
from samples.moments import ZONE, Calendar, last_locally, placed_locally
from samples.opinions import predictions, rfm_group
from samples.payloads import Delivery, customers, history, profiles, split, write
from samples.rows import sales
from samples.standing import Orders, people

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@cache
def lately() -> list[Delivery]:
    return split(NOW, 1)[1]


def test_the_import_is_in_time_order_and_each_order_in_it_once() -> None:
    calendar = Calendar.ending_before(NOW)
    happened = [e for order in events.orders(calendar) for e in events.of_order_as_it_stands(order, NOW)]
    created = [event for event in happened if event.topic == "orders/create"]
    first = [delivery for delivery, _ in zip(history(NOW), range(3_000), strict=False)]

    assert len(created) == len(sales())
    assert [each.at for each in first] == sorted(each.at for each in first)


def test_in_a_clean_history_no_refund_comes_before_its_order() -> None:
    calendar = Calendar.ending_before(NOW)
    for order in events.orders(calendar):
        assert order.stages()[0] == order.placed
        assert list(order.refunded) == sorted(order.refunded)


def test_webhooks_of_an_order_move_its_clock_on() -> None:
    clocks: dict[int, list[str]] = defaultdict(list)
    for each in lately():
        if each.topic.startswith("orders/"):
            clocks[each.payload["id"]].append(each.payload["updated_at"])

    assert all(len(set(seen)) == len(seen) and seen == sorted(seen) for seen in clocks.values())


def test_import_and_webhooks_together_end_where_a_full_import_ends() -> None:
    """The newest state of each order and every refund are the same either way."""
    calendar = Calendar.ending_before(NOW)
    cut = calendar.cut(1)
    touched = {each.payload["id"]: each.payload for each in lately() if each.topic.startswith("orders/")}
    refunds = {each.payload["id"] for each in lately() if each.topic == "refunds/create"}
    for order in events.orders(calendar):
        now = [event for event in events.of_order_as_it_stands(order, NOW) if event.at <= NOW]
        at_cut = [event for event in events.of_order_as_it_stands(order, cut) if event.at <= cut]
        changed = any(cut < moment <= NOW for moment in order.stages())
        if not changed:
            assert [event.at for event in now] == [event.at for event in at_cut]
            continue
        state, *late = [event.body() for event in now]

        assert touched[state["id"]] == state
        assert {body["id"] for body in late[max(len(at_cut) - 1, 0) :]} <= refunds


def test_an_import_shows_nothing_that_came_later() -> None:
    calendar = Calendar.ending_before(NOW)
    cut = calendar.cut(1)
    late = [order for order in events.orders(calendar)[-900:] if order.placed <= cut < order.stages()[-1]]
    for order in late:
        body = next(events.of_order_as_it_stands(order, cut)).body()

        assert datetime.fromisoformat(body["updated_at"]) <= cut
        assert all(datetime.fromisoformat(refund["created_at"]) <= cut for refund in body["refunds"])
    assert late


@given(now=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2032, 1, 1)))  # noqa: DTZ001 - local
@settings(max_examples=40)
def test_the_last_order_falls_in_the_local_week_before_now(now: datetime) -> None:
    calendar = Calendar.ending_before(now.replace(tzinfo=ZONE))
    last = calendar.moment(last_locally()).replace(tzinfo=None)

    assert now - WEEK < last <= now


@given(now=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2032, 1, 1)))  # noqa: DTZ001 - local
@settings(max_examples=10)
def test_weekday_and_local_time_of_day_stay_through_clock_changes(now: datetime) -> None:
    calendar = Calendar.ending_before(now.replace(tzinfo=ZONE))
    for sale in sales()[::500]:
        there = placed_locally(sale)
        here = calendar.moment(there).astimezone(UTC).astimezone(ZONE)

        assert (here.weekday(), here.time()) == (there.weekday(), there.time())


@pytest.mark.parametrize("weeks", [1, 2])
def test_webhooks_lie_between_the_cut_and_now(weeks: int) -> None:
    _, webhooks = split(NOW, weeks)
    cut = Calendar.ending_before(NOW).cut(weeks)

    assert all(cut < each.at <= NOW for each in webhooks)
    assert [each.at for each in webhooks] == sorted(each.at for each in webhooks)


def test_the_same_now_gives_the_same_bytes() -> None:
    first = [each.to_json() for each in lately()[:200]]
    events.orders.cache_clear()
    events.sign_ups.cache_clear()

    assert [each.to_json() for each in split(NOW, 1)[1][:200]] == first


def test_consent_comes_for_most_and_is_withdrawn_by_some() -> None:
    calendar = Calendar.ending_before(NOW)
    states: dict[int, str] = {}
    for event in events.of_people(calendar):
        if event.topic.startswith("customers_email") and event.at <= NOW:
            body = event.body()
            states[body["customer_id"]] = body["email_marketing_consent"]["state"]
    share = {state: list(states.values()).count(state) / 2_600 for state in ("subscribed", "unsubscribed")}

    assert share["subscribed"] == pytest.approx(0.70, abs=0.03)
    assert share["unsubscribed"] == pytest.approx(0.10, abs=0.03)


def test_most_customers_with_an_email_have_a_profile() -> None:
    with_email = [each for each in customers(NOW) if each.email]

    assert len(customers(NOW)) == 2_600
    assert len(profiles(NOW)) / len(with_email) == pytest.approx(0.85, abs=0.02)
    assert all(each.email for each in profiles(NOW))


def test_a_file_holds_one_delivery_a_line(tmp_path: Any) -> None:
    path = tmp_path / "deliveries.jsonl"
    count = write(path, lately()[:5])
    lines = [json.loads(line) for line in path.read_text().splitlines()]

    assert count == len(lines) == 5
    assert [line["topic"] for line in lines] == [each.topic for each in lately()[:5]]
    assert all(line["triggered_at"] and line["payload"] for line in lines)


def test_the_store_stands_where_its_story_ends() -> None:
    """What a shop answers when it is asked is what its import says."""
    calendar = Calendar.ending_before(NOW)
    store = Orders(NOW)
    everyone = people(store)
    subscribed = [each for each in everyone if "email_marketing_consent" in each]

    assert len(store) == len(sales())
    assert sum(each["orders_count"] for each in everyone) == len(store)
    assert {each["id"] for each in everyone} == {each.id for each in customers(NOW)}
    assert 0.75 < len(subscribed) / len(everyone) < 0.85
    for order in events.orders(calendar)[:30]:
        [said] = [e for e in events.of_order_as_it_stands(order, NOW) if e.topic == "orders/create"]
        standing = store.get(shopify_id("Order", order.number))
        assert standing
        assert said.body() == {key: value for key, value in standing.items() if key != "transactions"}
    assert store.get(1) is None


def test_others_say_something_of_everyone_who_bought() -> None:
    store = Orders(NOW)
    said = [(rfm_group(own, NOW), predictions(own, NOW)) for own in store.bought().values()]

    assert {group for group, _ in said} < set(RFM_GROUPS)
    assert all(0 <= float(each["churn_probability"]) <= 1 for _, each in said)
    assert sum(int(float(each["historic_number_of_orders"])) for _, each in said) == len(store)

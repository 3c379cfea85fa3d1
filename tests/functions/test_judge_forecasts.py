"""judge_forecasts on its own: what archive_scores wrote is judged, and a horizon that fails is withheld."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.dynamodb.records import state_item
from nextorder.domain.facts import Order
from nextorder.domain.judged import Judgement, Standing
from tests.system.cloud import Cloud
from tests.system.shops import JUDGED
from tests.unit.judge_cases import Weeks, record_of, state_saying
from tests.unit.shop_cases import DAY, START, an_order

Event = Callable[[str], Any]


def say(cloud: Cloud, week: int, *, asked: int, came: int) -> None:
    """Let nine of ten of some customers be expected to order, as the stream tells it, and so many come."""
    at, orders, records = START + (7 * week + 1) * DAY, dict[str, list[Order]](), []
    keys, states = Weeks(), list[items.Item]()
    for n in range(asked):
        customer = f"{week + 1}{n:03}"
        state = replace(state_saying(at, keys.key_in_turn(at, "5"), chance=0.9), run="of a test")
        states.append(state_item(f"{JUDGED}#{customer}", JUDGED, state, state.log_key))
        records.append(record_of(JUDGED, customer, state, 1_000 * week + n, brought_at=at))
        days = [-30.0, *([7 * week + 3.0] if n < came else [])]
        orders[customer] = [
            replace(an_order(day, name=f"{customer}-{day:g}"), customer=customer) for day in days
        ]
    items.write_all(cloud.dynamodb, cloud.table, [{"PutRequest": {"Item": item}} for item in states])
    DynamoBulk(cloud.dynamodb, cloud.table, cloud.customers).store_all(JUDGED, orders)
    cloud.invoke("ArchiveScores", {"Records": records})


def after(event: Event, week: int) -> Any:
    """Return the event of the Monday on which a week of saying is known for 5 days."""
    as_of = START.replace(hour=3, minute=0, second=0) + timedelta(days=7 * (week + 2))
    return event("judge_forecasts") | {"as_of": as_of.isoformat()}


def judged_after(cloud: Cloud, event: Event, week: int) -> Judgement:
    cloud.invoke("JudgeForecasts", after(event, week) | {"shop": JUDGED})
    kept = Progress(cloud.dynamodb, cloud.table, sort_key="judged", kind=Judgement).load(JUDGED)
    assert kept
    return kept


def test_a_horizon_that_fails_twice_running_is_withheld_and_not_before(cloud: Cloud, event: Event) -> None:
    for week in range(2):
        say(cloud, week, asked=60, came=30)

    first = judged_after(cloud, event, 0)
    shop = cloud.shops.get(JUDGED)
    assert shop
    assert (first.told["5"], shop.withheld) == (Standing.DRIFTS, {})
    second = judged_after(cloud, event, 1)

    shop = cloud.shops.get(JUDGED)
    assert shop
    assert [(one.n, one.expected, one.happened) for one in second.of("5")] == [(60, 54.0, 30)] * 2
    assert (second.told["5"], list(shop.withheld)) == (Standing.WITHHELD, ["5"])


def test_the_schedule_judges_every_shop(cloud: Cloud, event: Event) -> None:
    assert JUDGED in cloud.invoke("JudgeForecasts", after(event, 1)).value

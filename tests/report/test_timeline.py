"""One customer's story: chosen for what it shows, and told as `nextorder why` tells it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.domain.features import Features
from nextorder.domain.published import shop_day
from nextorder.domain.states import Standards, state_after
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.domain.why import account
from nextorder.report.store import Store
from nextorder.report.timeline import TELLING_ORDER_DAYS, TELLING_RISKS, happenings, telling, timeline
from tests.report.tables import records


@pytest.fixture
def one(store: Store) -> Features:
    found = telling(store)
    assert found
    return found


def verdict_of(one: Features, store: Store) -> Verdict:
    return reach_verdict(one, store.shop, store.told.model, as_of=store.as_of, catalogue=store.catalogue)[0]


def drifts(one: Features, store: Store) -> bool:
    risk = verdict_of(one, store).segments.get("risk")
    return risk is not None and risk.value in TELLING_RISKS


def test_nobody_who_drifts_away_has_brought_more(store: Store, one: Features) -> None:
    assert drifts(one, store)
    assert len(one.order_days) >= TELLING_ORDER_DAYS
    richer = [
        each
        for each in store.buyers
        if each.gp2_to_date > one.gp2_to_date and len(each.order_days) >= TELLING_ORDER_DAYS
    ]
    assert not any(drifts(each, store) for each in richer)


def test_the_life_is_the_one_that_why_tells(store: Store, one: Features) -> None:
    standards = Standards(shop=store.shop, catalogue=store.catalogue, model=lambda: store.told.model)
    facts = store.facts[one.customer]
    state = state_after(None, one, standards, as_of=store.as_of)
    told = account(one.customer, facts, state, standards, now=store.as_of)

    rows = [row for row in records(timeline(store)) if row["what"] != "chance"]

    assert not any("risk:lost" in each.joined for each in told.timeline)
    assert tuple(happenings(one, store)) == told.timeline
    assert [row["what"] for row in rows] == [each.what for each in told.timeline]
    assert [row["joined"] for row in rows] == [", ".join(each.joined) for each in told.timeline]


def test_the_chance_falls_between_orders_to_what_the_verdict_keeps_of_it(store: Store, one: Features) -> None:
    rows = records(timeline(store), what="chance")
    last_day = shop_day(one.order_days[-1].at, store.shop.zone).isoformat()
    since = [row for row in rows if row["day"] >= last_day]
    chances = [row["chance"] for row in since]

    assert chances == sorted(chances, reverse=True)
    scores = verdict_of(one, store).scores
    assert scores
    assert chances[-1] / chances[0] == pytest.approx(scores.chance_kept)
    assert all(row["chance_lo"] <= row["chance"] <= row["chance_hi"] for row in rows)


def test_each_week_from_the_first_order_on_and_each_order_day_has_its_chance(
    store: Store, one: Features
) -> None:
    rows = records(timeline(store), what="chance")

    weeks = (store.as_of - one.order_days[0].at) // timedelta(days=7)
    assert weeks <= len(rows) <= weeks + len(one.order_days) + 2
    assert len({row["day"] for row in rows}) == len(rows)
    assert {shop_day(day.at, store.shop.zone).isoformat() for day in one.order_days} <= {
        row["day"] for row in rows
    }
    assert rows[-1]["stage"] == verdict_of(one, store).segments["life"].value


def test_where_too_little_is_known_of_risk_the_one_with_the_most_orders_is_told(store: Store) -> None:
    few = replace(store.shop, numbers=replace(store.shop.numbers, second_orders=3))

    found = telling(replace(store, shop=few))

    assert found
    assert len(found.order_days) == max(len(each.order_days) for each in store.buyers)


def test_no_name_is_told_and_no_destination(store: Store, one: Features) -> None:
    says = timeline(store).says

    assert one.customer in says
    assert "@" not in repr(timeline(store))


def test_a_store_without_buyers_has_no_story(store: Store) -> None:
    picture = timeline(replace(store, everyone=[each for each in store.everyone if not each.order_days]))

    assert picture.rows == ()


def test_a_name_that_would_hurt_is_told_only_where_it_is_switched_on(store: Store) -> None:
    """The page is passed on; `nextorder why` is not."""
    gone = replace(store, everyone=[each for each in store.buyers if drifted_to(each, store) == "lost"][:1])
    lost = gone.catalogue.entries["risk:lost"]
    shown = {**gone.catalogue.entries, lost.name: replace(lost, on=True)}
    told_of = replace(gone, catalogue=replace(gone.catalogue, entries=shown))

    assert any("risk:lost" in each.joined for each in happenings(gone.everyone[0], gone))
    assert "risk:lost" not in repr(timeline(gone).rows)
    assert all(
        row["what"] != "time passed" or row["joined"] or row["left"] for row in records(timeline(gone))
    )
    assert "risk:lost" in repr(timeline(told_of).rows)


def drifted_to(one: Features, store: Store) -> str:
    risk = verdict_of(one, store).segments.get("risk")
    return risk.value if risk else ""

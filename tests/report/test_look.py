"""A look at the sample store: who is in it, what it may know, and how the past is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nextorder.domain.facts import Order, StoredFact
from nextorder.domain.sampling import Drawn
from nextorder.report.look import NobodyOrdered, look_at, look_at_all
from nextorder.report.store import Store
from tests.report.sample import NOW, SHOP
from tests.unit.shop_cases import CATALOGUE, MODEL, an_order

DAY = timedelta(days=1)
Facts = Mapping[str, Sequence[StoredFact]]


def a_few(store: Store) -> Facts:
    return {customer: store.facts[customer] for customer in sorted(store.facts)[:12]}


def look(facts: Facts, as_of: datetime = NOW) -> Store:
    return look_at(SHOP, CATALOGUE, MODEL, facts, as_of)


def test_buyers_stand_in_the_order_of_what_is_said_of_them(store: Store) -> None:
    assert [one.customer for one in store.buyers] == list(store.told.names)
    assert store.told.chance.shape == (len(store.buyers), len(store.told.days))
    assert store.told.days[-1] == 365.0


def test_a_week_earlier_is_told_by_the_same_model_from_what_was_known_then(store: Store) -> None:
    before = store.before

    assert before
    assert before.as_of == NOW - 7 * DAY
    assert before.told.model is store.told.model
    assert before.before is None
    assert all(day.at < before.as_of for one in before.buyers for day in one.order_days)


def test_the_past_is_judged_where_its_longest_horizon_has_come_to_its_end(store: Store) -> None:
    assert store.backtest
    assert store.backtest.as_of == NOW - 90 * DAY
    assert store.backtest.horizons[-1].days == 90.0
    assert store.backtest.model != store.told.model.name


def test_what_was_expected_a_week_earlier_is_by_a_model_that_knew_nothing_later(store: Store) -> None:
    assert store.before
    assert store.backtest
    expected = store.before.month_ago

    assert expected
    assert expected.as_of == NOW - 37 * DAY
    assert expected.model.name == store.backtest.model
    assert store.backtest.as_of < expected.as_of


def test_a_short_history_is_judged_by_a_shorter_horizon(store: Store) -> None:
    began = min(one.order_days[0].at for one in store.buyers)

    then = look_at(SHOP, CATALOGUE, MODEL, store.facts, began + 150 * DAY)

    assert then.backtest
    assert [one.days for one in then.backtest.horizons][-1] == 30.0
    assert then.before
    assert then.before.month_ago is None


def test_too_few_second_orders_are_not_judged(store: Store) -> None:
    assert look(a_few(store)).backtest is None


def test_a_model_that_was_fitted_later_is_not_asked(store: Store) -> None:
    then = NOW - 200 * DAY
    shop = replace(SHOP, numbers=replace(store.shop.numbers, fitted_at=then + DAY))

    told = look_at(shop, CATALOGUE, store.told.model, a_few(store), then)

    assert told.told.model.name not in ("", store.told.model.name)
    assert told.shop.numbers.model == told.told.model.name
    assert told.shop.numbers.fitted_at == then


def test_an_audit_counts_guests_too_but_nobody_of_later(store: Store) -> None:
    facts = a_few(store)
    then, soon = (replace(an_order(0, name="g"), customer=None, placed_at=NOW + n * DAY) for n in (-1, 1))

    told = look_at_all(SHOP, CATALOGUE, MODEL, Drawn(facts=facts, places=((then,), (soon,))), (), NOW)

    counted = {one.name: one.number for one in told.findings}
    orders = sum(isinstance(fact, Order) for held in facts.values() for fact in held)
    assert counted["guest orders"].startswith("1 order, ")
    assert counted["history"].endswith(f"{orders + 1} orders of {len(facts)} customers")


def test_a_store_without_orders_has_no_page(store: Store) -> None:
    first = min(fact.placed_at for held in store.facts.values() for fact in held if isinstance(fact, Order))

    with pytest.raises(NobodyOrdered, match="nobody had ordered by"):
        look(store.facts, first)

"""The five figures: counted as tags and ledger count, with ranges, and honest where they cannot be told."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nextorder.domain.audit import Finding, Light
from nextorder.domain.shop import Shop, Window, Withheld
from nextorder.domain.verdicts import reach_verdict
from nextorder.domain.withholding import NOT_SAID
from nextorder.report.expected import expected_orders, expected_profit
from nextorder.report.figures import (
    figures,
    in_window,
    in_window_of,
    orders,
    profit_ahead,
    second_orders,
    worth,
)
from nextorder.report.last_cohort import last_closed
from nextorder.report.store import Store
from nextorder.report.words import significant
from nextorder.scoring.interval import wilson
from tests.report.small_stores import a_store, ordering
from tests.unit.shop_cases import SHOP

DAY = timedelta(days=1)


def windowed(days: int) -> Shop:
    return replace(SHOP, numbers=replace(SHOP.numbers, window=Window(days=days)))


def test_there_are_five_each_with_last_weeks_and_a_sentence(store: Store) -> None:
    found = figures(store)

    assert len(found) == len({one.key for one in found}) == 5
    assert all(one.now and one.before and one.says.endswith(".") for one in found)
    for one in found:
        for told in (one.now, one.before):
            assert told
            assert told.lo is None or told.lo <= told.value <= (told.hi or 0.0)


def test_the_closing_are_those_whose_verdict_says_so(store: Store) -> None:
    told = [
        reach_verdict(one, store.shop, store.told.model, as_of=store.as_of, catalogue=store.catalogue)[0]
        for one in store.buyers
    ]
    lives = [one.segments["life"].value for one in told if "life" in one.segments]
    closing, held = (
        lives.count("closing"),
        sum(lives.count(one) for one in ("new", "second-window", "closing")),
    )

    figure = in_window(store)
    assert figure.now
    assert (figure.now.value, in_window_of(store).count("closing")) == (held, closing)
    assert f"for {closing} of them" in figure.says


def test_a_held_month_is_the_last_whose_windows_have_all_closed() -> None:
    """100 first orders in March, their window of 30 days closed at the end of April; April's is open."""
    customers = [[number / 10, number / 10 + 20] if number % 4 else [number / 10] for number in range(100)]
    store = a_store(ordering(*customers, [40]), days=75, shop=windowed(30))

    cohort = last_closed(store)
    assert cohort
    assert (cohort.first, cohort.months, cohort.customers, cohort.came_back) == (date(2025, 3, 1), 1, 100, 75)
    figure = second_orders(store)
    assert figure.now
    assert (figure.now.value, figure.now.lo, figure.now.hi) == (0.75, *wilson(0.75, 100))
    assert "in March 2025, 75 % came back within 30 days" in figure.says


def test_both_earlier_figures_beside_who_came_back_say_what_they_are(store: Store) -> None:
    now = second_orders(store)
    others = a_store(ordering(*([day, day + 5] for day in range(80))), days=250)
    as_then = second_orders(replace(store, before=others))
    told = last_closed(others)

    assert now.says.endswith(" A week earlier it was told of the same months.")
    assert told
    assert as_then.says.endswith(f" A week earlier it was told of those who first bought {told.when}.")
    assert "week" not in second_orders(replace(store, before=None)).says


def test_a_month_of_few_is_told_with_the_two_before() -> None:
    store = a_store(ordering(*([day, day + 5] for day in range(0, 85, 2))), days=130, shop=windowed(30))

    cohort = last_closed(store)
    assert cohort
    assert (cohort.when, cohort.customers) == ("from March to May 2025", 43)


def test_who_has_not_had_the_time_is_no_failure() -> None:
    figure = second_orders(a_store(ordering([0], [3]), days=20))

    assert figure.now is None
    assert "It is told once 10 customers have had 160 days" in figure.says


def test_orders_of_customers_known_then_stand_against_what_was_expected(store: Store) -> None:
    since = store.as_of - 30 * DAY
    known = [one for one in store.buyers if one.order_days[0].at < since]
    figure = orders(store)

    assert figure.now
    assert figure.now.value == sum(day.at >= since for one in known for day in one.order_days)
    assert store.month_ago
    assert set(store.month_ago.names) == {one.customer for one in known}
    assert f"about {significant(expected_orders(store.month_ago, 30.0).value):,.0f} (" in figure.says


def test_last_weeks_orders_stand_against_what_was_expected_of_the_customers_of_then(store: Store) -> None:
    before = store.before
    assert before
    assert before.month_ago
    since = before.as_of - 30 * DAY
    known = {one.customer for one in before.buyers if one.order_days[0].at < since}

    assert set(before.month_ago.names) == known
    told = f"about {significant(expected_orders(before.month_ago, 30.0).value):,.0f} ("
    assert told in orders(store).says.partition("; a week earlier it was ")[2]
    assert "a week earlier" not in orders(replace(store, before=replace(before, month_ago=None))).says


def test_of_customers_who_have_not_ordered_since_no_count_is_written() -> None:
    says = orders(a_store(ordering([0], [3]), days=200)).says

    assert says.startswith(
        "Customers known 30 days ago have not ordered since, and too little was known then"
    )


def test_too_little_known_a_month_ago_is_said(store: Store) -> None:
    assert "too little was known then" in orders(replace(store, month_ago=None)).says


def test_of_a_sample_counts_stand_for_everyone_with_the_range_it_leaves(store: Store) -> None:
    whole, half = in_window(store).now, in_window(replace(store, share=0.5)).now

    assert whole
    assert half
    assert half.value == 2 * whole.value
    assert half.lo is not None
    assert half.hi is not None
    assert half.lo < half.value < half.hi
    assert whole.lo is None


def test_expected_profit_is_the_sum_of_what_each_is_worth(store: Store) -> None:
    figure = profit_ahead(store)

    assert figure.now
    assert figure.now.value == pytest.approx(store.told.worth[:, store.told.days.index(30.0)].sum())


def test_the_range_of_a_sum_does_not_shrink_with_the_number_of_customers(store: Store) -> None:
    """What is wrong with all chances at once is no less wrong of more customers."""
    told = store.told
    many = replace(told, chance=np.tile(told.chance, (50, 1)), orders=np.tile(told.orders, (50, 1)))
    more = expected_orders(many, 30.0)

    assert more.lo is not None
    assert more.hi is not None
    assert more.lo / more.value < 0.95
    assert more.hi / more.value > 1.05


def test_who_costs_money_is_expected_to_cost_money(store: Store) -> None:
    told = replace(store.told, worth=-np.abs(store.told.worth))
    everyone = np.ones(len(told.names), dtype=bool)
    found = expected_profit(told, 30.0, everyone, np.array([500.0, 700.0]))

    assert found.lo is not None
    assert found.hi is not None
    assert found.lo < found.value < found.hi < 0


def test_a_years_profit_a_customer_is_the_ledgers(store: Store) -> None:
    figure = worth(store)
    young = [one for one in store.buyers if one.order_days[0].at >= store.as_of - 365 * DAY]
    only_young = worth(replace(store, everyone=young, before=None))

    assert only_young.now
    assert only_young.now.value == pytest.approx(np.mean([one.gp2_to_date for one in young]))
    assert figure.now
    assert figure.now.lo is not None
    assert figure.now.lo < figure.now.value


def test_money_that_cannot_be_told_is_not_told(store: Store) -> None:
    foreign = replace(store.shop, numbers=replace(store.shop.numbers, currency="USD"))

    figure = profit_ahead(replace(store, shop=foreign))
    assert figure.now is None
    assert "Nothing is said of value" in figure.says


def test_costs_that_are_guessed_are_named_beside_profit(store: Store) -> None:
    guessed = Finding(
        name="goods without a cost", light=Light.RED, number="61.2% of revenue, 1% of profit", why=""
    )

    said = worth(replace(store, findings=[guessed])).says
    assert said.endswith("a margin stands in for the costs of 61.2% of revenue.")
    withheld = replace(store.shop, numbers=replace(store.shop.numbers, withheld={"value": "Too few costs."}))
    rough = worth(replace(store, findings=[guessed], shop=withheld)).says
    assert rough.endswith("61.2% of revenue, so take it as a rough size: nobody is ranked by it.")


def test_a_forecast_of_a_horizon_that_is_withheld_is_not_told(store: Store) -> None:
    off = Withheld(since=store.as_of, reason="12 were to order and 40 did")
    figure = profit_ahead(replace(store, shop=replace(store.shop, withheld={"30": off})))

    assert figure.now is figure.before is None
    assert figure.says == NOT_SAID


def test_whose_money_is_not_in_a_figure_is_told(store: Store) -> None:
    foreign = [replace(one, unpriced="No rate.") if n % 4 else one for n, one in enumerate(store.everyone)]
    left = sum(bool(one.unpriced and one.order_days and not one.withheld) for one in foreign)
    told = replace(store, everyone=foreign)

    for figure in (profit_ahead(told), worth(told)):
        assert figure.says.endswith(f"; left out: {left} customers with orders that no rate converts.")

"""The suggestion: the first rule that has something to say, and no promise that nobody measured."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from nextorder.domain.audit import Finding, Light
from nextorder.domain.backtest import Backtest, Horizon
from nextorder.domain.facts import Order
from nextorder.domain.going_live import NOWHERE
from nextorder.domain.verdicts import reach_verdict
from nextorder.report.figures import in_window, in_window_of
from nextorder.report.store import Store
from nextorder.report.suggestion import NO_PROMISE, QUIET, suggestion
from tests.report.small_stores import a_store, ordering
from tests.unit.shop_cases import SHOP

COSTS = Finding(
    name="goods without a cost",
    light=Light.RED,
    number="61 % of revenue",
    why="a margin stands in",
    what="`nextorder costs export`",
    families=("value",),
)
LIVE = replace(SHOP, applied=True)


def customers(closing: int = 0, at_risk: int = 0, champions: int = 0) -> Mapping[str, list[Order]]:
    """Fifty came back long ago; of the others each stands, on day 400, where it is said."""
    return ordering(
        *([0, 5] for _ in range(50)),
        *([270] for _ in range(closing)),
        *([100, 140, 180, 220, 260] for _ in range(at_risk)),
        *([340, 350, 360, 370, 380, 390, 395] for _ in range(champions)),
    )


def judged(store: Store, *, expected: float, happened: int) -> Backtest:
    horizon = Horizon(days=30.0, n=100, expected=expected, happened=happened)
    return Backtest(
        as_of=store.as_of,
        until=store.as_of,
        customers=100,
        second_orders=60,
        history_days=400,
        model="m",
        horizons=(horizon,),
        money="gross profit 2",
    )


def test_with_too_few_second_orders_the_older_history_comes_first() -> None:
    few = a_store(ordering([0, 9], [5]), days=60, shop=LIVE, findings=[COSTS])

    assert suggestion(few).startswith("Bring in your older orders: people can be told apart once 50 have")


def test_forecasts_that_were_far_off_are_not_to_be_planned_with() -> None:
    store = a_store(customers(closing=40), days=400, findings=[COSTS])

    off = suggestion(replace(store, backtest=judged(store, expected=80, happened=40)))
    assert off.startswith("Do not plan with the forecasts of 30 days yet")
    assert "80 were to order and 40 did" in off
    assert suggestion(replace(store, backtest=judged(store, expected=44, happened=40))) == suggestion(store)


def test_red_costs_come_before_going_live_and_that_before_messages() -> None:
    store = a_store(customers(closing=40), days=400)
    costs, waiting, live = (
        suggestion(replace(store, findings=[COSTS])),
        suggestion(store),
        suggestion(replace(store, shop=LIVE)),
    )

    assert costs.startswith("Tell what your goods cost: for 61 % of revenue no cost is known")
    assert waiting.startswith("Go live")
    assert "the window of 40 customers is closing" in waiting
    assert live.startswith("Give the 40 customers whose window is closing")


@pytest.mark.parametrize("name", ["goods without a cost", "parcels and packing", "something new"])
def test_who_reads_the_page_is_told_whom_to_ask_and_no_command(name: str) -> None:
    red = replace(COSTS, name=name, number="100 % of revenue, 100 % of gross profit 2 (other 100 %)")
    store = a_store(customers(closing=40), days=400)

    for said in (suggestion(replace(store, findings=[red])), suggestion(store)):
        assert "Ask whoever installed Nextorder to " in said
        assert not set("`%") & set(said.replace("100 % of revenue", ""))


def test_what_only_time_mends_is_no_suggestion() -> None:
    """A young store's history is red, and there are no older orders to bring in."""
    young = replace(COSTS, name="history", number="44 days, 90 orders of 60 customers")
    store = a_store(customers(closing=40), days=400, shop=LIVE)

    assert suggestion(replace(store, findings=[young])) == suggestion(store)
    assert suggestion(replace(store, findings=[young, COSTS])).startswith("Tell what your goods cost")


def test_the_group_that_lost_most_is_chosen_and_nothing_is_promised() -> None:
    store = a_store(customers(closing=40, at_risk=60), days=400, shop=LIVE)

    said = suggestion(store)
    assert said.startswith("Win back the 60 customers at risk")
    assert said.endswith(f"{NO_PROMISE}.")
    assert suggestion(replace(store, everyone=list(reversed(store.everyone)))) == said


def test_the_held_out_are_nobody_to_write_to() -> None:
    half = replace(LIVE, holdout_share=Decimal("0.5"))
    store = a_store(customers(closing=80), days=400, shop=half)

    verdicts = [
        reach_verdict(one, half, store.told.model, as_of=store.as_of, catalogue=store.catalogue)[0]
        for one in store.buyers
    ]
    reached = sum(not one.held_out and one.segments["life"].value == "closing" for one in verdicts)
    assert 30 < reached < 50
    said = suggestion(store)
    assert f"Give the {reached} customers" in said
    assert f"a second order ({80 - reached} more are held out)." in said


def test_what_it_counts_and_leaves_out_are_as_many_as_the_figure_above_counts() -> None:
    half = replace(LIVE, holdout_share=Decimal("0.5"))
    store = a_store(customers(closing=80), days=400, shop=half)
    closing = in_window_of(store).count("closing")

    told = re.search(r"the (\d+) customers .* \((\d+) more are held out\)", suggestion(store))
    assert told
    written, left_out = map(int, told.groups())

    assert written + left_out == closing
    waiting = replace(store, shop=replace(half, applied=False))
    assert f"the window of {closing} customers is closing" in suggestion(waiting)
    assert f"for {closing} of them the window is closing" in in_window(waiting).says


def test_champions_are_asked_where_nobody_slips_away() -> None:
    store = a_store(customers(closing=20, champions=35), days=400, shop=LIVE)

    assert suggestion(store).startswith("Ask your 35 champions, who brought 67 % of all profit")


def test_a_week_in_which_nothing_presses_is_left_alone() -> None:
    assert suggestion(a_store(customers(closing=20), days=400, shop=LIVE)) == QUIET


def test_a_segment_that_is_not_shown_is_not_named() -> None:
    merged = replace(LIVE, numbers=replace(LIVE.numbers, shown_as={"life:closing": "life:second-window"}))

    assert suggestion(a_store(customers(closing=40), days=400, shop=merged)) == QUIET


@pytest.mark.parametrize("currency", ["USD", ""])
def test_amounts_are_told_in_the_shops_currency_alone(currency: str) -> None:
    shop = replace(LIVE, numbers=replace(LIVE.numbers, currency=currency))

    said = suggestion(a_store(customers(closing=40), days=400, shop=shop))
    assert ("EUR" in said) is (currency == "")


def test_a_shop_that_lets_nothing_out_yet_is_going_live() -> None:
    store = a_store(customers(closing=40), days=400, shop=replace(LIVE, going_live=NOWHERE))

    assert suggestion(store).startswith("Go live")


def test_nobody_whose_window_is_closing_is_not_told_of() -> None:
    store = a_store(customers(at_risk=40), days=400, shop=replace(LIVE, going_live=NOWHERE))

    said = suggestion(store)
    assert said.startswith("Go live")
    assert "closing" not in said

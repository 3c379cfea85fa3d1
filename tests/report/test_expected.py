"""Ranges of sums and means: they hold what comes four times in five, of few as of many."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from math import exp
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import Order
from nextorder.domain.features import compute_features
from nextorder.report.expected import average, expected_orders, expected_profit, mean_of, quantile_of
from nextorder.report.page import Estimate
from nextorder.training.foretell import foretell_with
from tests.unit.shop_cases import MODEL, SHOP, START, an_order

UNTIL, AHEAD = 300.0, 30.0
MARGIN = 0.4
STEADY = replace(MODEL, drift={"30": 1e-9}, value_drift=1e-9)
"""What is left to chance is left; nothing drifts."""


@pytest.mark.parametrize("few", [2, 3, 8])
def test_the_range_of_a_mean_is_as_wide_as_few_leave_it(few: int) -> None:
    found = [mean_of(each) for each in np.random.default_rng(few).normal(5_000, 900, (2_000, few))]

    assert 0.77 < np.mean([one is not None and holds(one, 5_000) for one in found]) < 0.83


@pytest.mark.parametrize(("many", "share"), [(20, 0.5), (200, 0.5), (200, 0.9)])
def test_the_range_of_an_amount_that_a_share_exceeds_is_as_wide_as_few_leave_it(
    many: int, share: float
) -> None:
    amounts = np.random.default_rng(many).lognormal(8, 1, (2_000, many))
    true = exp(8 + NormalDist().inv_cdf(share))

    found = [quantile_of(each, share, drift=0.0) for each in amounts]

    assert 0.75 < np.mean([holds(one, true) for one in found]) < 0.86


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_what_moves_all_amounts_together_only_widens_the_range(amounts: list[float], drift: float) -> None:
    still, moved = (quantile_of(np.array(amounts), 0.5, each) for each in (0.0, drift))

    assert still.value == moved.value
    assert (moved.lo or 0) <= (still.lo or 0) <= still.value <= (still.hi or 0) <= (moved.hi or 0)


def test_one_alone_has_an_average_without_a_range_and_nobody_has_none() -> None:
    assert average(np.array([5.0])) == Estimate(value=5.0)
    assert average(np.array([])) is None


def test_what_is_ahead_lies_in_its_range_four_times_in_five() -> None:
    """Stores of customers who live as the model says: 60 of them, a month each."""
    found = np.array([a_month(np.random.default_rng(seed)) for seed in range(60)])

    assert (np.abs(found.mean(axis=0) - 0.8) < 0.12).all()


def a_month(random: np.random.Generator) -> tuple[bool, bool]:
    """Tell whether the orders of a store's next month, and their profit, came to lie in the ranges."""
    lives = [list(a_life(random)) for _ in range(200)]
    as_of = START + timedelta(days=UNTIL)
    everyone = [
        compute_features(f"{number:03}", orders_of(f"{number:03}", life), SHOP, as_of)
        for number, life in enumerate(lives)
    ]
    shop = replace(SHOP, numbers=replace(SHOP.numbers, margin_rate=MARGIN))
    told = foretell_with(STEADY, everyone, shop, as_of)
    came = [
        (number, int(at), revenue) for number, life in enumerate(lives) for at, revenue in life if at >= UNTIL
    ]
    profits = np.array([day.profit for one in everyone for day in one.order_days], dtype=float)
    whose = np.ones(len(everyone), dtype=bool)
    return (
        holds(expected_orders(told, AHEAD), len({(number, day) for number, day, _ in came})),
        holds(expected_profit(told, AHEAD, whose, profits), MARGIN * sum(revenue for *_, revenue in came)),
    )


def a_life(random: np.random.Generator) -> Iterator[tuple[float, int]]:
    """Yield order after order: in days, with revenue; after any of them they may be gone."""
    rate, leaving = random.gamma(MODEL.r, 1 / MODEL.alpha), random.beta(MODEL.a, MODEL.b)
    spends, at = random.gamma(MODEL.q, 1 / MODEL.v), random.uniform(0, UNTIL - 1)
    while at < UNTIL + AHEAD:
        yield at, max(round(random.gamma(MODEL.p, 1 / spends)), 1)
        if random.random() < leaving:
            return
        at += random.exponential(1 / rate)


def orders_of(customer: str, life: Sequence[tuple[float, int]]) -> list[Order]:
    known = [(at, revenue) for at, revenue in life if at < UNTIL]
    return [
        replace(
            an_order(at, revenue, name=f"{customer}-{at}", cost=round(revenue * (1 - MARGIN))),
            customer=customer,
        )
        for at, revenue in known
    ]


def holds(told: Estimate, came: float) -> bool:
    """Whether it came to lie in the range."""
    return told.lo is not None and told.hi is not None and told.lo <= came <= told.hi

"""The range of the average of customers like this one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nextorder.scoring.interval import Z80, amount_range, drift_of, probability_range
from nextorder.scoring.margin import shrunk_margin
from tests.unit.scoring_cases import a_model

probabilities = st.floats(0, 1)


@given(probabilities, st.floats(0.01, 3), st.integers(1, 10_000))
def test_a_probability_lies_in_its_range_and_the_range_in_0_to_1(p: float, drift: float, group: int) -> None:
    estimate = probability_range(p, drift, group)

    assert 0 <= estimate.lo <= estimate.value <= estimate.hi <= 1


@pytest.mark.parametrize("p", [0.03, 0.1, 0.5, 0.9])
def test_where_a_group_expects_many_orders_the_range_is_the_logit_interval(p: float) -> None:
    half = Z80 * math.sqrt(0.25**2 + 1 / (200 * p * (1 - p)))
    odds = math.log(p / (1 - p))

    estimate = probability_range(p, 0.25, 200)

    # half a customer of the group wider, and the rare-order term a little narrower
    assert estimate.lo == pytest.approx(1 / (1 + math.exp(half - odds)), abs=0.004)
    assert estimate.hi == pytest.approx(1 / (1 + math.exp(-half - odds)), abs=0.004)


@pytest.mark.parametrize("p", [1e-9, 1e-6, 1e-4, 0.002, 0.01, 0.05, 0.3, 0.7])
def test_without_drift_four_of_five_group_rates_fall_inside(p: float) -> None:
    estimate = probability_range(p, 1e-9, 200)
    counts = stats.binom(200, p)

    inside = counts.cdf(math.floor(200 * estimate.hi)) - counts.cdf(math.ceil(200 * estimate.lo) - 1)

    assert inside >= 0.76


@given(st.floats(1e-300, 1e-4), st.floats(1e-300, 1e-4))
def test_the_rarer_the_order_the_lower_the_upper_end(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert probability_range(low, 0.3, 200).hi <= probability_range(high, 0.3, 200).hi


def test_drift_between_horizons_is_taken_by_log_days_and_held_outside() -> None:
    model = a_model(drift={"1": 0.1, "100": 0.3})

    assert drift_of(model, 10.0) == pytest.approx(0.2)
    assert drift_of(model, 0.5) == 0.1
    assert drift_of(model, 365.0) == 0.3


@given(st.floats(-1e9, 1e9), st.floats(0, 1e12))
def test_an_amount_lies_in_its_range_also_when_it_is_a_loss(amount: float, variation: float) -> None:
    estimate = amount_range(amount, variation, 0.3, 200)

    assert estimate.lo <= estimate.value <= estimate.hi
    assert estimate.lo * estimate.hi >= 0


def test_a_margin_leans_on_the_category_then_on_the_store() -> None:
    few = shrunk_margin(900, 1_000, 0.4, 0.3)
    many = shrunk_margin(900_000, 1_000_000, 0.4, 0.3)

    assert 0.4 < few < many < 0.9
    assert shrunk_margin(0, 0, 0.4, 0.3) == 0.4
    assert shrunk_margin(0, 0, None, 0.3) == 0.3


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.floats(-1, 1))
def test_a_margin_stays_in_bounds_and_a_loss_lowers_it(profit: int, revenue: int, rate: float) -> None:
    margin = shrunk_margin(profit, revenue, rate, 0.3)

    assert -1 <= margin <= 1
    assert shrunk_margin(profit - 1_000, revenue, rate, 0.3) <= margin

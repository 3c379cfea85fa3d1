"""Gamma-Gamma means and the range of one customer's own spend."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nextorder.scoring.counts import at_least, chance_of_order, expected_order_days
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import BuyingHistory
from nextorder.scoring.spend import Spend, mean_spend, spend_of, spend_range
from tests.unit.scoring_cases import a_history, a_model, histories, models


def exact_share_below(
    model: StoreModel, history: BuyingHistory, chances: list[float], amount: float
) -> float:
    """Return P(spend <= amount) with scipy's beta prime for every count."""
    shape = model.q + model.p * history.spend_days
    scale = model.v + history.spend_days * history.mean_spend
    masses = [here - beyond for here, beyond in zip(chances, [*chances[1:], 0.0], strict=True)]
    counted = range(1, len(masses) + 1)
    below = stats.betaprime.cdf(amount, [model.p * n for n in counted], shape, scale=scale)
    return 1 - chances[0] + float(masses @ below)


def test_mean_spend_is_the_papers_weighted_mean_of_own_and_population() -> None:
    history = a_history(spend_days=4, mean_spend=3500.0)
    own_weight = 4 * 6.25 / (4 * 6.25 + 3.74 - 1)

    expected = own_weight * 3500 + (1 - own_weight) * 1544 * 6.25 / (3.74 - 1)

    assert mean_spend(a_model(), history) == pytest.approx(expected)


def test_a_customer_without_spend_gets_the_populations_mean() -> None:
    nothing_spent = a_history(spend_days=0, mean_spend=0.0)

    assert mean_spend(a_model(), nothing_spent) == pytest.approx(1544 * 6.25 / (3.74 - 1))


def spend_within(model: StoreModel, history: BuyingHistory, days: float) -> Spend:
    chance, order_days = (f(model, history, days) for f in (chance_of_order, expected_order_days))
    return spend_of(model, history, days, chance, order_days)


@pytest.mark.parametrize(
    ("repeats", "last", "now"),
    [(0, 0.0, 1.0), (3, 120.0, 125.0), (3, 120.0, 200.0), (12, 300.0, 310.0), (60, 400.0, 405.0)],
)
def test_the_log_normal_range_of_own_spend_holds_about_80_of_100_by_exact_integration(
    repeats: int, last: float, now: float
) -> None:
    model = a_model()
    history = a_history(repeat_days=repeats, first_to_last_days=last, tenure_days=now, spend_days=repeats + 1)
    chances = at_least(model, history, 365)

    low, high = spend_range(model, spend_within(model, history, 365))

    assert exact_share_below(model, history, chances, high) == pytest.approx(0.9, abs=0.03)
    if low > 0:
        assert exact_share_below(model, history, chances, low) == pytest.approx(0.1, abs=0.12)
    else:
        assert chances[0] <= 0.9


@given(models, histories(), st.sampled_from([30.0, 365.0]))
def test_the_mean_of_the_range_is_order_days_times_spend_a_day(
    model: StoreModel, history: BuyingHistory, days: float
) -> None:
    expected = expected_order_days(model, history, days) * mean_spend(model, history)

    assert spend_within(model, history, days).mean == pytest.approx(expected, rel=1e-9, abs=1e-250)


def test_the_levels_of_a_band_move_its_ranges_and_no_others() -> None:
    usual, shy = a_model(), a_model(spend_levels=((0.1, 0.9), (0.1, 0.9), (0.1, 0.9), (0.05, 0.97)))
    busy, slow = a_history(tenure_days=121.0), a_history(tenure_days=1000.0)

    narrow, wide = (spend_range(model, spend_within(model, busy, 365)) for model in (usual, shy))

    assert wide[0] <= narrow[0]
    assert wide[1] > narrow[1]
    assert spend_range(usual, spend_within(usual, slow, 30)) == spend_range(shy, spend_within(shy, slow, 30))


def test_a_customer_who_is_all_but_gone_is_expected_to_spend_nothing() -> None:
    gone = a_history(repeat_days=9, first_to_last_days=30.0, tenure_days=1500.0)

    assert spend_range(a_model(), spend_within(a_model(), gone, 365)) == (0.0, 0.0)


@given(models, histories(), st.sampled_from([30.0, 365.0]))
def test_ranges_are_finite_and_in_order_for_extreme_customers(
    model: StoreModel, history: BuyingHistory, days: float
) -> None:
    spend = spend_within(model, history, days)

    low, high = spend_range(model, spend)

    assert 0 <= low <= high < math.inf
    assert 0 <= spend.variation < math.inf
    assert 0 < mean_spend(model, history) < math.inf

"""MBG/NBD for one customer: right to many digits, and sane far outside the ordinary."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import hyp2f1

from nextorder.scoring.counts import at_least, chance_of_order, expected_order_days, p_active
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.model import StoreModel
from tests.unit.scoring_cases import a_history, a_model, histories, models

PRECISION = 1e-9


def published_expectation(model: StoreModel, history: BuyingHistory, horizon_days: float) -> float:
    """Return Batislam et al.'s closed form with scipy's 2F1."""
    r, alpha, a, b, x = model.r, model.alpha, model.a, model.b, history.repeat_days
    z = horizon_days / (alpha + history.tenure_days + horizon_days)
    rest: float = math.exp((r + x) * math.log1p(-z)) * hyp2f1(r + x, b + x + 1, a + b + x, z)
    return published_activity(model, history) * (a + b + x) / (a - 1) * (1 - rest)


def published_activity(model: StoreModel, history: BuyingHistory) -> float:
    ratio = (model.alpha + history.tenure_days) / (model.alpha + history.first_to_last_days)
    x = history.repeat_days
    odds_left: float = model.a / (model.b + x) * ratio ** (model.r + x)
    return 1 / (1 + odds_left)


def thousands_of_customers() -> list[tuple[StoreModel, BuyingHistory, float]]:
    """Draw stores as the prior spreads them, and customers of all kinds, with a fixed seed."""
    draw = random.Random(2007)  # noqa: S311 - no secret
    cases = []
    for _ in range(3000):
        tenure = draw.uniform(0, 1500)
        x = draw.choice([0, 0, 1, 2, 3, 5, 8, 13, 30])
        model = a_model(
            r=math.exp(draw.gauss(0.17, 1.0)),
            alpha=math.exp(draw.gauss(4.5, 1.0)),
            a=math.exp(draw.gauss(-1.1, 1.2)),
            b=math.exp(draw.gauss(0.7, 1.3)),
        )
        silent = draw.random() * (0.9 if x else 1.0)
        t_x = tenure * (1 - silent) if x else 0.0
        history = a_history(repeat_days=x, first_to_last_days=t_x, tenure_days=tenure)
        cases.append((model, history, draw.choice([0.5, 5.0, 7.0, 30.0, 90.0, 180.0, 365.0])))
    return cases


def test_answers_agree_with_the_published_closed_forms_for_thousands_of_customers() -> None:
    for model, history, days in thousands_of_customers():
        active = published_activity(model, history)
        arrives = 1 - stats.lomax.sf(
            days, model.r + history.repeat_days, scale=model.alpha + history.tenure_days
        )

        assert p_active(model, history) == pytest.approx(active, rel=PRECISION)
        assert chance_of_order(model, history, days) == pytest.approx(active * arrives, rel=PRECISION)
        # the published difference itself has lost its digits by 1e-13 / what remains of 1
        lost = 1e-13 * active * (model.a + model.b + history.repeat_days) / abs(model.a - 1)
        assert expected_order_days(model, history, days) == pytest.approx(
            published_expectation(model, history, days), rel=PRECISION, abs=lost
        )


@pytest.mark.filterwarnings("ignore")
def test_lifetimes_gives_the_same_answers_for_cdnow_customers() -> None:
    from lifetimes import ModifiedBetaGeoFitter  # noqa: PLC0415 - it warns at import

    peer = ModifiedBetaGeoFitter()
    peer.params_ = dict(zip(("r", "alpha", "a", "b"), (0.525, 43.28, 0.891, 1.614), strict=True))
    for x, t_x, tenure in [(0, 0.0, 10.0), (1, 12.0, 272.0), (2, 213.0, 272.0), (12, 250.0, 270.0)]:
        history = a_history(repeat_days=x, first_to_last_days=t_x, tenure_days=tenure)

        expected = peer.conditional_expected_number_of_purchases_up_to_time(273, x, t_x, tenure)
        active = peer.conditional_probability_alive(x, t_x, tenure)

        assert expected_order_days(a_model(), history, 273) == pytest.approx(float(expected), rel=PRECISION)
        assert p_active(a_model(), history) == pytest.approx(float(active[0]), rel=PRECISION)


@pytest.mark.parametrize("a", [1.0, 1.0 + 1e-12, 1.0 - 1e-9])
def test_expected_order_days_keep_their_digits_where_the_published_form_divides_by_nothing(a: float) -> None:
    beside = [expected_order_days(a_model(a=a + step), a_history(), 365) for step in (-1e-3, 1e-3)]

    assert expected_order_days(a_model(a=a), a_history(), 365) == pytest.approx(sum(beside) / 2, rel=1e-6)


@given(models, histories(), st.sampled_from([0.5, 30.0, 365.0]))
def test_counts_and_chances_tell_one_story(model: StoreModel, history: BuyingHistory, days: float) -> None:
    chances = at_least(model, history, days)
    expected = expected_order_days(model, history, days)

    assert chances[0] == pytest.approx(chance_of_order(model, history, days), rel=1e-9, abs=1e-300)
    assert all(later <= earlier for earlier, later in pairwise(chances))
    assert sum(chances) <= expected * (1 + 1e-9) + 1e-12
    if len(chances) < 100 and chances[0] > 1e-3:
        assert sum(chances) == pytest.approx(expected, rel=1e-3)


@given(models, histories(), st.sampled_from([0.5, 30.0, 365.0]))
def test_every_number_is_finite_and_in_bounds_for_extreme_customers(
    model: StoreModel, history: BuyingHistory, days: float
) -> None:
    assert 0 <= p_active(model, history) <= 1
    assert 0 <= chance_of_order(model, history, days) <= p_active(model, history)
    assert chance_of_order(model, history, days) <= expected_order_days(model, history, days) * (1 + 1e-9)
    assert math.isfinite(expected_order_days(model, history, days))


@given(models, histories(), st.floats(0, 3000), st.sampled_from([5.0, 365.0]))
def test_silence_never_raises_chances_or_counts(
    model: StoreModel, history: BuyingHistory, more: float, days: float
) -> None:
    later = history.at(history.tenure_days + more)

    assert p_active(model, later) <= p_active(model, history) * (1 + PRECISION)
    assert chance_of_order(model, later, days) <= chance_of_order(model, history, days) * (1 + PRECISION)
    before, after = (expected_order_days(model, one, days) for one in (history, later))
    assert after <= before * (1 + PRECISION)


@given(models, histories(), st.floats(0.01, 365), st.floats(0.01, 365))
def test_a_longer_horizon_never_lowers_the_chance(
    model: StoreModel, history: BuyingHistory, one: float, other: float
) -> None:
    assume(one < other)

    assert chance_of_order(model, history, one) <= chance_of_order(model, history, other)
    assert expected_order_days(model, history, one) <= expected_order_days(model, history, other) * (
        1 + PRECISION
    )


def test_a_one_time_buyer_is_not_taken_for_active_for_ever() -> None:
    bought_once = a_history(repeat_days=0, first_to_last_days=0.0)

    chances = [p_active(a_model(), bought_once.at(age)) for age in (0, 100, 1000)]

    assert chances == sorted(chances, reverse=True)
    assert chances[0] < 1
    assert chances[-1] < chances[0] / 2

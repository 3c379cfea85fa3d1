"""What is said of one customer: bounds, order, and how it moves with time."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import (
    HORIZONS,
    BuyingHistory,
    chance_kept,
    chance_of_order,
    forecast,
    next_order_days,
    p_within,
    profit_clv,
)
from tests.unit.scoring_cases import FLAT, a_history, a_model, histories, models

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
moments = st.integers(0, 8760).map(lambda hours: NOW + timedelta(hours=hours))


@given(models, histories(), moments)
def test_chances_and_both_ends_of_their_ranges_rise_with_the_horizon(
    model: StoreModel, history: BuyingHistory, as_of: datetime
) -> None:
    chances = forecast(model, history, as_of=as_of, zone=ZONE).p_order

    estimates = [chances[key] for key in HORIZONS]
    for part in ("lo", "value", "hi"):
        row = [getattr(estimate, part) for estimate in estimates]
        assert row == sorted(row)
    assert all(0 <= one.lo <= one.value <= one.hi <= 1 for one in estimates)


@given(models, histories())
def test_every_amount_is_finite_and_in_order_for_extreme_customers(
    model: StoreModel, history: BuyingHistory
) -> None:
    said = forecast(model, history, as_of=NOW, zone=ZONE)

    clv = said.clv_gp2_365
    amounts = (said.expected_order_days, said.expected_spend, said.spend_lo, said.spend_hi, clv.lo, clv.hi)
    assert all(map(math.isfinite, amounts))
    assert 0 <= said.spend_lo <= said.spend_hi
    assert clv.lo <= clv.value <= clv.hi
    assert clv.value == pytest.approx(profit_clv(model, history), rel=1e-12)


@given(models, histories(), st.floats(0, 3000), st.sampled_from([14, 150, 365]))
def test_silence_never_raises_what_is_kept_of_the_chance(
    model: StoreModel, history: BuyingHistory, more: float, window_days: float
) -> None:
    now = chance_kept(model, history, window_days)
    later = chance_kept(model, history.at(history.tenure_days + more), window_days)

    assert 0 <= later <= now * (1 + 1e-12) <= 1 + 1e-9


@given(models, histories(), st.floats(0, 3000))
def test_silence_moves_expected_profit_towards_nothing(
    model: StoreModel, history: BuyingHistory, more: float
) -> None:
    now, later = (profit_clv(model, one) for one in (history, history.at(history.tenure_days + more)))

    assert abs(later) <= abs(now) * (1 + 1e-9)
    assert later * now >= 0


@given(models, histories())
def test_right_after_an_order_nothing_of_the_chance_is_lost(
    model: StoreModel, history: BuyingHistory
) -> None:
    assert chance_kept(model, history.at(history.first_to_last_days), 150) == 1


def test_the_clock_moves_the_next_hours_but_hardly_the_next_months() -> None:
    mornings = tuple(1.9 if hour % 24 < 12 else 0.1 for hour in range(168))
    midnight = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)

    flat = forecast(a_model(clock=FLAT), a_history(), as_of=midnight, zone=ZONE).p_order
    bent = forecast(a_model(clock=mornings), a_history(), as_of=midnight, zone=ZONE).p_order

    assert bent["0.5"].value == pytest.approx(1.9 * flat["0.5"].value, rel=0.01)
    assert bent["90"].value == pytest.approx(flat["90"].value, rel=0.01)


@given(models, histories())
def test_the_next_order_window_divides_those_who_return_within_a_year(
    model: StoreModel, history: BuyingHistory
) -> None:
    ordered_now = history.at(history.first_to_last_days)
    year = chance_of_order(model, ordered_now, 365)

    window = next_order_days(model, ordered_now)

    if window is None:
        assert year < 0.5
    else:
        shares = [chance_of_order(model, ordered_now, days) / year for days in window]
        assert shares == pytest.approx([0.2, 0.5, 0.8], rel=1e-6)


def test_no_date_is_promised_to_a_customer_who_will_probably_not_return() -> None:
    bought_once = a_history(repeat_days=0, first_to_last_days=0.0, tenure_days=0.0)

    assert next_order_days(a_model(), bought_once) is None


def test_a_chance_within_any_number_of_days_has_a_range_and_may_name_its_drift() -> None:
    model = a_model(drift={"30": 0.1, "90": 0.9})

    by_days = p_within(model, a_history(), 31.0)
    by_key = p_within(model, a_history(), 31.0, "90")

    assert by_days.value == by_key.value == chance_of_order(model, a_history(), 31.0)
    assert by_key.lo < by_days.lo < by_days.value < by_days.hi < by_key.hi

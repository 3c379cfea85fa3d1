"""Everything that is said of one customer in numbers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from nextorder.scoring.clock import Marked, effective_days
from nextorder.scoring.correction import corrected, pieces, shifts
from nextorder.scoring.counts import belief, chance_of_order, expected_order_days, p_active
from nextorder.scoring.estimate import Estimate
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.interval import amount_range, drift_of, probability_range
from nextorder.scoring.model import StoreModel
from nextorder.scoring.spend import mean_spend, spend_of, spend_range

__all__ = [
    "HORIZONS",
    "BuyingHistory",
    "Forecast",
    "chance_kept",
    "chance_of_order",
    "expected_order_days",
    "forecast",
    "kept_by_tenure",
    "next_order_days",
    "p_active",
    "p_within",
    "profit_by_tenure",
    "profit_clv",
]

HORIZONS = ("0.5", "5", "7", "30", "90", "180", "365")
"""In days; what is promised of each is a chance that rises along this list."""
HORIZON_DAYS = tuple(map(float, HORIZONS))
YEAR_DAYS = 365.0
WINDOW_SHARES = (0.2, 0.5, 0.8)
LIKELY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One customer's next year from one moment; amounts in minor units."""

    p_active: float
    p_order: Mapping[str, Estimate]
    """On the hour-of-week clock; key = horizon in days as text."""
    expected_order_days: float
    expected_spend: float
    """Net revenue."""
    spend_lo: float
    spend_hi: float
    """80 % range of her own outcome, unlike the ranges of the averages."""
    clv_gp2_365: Estimate


def chance_kept(model: StoreModel, history: BuyingHistory, window_days: float) -> float:
    """Return P(order within the window | now) over the same at the last order day; 1 falls towards 0."""
    return kept_by_tenure(model, history, window_days)(history.tenure_days)


def kept_by_tenure(model: StoreModel, history: BuyingHistory, window_days: float) -> Callable[[float], float]:
    """Return chance_kept by tenure in days, not before the last order day."""
    at_last = chance_of_order(model, history.at(history.first_to_last_days), window_days)
    return lambda tenure_days: chance_of_order(model, history.at(tenure_days), window_days) / at_last


def profit_clv(model: StoreModel, history: BuyingHistory) -> float:
    """
    Return the gross profit 2 to expect in the next 365 days, minor units, undiscounted.

    By the base model: customers are ranked by it. Without orders it moves towards 0 as time
    passes: a positive one falls, a negative one (negative margin) rises.
    """
    return profit_by_tenure(model, history)(history.tenure_days)


def profit_by_tenure(model: StoreModel, history: BuyingHistory) -> Callable[[float], float]:
    """Return profit_clv by tenure in days, not before the last order day."""
    an_order = mean_spend(model, history)

    def profit(tenure_days: float) -> float:
        return expected_order_days(model, history.at(tenure_days), YEAR_DAYS) * an_order * history.margin_rate

    return profit


def forecast(
    model: StoreModel,
    history: BuyingHistory,
    *,
    as_of: datetime,
    zone: ZoneInfo,
    marked: Sequence[Marked] = (),
) -> Forecast:
    """
    Return all numbers of one customer; `history` is as of the same moment.

    The chances within 12 hours and 5 days allow for `marked` stretches of the calendar; a longer
    one is not less than they are.
    """
    chances = _chances(model, history, as_of, zone, marked)
    order_days = expected_order_days(model, history, chances.effective_year) * chances.year_ratio
    spend = spend_of(model, history, chances.effective_year, chances.said[-1], order_days)
    low, high = spend_range(model, spend)
    profit = profit_clv(model, history) * chances.year_ratio
    return Forecast(
        p_active=p_active(model, history),
        p_order=_ranges(model, chances.said),
        expected_order_days=order_days,
        expected_spend=spend.mean,
        spend_lo=low,
        spend_hi=high,
        clv_gp2_365=amount_range(profit, spend.variation, model.value_drift, model.group),
    )


def next_order_days(model: StoreModel, history: BuyingHistory) -> tuple[float, float, float] | None:
    """
    Return the days by which 20, 50 and 80 of 100 will have ordered, of those who do within a year.

    `history` is as of the last order day, from which the days count. None where fewer
    than half of such customers order within a year: a date would promise too much.
    """
    if chance_of_order(model, history, YEAR_DAYS) < LIKELY:
        return None
    early, middle, late = (_day_of_share(model, history, share) for share in WINDOW_SHARES)
    return early, middle, late


def p_within(model: StoreModel, history: BuyingHistory, horizon_days: float, key: str = "") -> Estimate:
    """Return P(order within any number of days), clock averaged; `key` names a drift, else by days."""
    drift = model.drift.get(key) or drift_of(model, horizon_days)
    return probability_range(chance_of_order(model, history, horizon_days), drift, model.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chances:
    """P(order) within each of the HORIZONS, on the clock."""

    said: Sequence[float]
    effective_year: float
    """A year of clock time, days."""
    year_ratio: float = 1.0
    """What the correction makes of the chance within a year, and so of its order days and spend."""


def _chances(
    model: StoreModel, history: BuyingHistory, as_of: datetime, zone: ZoneInfo, marked: Sequence[Marked]
) -> _Chances:
    """Correct the base's chances where the model and the history allow it."""
    if model.correction is None or not history.days:
        days = effective_days(model.clock, zone, as_of, HORIZON_DAYS, marked)
        base = [chance_of_order(model, history, effective) for effective in days]
        return _Chances(said=base, effective_year=days[-1])
    moments, intervals = pieces(model.correction.edges, HORIZON_DAYS)
    days = effective_days(model.clock, zone, as_of, moments, marked)
    base = [chance_of_order(model, history, effective) for effective in days]
    said = corrected(base, intervals, shifts(model.correction, history, belief(model, history)))
    return _Chances(
        said=[said[moments.index(horizon)] for horizon in HORIZON_DAYS],
        effective_year=days[-1],
        year_ratio=said[-1] / base[-1] if base[-1] > 0.0 else 1.0,
    )


def _ranges(model: StoreModel, chances: Sequence[float]) -> dict[str, Estimate]:
    """Return the chances by horizon; values, lower and upper ends all rise with it."""
    ranges = (
        probability_range(chance, drift_of(model, nominal), model.group)
        for nominal, chance in zip(HORIZON_DAYS, chances, strict=True)
    )
    return dict(zip(HORIZONS, accumulate(ranges, _raised), strict=True))


def _raised(shorter: Estimate, longer: Estimate) -> Estimate:
    return Estimate(value=longer.value, lo=max(shorter.lo, longer.lo), hi=max(shorter.hi, longer.hi))


def _day_of_share(model: StoreModel, history: BuyingHistory, share: float) -> float:
    """Solve P(order within t) = share P(order within a year) for t."""
    shape, waited = model.r + history.repeat_days, model.alpha + history.tenure_days
    within_year = -math.expm1(-shape * math.log1p(YEAR_DAYS / waited))
    return waited * math.expm1(-math.log1p(-share * within_year) / shape)

"""Everything that is said of many customers at once: scoring.predict in columns."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from nextorder.scoring.clock import effective_days
from nextorder.scoring.interval import TINY, drift_of
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import WINDOW_SHARES, YEAR_DAYS
from nextorder.training.batch import chances_of_order, expected_order_days, expected_spend, p_active
from nextorder.training.table import Floats, Summary


def forecast_all(
    model: StoreModel, features: pd.DataFrame, as_of: datetime, zone: ZoneInfo, days: Floats, level: float
) -> pd.DataFrame:
    """Return the rows of `StoreEstimator.predict` for customers of one moment; money in minor units."""
    people = summary_of(features)
    ordering, spending = (model.r, model.alpha, model.a, model.b), (model.p, model.q, model.v)
    effective = effective_days(model.clock, zone, as_of, [float(day) for day in days])
    p = np.stack([chances_of_order(ordering, people, day) for day in effective], axis=1)
    orders = np.stack([expected_order_days(ordering, people, day) for day in effective], axis=1)
    spend = np.stack([expected_spend(ordering, spending, people, day) for day in effective], axis=1)
    low, high = ranges(p, np.array([drift_of(model, float(day)) for day in days]), model.group, level)
    table = pd.DataFrame(
        {
            "customer_id": np.repeat(features["customer_id"].to_numpy(), len(days)),
            "horizon_days": np.tile(days, len(features)),
            "p_order": p.ravel(),
            "p_lo": low.ravel(),
            "p_hi": high.ravel(),
            "expected_orders": orders.ravel(),
            "expected_spend": spend.ravel(),
            "spend_lo": np.zeros(spend.size),
            "spend_hi": 3 * spend.ravel(),
            "p_active": np.repeat(p_active(ordering, people), len(days)),
        }
    )
    for share, waited in zip(WINDOW_SHARES, next_orders(model, people, WINDOW_SHARES), strict=True):
        table[f"next_order_p{share * 100:.0f}"] = np.repeat(waited, len(days))
    return table


def summary_of(features: pd.DataFrame) -> Summary:
    """Return features' columns as the formulas take them."""
    return Summary(
        customer=np.arange(len(features)),
        x=features["repeat_days"].to_numpy(dtype=float),
        t_x=features["first_to_last_days"].to_numpy(dtype=float),
        tenure=features["tenure_days"].to_numpy(dtype=float),
        spend_days=features["spend_days"].to_numpy(dtype=float),
        mean_spend=features["mean_spend"].to_numpy(dtype=float),
        weight=np.ones(len(features)),
    )


def ranges(p: Floats, drift: Floats, group: int, level: float) -> tuple[Floats, Floats]:
    """Return scoring.interval.probability_range of each chance at a level; both ends rise along a row."""
    spread = np.maximum(group * p * (1 - p), TINY)
    half = ndtri((1 + level) / 2) * np.sqrt(drift**2 + np.log1p(1 / spread))
    half = np.where(spread > TINY, half, 0.0)
    low = np.maximum(expit(logit(p) - half) - 0.5 / group, 0.0)
    high = np.minimum(expit(logit(p) + half) + 0.5 / group, 1.0)
    return np.maximum.accumulate(low, axis=1), np.maximum.accumulate(high, axis=1)


def next_orders(model: StoreModel, people: Summary, shares: Iterable[float]) -> list[Floats]:
    """Return the days by which these shares will have ordered, of those who do within a year."""
    shape, waited = model.r + people.x, model.alpha + people.tenure
    within_year = -np.expm1(-shape * np.log1p(YEAR_DAYS / waited))
    return [waited * np.expm1(-np.log1p(-share * within_year) / shape) for share in shares]

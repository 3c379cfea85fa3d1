"""Everything that is said of many customers at once: scoring.predict in columns."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from nextorder.scoring.correction import pieces
from nextorder.scoring.interval import TINY, drift_of
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import WINDOW_SHARES, YEAR_DAYS
from nextorder.training.batch import Spends, chances_of_order, p_active
from nextorder.training.outlook import corrected, edges_of, ordering_of, outlook
from nextorder.training.table import Floats
from nextorder.training.traits import People
from nextorder.training.trees import shifts_of

BLOCK = 10_000
"""Customers at a time: what is in work fits a small machine."""
CURVE_DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 240, 300)
"""Between these and a year the curve of next orders is that of a constant hazard."""


def forecast_all(
    model: StoreModel, people: People, as_of: datetime, zone: ZoneInfo, days: Floats, level: float
) -> pd.DataFrame:
    """Return the numbers of `StoreEstimator.predict`, a row a customer and horizon; money in minor units."""
    starts = range(0, len(people.silence), BLOCK)
    blocks = (people.where(np.arange(start, min(start + BLOCK, len(people.silence)))) for start in starts)
    return pd.concat(
        [_forecast(model, block, as_of, zone, days, level) for block in blocks], ignore_index=True
    )


def _forecast(
    model: StoreModel, people: People, as_of: datetime, zone: ZoneInfo, days: Floats, level: float
) -> pd.DataFrame:
    shift = shifts_of(model.correction, people, ordering_of(model)) if model.correction else None
    seen = outlook(model, people, as_of, zone, [float(day) for day in days], shift)
    drift = np.array([drift_of(model, float(day)) for day in days])
    low, high = ranges(seen.chance, drift, model.group, level)
    least, most = spend_ranges(model, seen.spends)
    columns = {
        "p_order": seen.chance,
        "p_lo": low,
        "p_hi": high,
        "expected_orders": seen.order_days,
        "expected_spend": seen.spends.mean,
        "spend_lo": least,
        "spend_hi": most,
        "p_active": np.repeat(p_active(ordering_of(model), people.summary), len(days)),
    }
    for share, waited in zip(WINDOW_SHARES, next_orders(model, people, shift), strict=True):
        columns[f"next_order_p{share * 100:.0f}"] = np.repeat(waited, len(days))
    return pd.DataFrame({name: column.ravel() for name, column in columns.items()})


def ranges(p: Floats, drift: Floats, group: int, level: float) -> tuple[Floats, Floats]:
    """Return scoring.interval.probability_range of each chance at a level; both ends rise along a row."""
    spread = np.maximum(group * p * (1 - p), TINY)
    half = ndtri((1 + level) / 2) * np.sqrt(drift**2 + np.log1p(1 / spread))
    half = np.where(spread > TINY, half, 0.0)
    low = np.maximum(expit(logit(p) - half) - 0.5 / group, 0.0)
    high = np.minimum(expit(logit(p) + half) + 0.5 / group, 1.0)
    return np.maximum.accumulate(low, axis=1), np.maximum.accumulate(high, axis=1)


def spend_ranges(model: StoreModel, spends: Spends) -> tuple[Floats, Floats]:
    """Return scoring.spend.spend_range of each outcome."""
    levels = np.array(model.spend_levels)[spends.bands]
    return spends.quantile(levels[..., 0]), spends.quantile(levels[..., 1])


def next_orders(model: StoreModel, people: People, shift: Floats | None) -> list[Floats]:
    """Return the days by which 20, 50 and 80 of 100 will have ordered, of those who do within a year."""
    moments, intervals = pieces((0.0, *CURVE_DAYS) if shift is None else edges_of(model), (YEAR_DAYS,))
    chance = np.column_stack([chances_of_order(ordering_of(model), people.summary, day) for day in moments])
    if shift is not None:
        chance = corrected(chance, np.array(intervals), shift)
    waits = -np.log1p(-np.column_stack([np.zeros(len(chance)), np.minimum(chance, 1 - 1e-16)]))
    days, rows = np.array([0.0, *moments]), np.arange(len(chance))
    found = []
    for share in WINDOW_SHARES:
        wait = -np.log1p(-share * np.minimum(chance[:, -1], 1 - 1e-16))
        at = np.clip((waits < wait[:, None]).sum(axis=1), 1, len(moments))
        near, far = waits[rows, at - 1], waits[rows, at]
        part = np.divide(wait - near, far - near, out=np.ones_like(near), where=far > near)
        found.append(days[at - 1] + part * (days[at] - days[at - 1]))
    return found

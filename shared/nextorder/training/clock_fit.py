"""Fit the hour-of-week clock: when in the week this shop's customers order."""

from datetime import datetime, timedelta

import numpy as np

from nextorder.training.table import Floats, Ints, OrderTable

LOOK_BACK = timedelta(weeks=26)
DAYS, HOURS = 7, 24
MARGIN_WEIGHT = 5.0
"""Orders of uniform belief behind each day and each hour."""
CELL_WEIGHT = 3.0
"""Orders of day-times-hour belief behind each of the 168 hours."""
LEAST = 0.001
"""Of the mean: no hour is impossible."""
DIGITS = 8


def fit_clock(table: OrderTable, as_of: datetime) -> tuple[float, ...]:
    """
    Return the relative order intensity of the 168 hours of the week, mean 1, Monday 00:00 first.

    Counts of the last 26 weeks, shrunk to the product of day and hour, and these to
    uniform. Orders stamped at exactly local midnight carry a date only (imports do
    that) and count for every hour of their day alike.
    """
    since = (as_of - LOOK_BACK).timestamp()
    hours = table.local_hour[(table.second > since) & (table.second <= as_of.timestamp())]
    dated = hours % HOURS == 0
    timed = np.bincount(hours[~dated].astype(int), minlength=DAYS * HOURS).reshape(DAYS, HOURS)
    whole_days = np.bincount((hours[dated] / HOURS).astype(int), minlength=DAYS)

    by_day = _share(timed.sum(axis=1) + whole_days)
    by_hour = _share(timed.sum(axis=0))
    product = np.outer(by_day, by_hour)
    spread = whole_days[:, None] * by_hour
    cells = timed + spread + CELL_WEIGHT * DAYS * HOURS * product
    clock = np.round((1 - LEAST) * cells / cells.mean() + LEAST, DIGITS).ravel()
    return tuple(float(value) for value in clock)


def _share(counts: Ints) -> Floats:
    padded = counts.astype(float) + MARGIN_WEIGHT
    shares: Floats = padded / padded.sum()
    return shares

"""What the learning peers see of a customer, and the past moments they learn from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from nextorder.training.table import Floats
from tests.bench.model.protocol import History, Outcome, outcome

WINDOWS_DAYS = (7, 14, 30, 90, 180)
WEEK = 7
LEAST_HISTORY_DAYS = 14.0
MOST_ORIGINS = 4
SEASONS = 4


def rfm(history: History) -> Floats:
    """Return the logs of recency, frequency and monetary value, and of tenure: one row a customer."""
    columns = (
        history.cut - history.last_at,
        history.days - 1,
        np.maximum(history.mean_amount, 0),
        history.cut - history.first_at,
    )
    table: Floats = np.log1p(np.stack(columns, axis=1))
    return table


def described(history: History) -> Floats:
    """Return rfm and the rhythm: gaps, silence in units of the own gap, counts of late, spend of late."""
    count, silent = history.days, history.cut - history.last_at
    gap_days = np.diff(history.at)[np.diff(history.customer) == 0]
    owner = history.customer[1:][np.diff(history.customer) == 0]
    usual = float(np.median(gap_days)) if len(gap_days) else 30.0
    sums, squares = (np.bincount(owner, gap_days**k, len(count)) for k in (1, 2))
    gap = (sums + usual) / count
    last_gap = np.where(count > 1, history.at[history.last_rows] - history.at[history.last_rows - 1], np.nan)
    spread = np.sqrt(
        np.maximum(squares / np.maximum(count - 1, 1) - (sums / np.maximum(count - 1, 1)) ** 2, 0)
    )
    age = history.cut - history.at
    late = [np.bincount(history.customer[age <= days], minlength=len(count)) for days in WINDOWS_DAYS]
    spent = np.bincount(history.customer, history.amount * (age <= WINDOWS_DAYS[-2]), len(count))
    rhythm = (count, gap, silent / gap, last_gap, spread, history.amount[history.last_rows], spent, *late)
    return np.column_stack([rfm(history), *rhythm])


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A past moment: what was known of the customers, and what they did within the horizons."""

    history: History
    outcome: Outcome
    table: Floats = field(repr=False)


def past(history: History, horizon_days: float) -> list[Origin]:
    """
    Return up to four past origins whose horizon ended by the cut-off, the latest first.

    All lie whole weeks before the cut-off, so that the peers, too, learn the hour of the week.
    """
    step = WEEK * ceil(horizon_days / SEASONS / WEEK)
    latest = history.cut - WEEK * ceil(horizon_days / WEEK)
    origins = [latest - step * number for number in range(MOST_ORIGINS)]
    return list(_seen_from(history, origins, [horizon_days]))


def trainable(history: History, horizon_days: float, least_days: float = 1.0) -> tuple[float, list[Origin]]:
    """
    Return the horizon that can be learnt, the asked one or a shorter, and its origins.

    Where the history is too short for a horizon a peer learns the longest half, quarter,
    ... that fits, and its answer is prolonged with a constant rate.
    """
    days = horizon_days
    while days >= least_days / 2:
        if origins := past(history, days):
            return days, origins
        days /= 2
    return horizon_days, []


def prolonged(chance: Floats, learnt_days: float, asked_days: float) -> Floats:
    """Return the chance over a longer stretch at the same rate."""
    longer: Floats = -np.expm1(np.log1p(-np.minimum(chance, 1 - 1e-12)) * asked_days / learnt_days)
    return longer


def _seen_from(history: History, origins: Sequence[float], horizons: Sequence[float]) -> Iterator[Origin]:
    first = float(history.at.min())
    for origin in origins:
        if origin - first < LEAST_HISTORY_DAYS:
            continue
        known, customers = history.before(origin)
        yield Origin(known, outcome(history, customers, origin, horizons), described(known))

"""Honest forecasts of the past: fitted to what came before a moment, laid beside what came after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.predict import HORIZON_DAYS
from nextorder.training.base_fit import fit_base
from nextorder.training.batch import Ordering
from nextorder.training.crowd import Crowd
from nextorder.training.hazard import fit_correction
from nextorder.training.outlook import Outlook, outlook
from nextorder.training.prior import Prior
from nextorder.training.table import DAY_SECONDS, Floats, OrderTable, Summary, is_dated, summarise

LEAD_DAYS = (7, 30, 90, 180, 270, 365)
"""How long before now the origins lie."""
LEAST_HISTORY_DAYS = 30.0
LEAST_REPEATERS = 50
JUDGED = 5_000
"""Customers drawn at an origin: more tell the same."""
ROUGH = 1e-9
"""Of the log-likelihood: far below what an origin's sampling does to the parameters."""
TAUGHT = 1_000
"""
Customers an origin of a correction that is only judged; taught by 500 it forecasts visibly worse
than the one it stands for, and the base is kept where it should not be.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """One origin's forecasts and outcomes, customer x horizon."""

    origin: datetime
    days: tuple[float, ...]
    """The horizons that have come to their end."""
    ordered: Floats
    spent: Floats
    """Minor units."""
    base: Outlook
    corrected: Outlook | None
    """None where nothing was to be corrected, or too little to learn it from."""


def look_back(
    table: OrderTable,
    as_of: datetime,
    zone: ZoneInfo,
    prior: Prior,
    start: Ordering,
    group: int,
    crowd: Crowd | None = None,
) -> Iterator[Past]:
    """Forecast from every origin that has enough history; with a `crowd`, by a correction too."""
    # stamps that carry a date only cannot judge hours
    shortest = 1.0 if is_dated(table) else 0.0
    for lead in LEAD_DAYS:
        origin = as_of - timedelta(days=lead)
        known = table.before(origin)
        if not _enough(known, origin, group):
            continue
        base = fit_base(known, origin, prior, start, ROUGH)
        drawn = (crowd or Crowd.of(table)).drawn(JUDGED)
        people = drawn.people(known, origin, base.usual)
        days = tuple(day for day in HORIZON_DAYS if shortest <= day <= lead)
        ordered, spent = outcomes(table, people.summary, origin, days)
        correction = fit_correction(known, origin, zone, base, crowd, TAUGHT) if crowd else None
        asked = (people, origin, zone, days)
        yield Past(
            origin=origin,
            days=days,
            ordered=ordered,
            spent=spent,
            base=outlook(base.model(prior), *asked),
            corrected=outlook(base.model(prior, correction=correction), *asked) if correction else None,
        )


def _enough(known: OrderTable, origin: datetime, group: int) -> bool:
    if not len(known.second):
        return False
    summary = summarise(known, origin)
    repeaters = int((summary.x > 0).sum())
    long = bool(summary.tenure.max() >= LEAST_HISTORY_DAYS)
    return long and len(summary.x) >= group and repeaters >= LEAST_REPEATERS


def outcomes(
    table: OrderTable, known: Summary, origin: datetime, days: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return for each known customer and horizon whether she ordered, and how much she spent."""
    begin = origin.timestamp()
    later = table.where((table.second >= begin) & np.isin(table.customer, known.customer))
    place, wait = np.searchsorted(known.customer, later.customer), (later.second - begin) / DAY_SECONDS
    ordered, spent = (np.zeros((len(known.customer), len(days))) for _ in range(2))
    for at, horizon in enumerate(days):
        soon = wait < horizon
        ordered[place[soon], at] = 1.0
        np.add.at(spent[:, at], place[soon], np.maximum(later.revenue[soon], 0.0))
    return ordered, spent

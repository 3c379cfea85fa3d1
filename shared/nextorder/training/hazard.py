"""Fit the correction of a store: rows of the past, trees and a smooth form, trust, level."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import lightgbm as lgb
import numpy as np
from scipy.special import expit, logit

from nextorder.scoring.correction import Correction
from nextorder.scoring.smooth import Smooth
from nextorder.scoring.traits import TRAITS
from nextorder.training.base_fit import Base, survival
from nextorder.training.crowd import Crowd
from nextorder.training.smooth_fit import fit_smooth, logs_of
from nextorder.training.table import DAY_SECONDS, Floats, OrderTable, Summary, is_dated, span_days
from nextorder.training.traits import People, stretches_of
from nextorder.training.trees import flat, shifts_of

WEEKS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0)
MONTHS = (30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0, 240.0, 300.0, 365.0)
EDGES = (0.0, 0.5, *WEEKS, *MONTHS)
"""Days ahead; every horizon that is promised is one of them."""
NEAR_LEADS = (7, 14, 21, 28, 35, 42, 49, 63, 77, 91, 105)
LEADS = (*NEAR_LEADS, 119, 154, 182, 217, 245, 301, 364, 448, 539, 721)
"""
Days before now from which training looks ahead: near ones in whole weeks, so that each
interval falls on the same days of the week as today.
"""
FADING_DAYS = 30.0
"""
An origin this many days back weighs half of today. Tuned as BOOSTING: 20 to 60 lie within 0.3 %
of each other; equal weights lose 0.5 % on Online Retail II.
"""
SPARED = 4
"""The smooth form learns from one in so many rows without an order, and weighs them as many times."""
CUSTOMERS_AN_ORIGIN = 1_500
"""Twice or half as many make no difference to the log loss on the tuning cut-offs."""
BOOSTING = {
    "objective": "binary",
    "num_leaves": 6,
    "learning_rate": 0.1,
    "min_data_in_leaf": 200,
    "lambda_l2": 100.0,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
"""
Tuned on CDNOW 1997-09-01 and 1998-02-01, Online Retail II 2010-12-15, 2011-03-01 and
2011-08-01, Ta-Feng 2001-01-15 and 2001-02-05: 30 to 120 trees of 6 to 16 leaves lie
within 0.2 % of each other, and the smaller ones are not the worse.
"""
ROUNDS = 60
EVIDENCE = 400.0
"""Repeat order days at which half of the correction is believed."""
LEAST_EVENTS = 20
LEAST_ORIGIN = 20
"""Order days before an origin: fewer teach nothing."""
CROWD = 5_000
NEWTON_STEPS = 20
SURE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """One row an origin, customer and interval without an order before it."""

    columns: Floats
    logs: Floats
    """scoring.smooth.LOGS."""
    weight: Floats
    hazard: Floats
    """The base's chance of an order in the interval."""
    ordered: Floats


def fit_correction(
    table: OrderTable,
    as_of: datetime,
    zone: ZoneInfo,
    base: Base,
    crowd: Crowd,
    taught: int = CUSTOMERS_AN_ORIGIN,
    share: float = 1.0,
) -> Correction | None:
    """
    Return the correction of a base that was fitted to the same table; None where orders are too few.

    `taught` customers are drawn at each origin; of what the evidence carries a `share` is taken.
    """
    parts = list(_rows(table, as_of, zone, base, crowd.drawn(taught)))
    if sum(part.ordered.sum() for part in parts) < LEAST_EVENTS:
        return None
    rows = _joined(parts)
    offset = _log_odds(rows.hazard)
    data = lgb.Dataset(rows.columns, rows.ordered, init_score=offset, weight=rows.weight)
    booster = lgb.train(BOOSTING | {"seed": crowd.seed}, data, ROUNDS)
    trust = share * _trust(table, as_of, len(table.second) - len(np.unique(table.customer)))
    grown = Correction(
        usual=base.usual,
        marks=crowd.names,
        edges=tuple(map(float, edges_of(table))),
        trust=tuple(map(float, trust)),
        level=(0.0,) * len(trust),
        trees=flat(booster),
        smooth=_smooth(rows, offset, crowd),
    )
    return _levelled(grown, crowd.drawn(CROWD).people(table, as_of, base.usual), base, as_of, zone)


def _rows(table: OrderTable, as_of: datetime, zone: ZoneInfo, base: Base, crowd: Crowd) -> Iterator[Rows]:
    """Look ahead from every origin, no farther than to now: recent ones teach the short intervals."""
    edges = edges_of(table)
    for lead in LEADS:
        origin = as_of - timedelta(days=lead)
        known = table.before(origin)
        if len(known.second) < LEAST_ORIGIN:
            continue
        people = crowd.people(known, origin, base.usual)
        seen = edges[: np.searchsorted(edges, lead, side="right")]
        event = np.searchsorted(seen, _waits(table, people.summary, origin), side="right") - 1
        asked = np.minimum(event + 1, len(seen) - 1)
        who = np.repeat(np.arange(len(asked)), asked)
        interval = np.arange(len(who)) - np.repeat(np.cumsum(asked) - asked, asked)
        hazard = hazards(survival(base, people.summary, origin, zone, seen[1:]))
        ahead = stretches_of(people, base.usual, edges)
        logs = logs_of(people, base.ordering)
        yield Rows(
            columns=np.column_stack([people.traits[who], ahead[who, interval]]),
            logs=np.column_stack([logs[who], np.log1p(ahead[who, interval, 0])]),
            weight=np.full(len(who), 1.0 / (1.0 + lead / FADING_DAYS)),
            hazard=hazard[who, interval],
            ordered=(interval == event[who]).astype(float),
        )


def _joined(parts: Sequence[Rows]) -> Rows:
    """Put origins below each other; their weights become 1 on average."""
    columns = {one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Rows)}
    columns["weight"] /= columns["weight"].mean()
    return Rows(**columns)


def _smooth(rows: Rows, offset: Floats, crowd: Crowd) -> Smooth:
    """Fit the smooth form to all rows with an order and some without."""
    random = np.random.default_rng(crowd.seed)
    taken = np.flatnonzero((rows.ordered > 0) | (random.random(len(offset)) < 1.0 / SPARED))
    weight = rows.weight * np.where(rows.ordered > 0, 1.0, SPARED)
    marks = rows.columns[:, len(TRAITS) : len(TRAITS) + len(crowd.names)]
    return fit_smooth(rows.logs[taken], marks[taken], offset[taken], rows.ordered[taken], weight[taken])


def hazards(surviving: Floats) -> Floats:
    """Return the chance of an order in each interval of those without one before it."""
    before = np.column_stack([np.ones(len(surviving)), surviving[:, :-1]])
    chances: Floats = 1.0 - np.divide(surviving, before, out=np.ones_like(before), where=before > 0.0)
    return chances


def _waits(table: OrderTable, summary: Summary, origin: datetime) -> Floats:
    """Return each customer's days from an origin to the next order day; infinite without one."""
    begin = origin.timestamp()
    later = table.where((table.second >= begin) & np.isin(table.customer, summary.customer))
    waits = np.full(len(summary.customer), np.inf)
    place = np.searchsorted(summary.customer, later.customer)
    np.minimum.at(waits, place, (later.second - begin) / DAY_SECONDS)
    return waits


def edges_of(table: OrderTable) -> Floats:
    """Return the EDGES; whole days only where stamps carry a date only."""
    return np.array([edge for edge in EDGES if edge % 1.0 == 0.0 or not is_dated(table)])


def _trust(table: OrderTable, as_of: datetime, repeats: int) -> Floats:
    """
    Return W / (W + 1) E / (E + 400) by interval.

    W counts how many times the stretch from now to the interval's end lies in the history
    after its first: that many independent looks there were. E counts repeat order days.
    """
    span = span_days(table, as_of)
    ends = edges_of(table)[1:]
    looks = np.maximum(span - ends, 0.0) / ends
    trust: Floats = looks / (looks + 1.0) * repeats / (repeats + EVIDENCE)
    return trust


def _levelled(grown: Correction, people: People, base: Base, as_of: datetime, zone: ZoneInfo) -> Correction:
    """
    Add to each interval what keeps the crowd's expected orders those of the base.

    The trees learn the season of the last origins along with the customers' shapes. The
    level of a store is drift, which the ranges carry; its shape is what is to be learned.
    """
    surviving = survival(base, people.summary, as_of, zone, np.array(grown.edges[1:]))
    waiting = np.column_stack([np.ones(len(surviving)), surviving[:, :-1]])
    hazard, shift = hazards(surviving), shifts_of(grown, people, base.ordering)
    level = [
        _level(waiting[:, k], _log_odds(hazard[:, k]) + shift[:, k], float(waiting[:, k] @ hazard[:, k]))
        for k in range(shift.shape[1])
    ]
    return replace(grown, level=tuple(level))


def _level(waiting: Floats, log_odds: Floats, expected: float) -> float:
    """Solve sum(waiting expit(log_odds + level)) = expected by repeated scaling."""
    level = 0.0
    for _ in range(NEWTON_STEPS):
        level += float(np.log(max(expected, SURE) / max(float(waiting @ expit(log_odds + level)), SURE)))
    return level


def _log_odds(hazard: Floats) -> Floats:
    odds: Floats = logit(np.clip(hazard, SURE, 1.0 - SURE))
    return odds

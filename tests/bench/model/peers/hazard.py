"""A plain discrete-time hazard GBM on the store's own past: no base model, no offset."""

from collections.abc import Sequence

import lightgbm
import numpy as np

from nextorder.training.table import Bools, Floats
from tests.bench.model.features import LEAST_HISTORY_DAYS, described, prolonged
from tests.bench.model.protocol import SEED, Forecast, History, outcome

GRID = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0)
"""Ends of the intervals, in days; every horizon is one of them."""
WEEKS_BEFORE = (1, 2, 3, 4, 6, 8, 10, 13, 17, 21, 26, 34, 43, 52)
MOST_ROWS = 300_000
LEAVES, RATE, LEAST_IN_LEAF = 7, 0.05, 200
EVENTS_A_TREE, TREES = 10, (15, 100)
"""Like the leaves and the rate the best of several on the tuning cut-offs, large and small stores."""
LEAST_EVENTS = 5


class HazardBoosting:
    """One LightGBM for P(order in an interval | none before it); survival is the product."""

    name = "Hazard GBM"

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Answer all horizons from one model; intervals that nobody was seen in get the last one's rate."""
        ends = [end for end in GRID if end <= max(horizons) and (history.timed or end >= 1)]
        rows, happened, seen = _person_periods(history, ends)
        if min(happened.sum(), (~happened).sum()) < LEAST_EVENTS:
            return Forecast(chances={days: np.full(len(history.days), 0.5) for days in horizons})
        booster = _boosted(rows, happened)
        asked, chances, survival, hazard = described(history), {}, np.ones(len(history.days)), None
        for number, (begin, end) in enumerate(zip([0.0, *ends], ends, strict=False)):
            if seen[number] or hazard is None:
                learnt, hazard = end - begin, np.asarray(booster.predict(_with_interval(asked, begin, end)))
            survival = survival * (1 - prolonged(hazard, learnt, end - begin))
            if end in horizons:
                chances[end] = 1 - survival
        longest = max((end for end, was in zip(ends, seen, strict=True) if was), default=0.0)
        return Forecast(chances=chances, notes={"rows": len(rows), "longest interval seen to": longest})


def _person_periods(history: History, ends: Sequence[float]) -> tuple[Floats, Bools, list[bool]]:
    """Return one row per origin, customer and fully observed interval without an order before it."""
    first = float(history.at.min())
    origins = [history.cut - 7.0 * weeks for weeks in WEEKS_BEFORE]
    origins = [origin for origin in origins if origin - first >= LEAST_HISTORY_DAYS]
    random = np.random.default_rng(SEED)
    share = MOST_ROWS / max(len(origins) * len(history.days) * len(ends) / 2, 1)
    tables, answers, seen = [], [], [False] * len(ends)
    for origin in origins:
        known, customers = history.before(origin)
        done = outcome(history, customers, origin, ends)
        table = described(known)
        waiting = random.random(len(customers)) < share
        for number, (begin, end) in enumerate(zip([0.0, *ends], ends, strict=False)):
            if origin + end > history.cut or not waiting.any():
                break
            seen[number] = True
            tables.append(_with_interval(table[waiting], begin, end))
            answers.append(done.ordered[end][waiting])
            waiting &= ~done.ordered[end]
    if not tables:
        return np.zeros((0, 0)), np.zeros(0, dtype=bool), seen
    return np.concatenate(tables), np.concatenate(answers), seen


def _with_interval(table: Floats, begin: float, end: float) -> Floats:
    interval = np.broadcast_to([begin, end - begin], (len(table), 2))
    return np.column_stack([table, interval])


def _boosted(rows: Floats, happened: Bools) -> lightgbm.Booster:
    settings = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": RATE,
        "min_data_in_leaf": LEAST_IN_LEAF,
        "lambda_l2": 1.0,
        "seed": SEED,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    trees = int(np.clip(happened.sum() / EVENTS_A_TREE, *TREES))
    return lightgbm.train(settings, lightgbm.Dataset(rows, happened.astype(float)), trees)

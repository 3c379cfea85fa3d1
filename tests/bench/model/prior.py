"""The prior of the bundled stores without the one that is judged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.predict import HORIZONS
from nextorder.training.drift import measure_drift
from nextorder.training.order_fit import fit_orders, median_gap
from nextorder.training.prior import SHIPPED, Prior
from nextorder.training.table import DAY_SECONDS, OrderTable, summarise, table_of
from tests.bench.model.data import Store

LEAST_SD = 1.0
"""
Of a log parameter, a factor of e either way: two stores' spread is one number's accuracy,
and by luck nearly nothing.
"""
ZONE = ZoneInfo("UTC")
OWN_ONLY = 1e-6
GROUP = 200


def prior_without(judged: str, stores: Iterable[Store]) -> Prior:
    """
    Return the shipped prior with all that came from stores refitted from the others.

    Mean and deviation of log r, log(alpha / median gap), log a and log b over the other
    stores' whole histories (maximum likelihood); the geometric mean of their median gaps; the
    root mean square of the drift of their forecasts, where none of them has times of
    day the shortest horizon's being the next one's.
    """
    others = [store for store in stores if store.name != judged]
    fits = np.array([_fit(store) for store in others])
    drifts = np.sqrt(np.mean([np.square(_drift(store)) for store in others], axis=0))
    spread = fits.std(axis=0, ddof=1) if len(others) > 1 else np.zeros(fits.shape[1])
    r, alpha, a, b = map(float, fits[:, :4].mean(axis=0))
    sd_r, sd_alpha, sd_a, sd_b = map(float, np.maximum(spread[:4], LEAST_SD))
    return replace(
        SHIPPED,
        log_mean=(r, alpha, a, b),
        log_sd=(sd_r, sd_alpha, sd_a, sd_b),
        gap_days=float(np.exp(fits[:, 4].mean())),
        drift=dict(zip(HORIZONS, map(float, drifts[:-1]), strict=True)),
        value_drift=float(drifts[-1]),
    )


def _fit(store: Store) -> list[float]:
    """Return log r, log(alpha / gap), log a, log b and log gap."""
    table, end = _table(store), _end(store)
    gap = median_gap(table, replace(SHIPPED, gap_weight=0.0))
    r, alpha, a, b = fit_orders(summarise(table, end), gap, prior=None)
    # so many digits are the same on every machine
    return [round(float(value), 6) for value in np.log([r, alpha / gap, a, b, gap])]


def _drift(store: Store) -> list[float]:
    """Return the store's own drift by horizon, and of mean spend."""
    prior = replace(SHIPPED, drift_weight=OWN_ONLY)
    table, end = _table(store), _end(store)
    start = fit_orders(summarise(table, end), median_gap(table, prior), prior)
    found = measure_drift(table, end, ZONE, prior, start, GROUP)
    chances = [found.of_chances[key] for key in HORIZONS]
    if not store.timed:
        chances[0] = chances[1]
    return [*chances, found.of_value]


def _table(store: Store) -> OrderTable:
    return table_of(store.customer, store.at * DAY_SECONDS, np.round(store.amount * 100), ZONE)


def _end(store: Store) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=store.end)

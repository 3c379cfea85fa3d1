"""How wrong honest forecasts of the past were: fitted before a moment, judged by what came after."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.clock import effective_days
from nextorder.scoring.predict import HORIZON_DAYS, HORIZONS
from nextorder.training.batch import Ordering, chances_of_order, expected_spend
from nextorder.training.clock_fit import fit_clock
from nextorder.training.order_fit import fit_orders, median_gap, rounded
from nextorder.training.prior import Prior
from nextorder.training.spend_fit import fit_spend
from nextorder.training.table import DAY_SECONDS, Floats, Ints, OrderTable, Summary, summarise

LEAD_DAYS = (7, 30, 90, 180, 270, 365)
"""How long before now the origins lie."""
LEAST_HISTORY_DAYS = 90.0
LEAST_REPEATERS = 50
VALUE_HORIZONS = (90.0, 180.0, 365.0)
MOST_BINS = 10
LEAST_DRIFT = 0.05
TINY = 1e-12
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """Standard deviations of the logit error by horizon, and of the log error of mean spend."""

    of_chances: dict[str, float]
    of_value: float


def measure_drift(
    table: OrderTable, as_of: datetime, zone: ZoneInfo, prior: Prior, start: Ordering, group: int
) -> Drift:
    """Return the drift of past origins, shrunk to the prior's; all prior where history is short."""
    errors: dict[str, list[float]] = defaultdict(list)
    values: list[float] = []
    # stamps that carry a date only cannot judge hours
    shortest = 1.0 if _dated_share(table) > MOSTLY else 0.0
    for lead in LEAD_DAYS:
        origin = as_of - timedelta(days=lead)
        known = summarise(table, origin)
        if not _enough(known, group):
            continue
        ordering = fit_orders(known, median_gap(table.until(origin), prior), prior, np.log(start))
        hours = effective_days(fit_clock(table, origin), zone, origin, HORIZON_DAYS)
        for key, days, effective in zip(HORIZONS, HORIZON_DAYS, hours, strict=True):
            if not shortest <= days <= lead:
                continue
            happened, _ = _outcome(table, known, origin, days)
            forecast = chances_of_order(ordering, known, effective)
            errors[key].append(_squared_shift(forecast, happened, group, prior.drift[key]))
        if reachable := [days for days in VALUE_HORIZONS if days <= lead]:
            _, spent = _outcome(table, known, origin, reachable[-1])
            expected = expected_spend(ordering, fit_spend(known, prior), known, reachable[-1])
            values.append(_squared_log_ratio(expected, spent, group, prior.value_drift))
    return Drift(
        {key: _shrunk(errors[key], prior.drift[key], prior.drift_weight) for key in HORIZONS},
        _shrunk(values, prior.value_drift, prior.drift_weight),
    )


def _dated_share(table: OrderTable) -> float:
    dated = int((table.local_hour % 24 == 0).sum())
    return dated / max(len(table.local_hour), 1)


def _enough(known: Summary, group: int) -> bool:
    if len(known.x) < group:
        return False
    return bool(known.tenure.max() >= LEAST_HISTORY_DAYS and (known.x > 0).sum() >= LEAST_REPEATERS)


def _outcome(table: OrderTable, known: Summary, origin: datetime, days: float) -> tuple[Floats, Floats]:
    """Return for each known customer whether she ordered within the days, and how much she spent."""
    begin = origin.timestamp()
    after = (table.second > begin) & (table.second <= begin + days * DAY_SECONDS)
    after &= np.isin(table.customer, known.customer)
    place = np.searchsorted(known.customer, table.customer[after])
    orders = np.bincount(place, minlength=len(known.customer))
    amounts = np.maximum(table.revenue[after], 0.0)
    spent = np.bincount(place, weights=amounts, minlength=len(known.customer))
    return (orders > 0).astype(float), spent.astype(float)


def _squared_shift(forecast: Floats, happened: Floats, group: int, believed: float) -> float:
    """Return the mean squared logit error of group rates beyond sampling."""
    squares, weights = [], []
    for members in _bins(forecast, group):
        n, count, expected = len(members), happened[members].sum(), forecast[members].sum()
        sampling = float(np.log1p(n / (expected * (n - expected) + TINY)))
        # half a customer on either side keeps groups without an order finite and unbiased
        shift = np.log((count + 0.5) / (expected + 0.5)) - np.log((n - count + 0.5) / (n - expected + 0.5))
        squares.append(shift**2 - min(sampling, shift**2 + believed**2))
        weights.append((sampling + believed**2) ** -2)
    return max(float(np.average(squares, weights=weights)), 0.0)


def _squared_log_ratio(expected: Floats, spent: Floats, group: int, believed: float) -> float:
    """Return the mean squared log error of group means of spend beyond sampling."""
    squares, weights = [believed**2], [1e-9]
    for members in _bins(expected, group):
        mean = float(spent[members].mean())
        if mean <= 0:
            continue
        sampling = float(np.log1p(spent[members].var() / mean**2 / len(members)))
        squares.append(float(np.log(mean / expected[members].mean())) ** 2 - sampling)
        weights.append((sampling + believed**2) ** -2)
    return max(float(np.average(squares, weights=weights)), 0.0)


def _bins(forecast: Floats, group: int) -> Iterator[Ints]:
    """Cut the customers into at most ten groups by forecast, none smaller than `group`."""
    count = max(1, min(MOST_BINS, len(forecast) // group))
    yield from np.array_split(np.argsort(forecast, kind="stable"), count)


def _shrunk(squares: list[float], believed: float, weight: float) -> float:
    mean = (sum(squares) + weight * believed**2) / (len(squares) + weight)
    return rounded(max(mean, LEAST_DRIFT**2) ** 0.5)

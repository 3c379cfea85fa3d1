"""How wrong honest forecasts of the past were, and how much of the correction made them less so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.model import SPEND_BANDS, USUAL_LEVELS
from nextorder.scoring.predict import HORIZON_DAYS, HORIZONS
from nextorder.training.batch import Ordering
from nextorder.training.order_fit import rounded
from nextorder.training.outlook import Outlook
from nextorder.training.past import Past, look_back
from nextorder.training.prior import Prior
from nextorder.training.table import Floats, Ints, OrderTable

LEAST_ORIGINS = 2
"""One origin is one draw of drift: no choice is made on it."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
USUAL_GAIN = 0.01
"""
Of normalised log loss by the whole correction, believed beforehand like one more past origin: what
it gained on the tuning cut-offs (named at training.hazard.BOOSTING). At past origins it
had learned from less than it has today.
"""
VALUE_DAYS = 90.0
LEVEL_DAYS = 30.0
LEAST_OUTCOMES = 200
MOST_BINS = 10
LEAST_DRIFT = 0.05
SEASON = 0.5
"""
Logit error that a year's seasons may add where no two years were seen, growing to 90 days
ahead. Tuned on Online Retail II 2010-12-15, 2011-03-01 and 2011-08-01: forecasts made in
its first December miss by more than any earlier origin shows.
"""
SEASON_DAYS = 90.0
TWO_YEARS_DAYS = 730.0
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Drift:
    """Standard deviations of the logit error by horizon, and of the log error of mean spend."""

    of_chances: dict[str, float]
    of_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Normalised log loss at one past origin: 1 = knowing the base rate."""

    origin: datetime
    days: tuple[float, ...]
    base: float
    corrected: float | None


def judged(past: Past) -> Judged:
    """Return how well a past forecast did, mean over its horizons."""
    corrected = _loss(past, past.corrected.chance) if past.corrected else None
    return Judged(origin=past.origin, days=past.days, base=_loss(past, past.base.chance), corrected=corrected)


def measure_drift(
    table: OrderTable, as_of: datetime, zone: ZoneInfo, prior: Prior, start: Ordering, group: int
) -> Drift:
    """Return the drift of the base's forecasts, shrunk to the prior's; all prior where history is short."""
    pasts = list(look_back(table, as_of, zone, prior, start, group))
    return drift_of_past([(past, past.base) for past in pasts], prior, group, TWO_YEARS_DAYS)


def share_of_correction(pasts: Iterable[Past]) -> float:
    """Return the share of the correction with which past origins, at least two, were forecast best."""
    told = [(past, past.corrected.chance) for past in pasts if past.corrected]
    if len(told) < LEAST_ORIGINS:
        return 0.0
    losses = {
        share: -share * USUAL_GAIN
        + sum(_loss(past, past.base.chance + share * (chance - past.base.chance)) for past, chance in told)
        for share in SHARES
    }
    return min(losses, key=losses.__getitem__)


def drift_of_past(said: Sequence[tuple[Past, Outlook]], prior: Prior, group: int, span_days: float) -> Drift:
    """Return the drift of what was said at past origins; `span_days` of history showed the seasons."""
    errors: dict[float, list[float]] = defaultdict(list)
    values: list[float] = []
    believed = dict(zip(HORIZON_DAYS, map(prior.drift.__getitem__, HORIZONS), strict=True))
    for past, seen in said:
        for at, days in enumerate(past.days):
            chance, ordered = seen.chance[:, at], past.ordered[:, at]
            errors[days].append(_squared_shift(chance, ordered, group, believed[days]))
        if past.days[-1] >= VALUE_DAYS:
            expected, spent = seen.spends.mean[:, -1], past.spent[:, -1]
            values.append(_squared_log_ratio(expected, spent, group, prior.value_drift))
    chances = {
        key: _with_season(_shrunk(errors[days], prior.drift[key], prior.drift_weight), days, span_days)
        for key, days in zip(HORIZONS, HORIZON_DAYS, strict=True)
    }
    return Drift(chances, _shrunk(values, prior.value_drift, prior.drift_weight))


def spend_levels(said: Sequence[tuple[Past, Outlook]]) -> tuple[tuple[float, float], ...]:
    """
    Return the levels of own spend that held 80 of 100 past outcomes, by band of expected spend.

    Never narrower than 10 % to 90 %. Who bought nothing lies inside a range that begins at
    nothing: at the upper end of her atom for the lower level, below all for the upper.
    """
    bands: list[Ints] = []
    lows: list[Floats] = []
    highs: list[Floats] = []
    for past, seen in said:
        long = np.array(past.days) >= LEVEL_DAYS
        share, spent = seen.spends.below(past.spent), past.spent
        low = 1.0 - seen.chance + seen.chance * share
        bands.append(seen.spends.bands[:, long].ravel())
        lows.append(low[:, long].ravel())
        highs.append(np.where(spent > 0, low, 0.0)[:, long].ravel())
    if not bands:
        return USUAL_LEVELS
    band, low, high = np.concatenate(bands), np.concatenate(lows), np.concatenate(highs)
    return tuple(_levels(low[band == one], high[band == one]) for one in range(len(SPEND_BANDS) + 1))


def _levels(low: Floats, high: Floats) -> tuple[float, float]:
    least, most = USUAL_LEVELS[0]
    if len(low) < LEAST_OUTCOMES:
        return least, most
    found = max(float(np.quantile(low, least)), TINY), min(float(np.quantile(high, most)), 1.0 - TINY)
    return rounded(min(least, found[0])), rounded(max(most, found[1]))


def _loss(past: Past, said: Floats) -> float:
    """Return the mean over horizons of the log loss in units of the base rate's entropy."""
    rate = np.clip(past.ordered.mean(axis=0), TINY, 1.0 - TINY)
    entropy = -(rate * np.log(rate) + (1.0 - rate) * np.log(1.0 - rate))
    chance = np.clip(said, TINY, 1.0 - TINY)
    loss = -np.where(past.ordered > 0, np.log(chance), np.log(1.0 - chance)).mean(axis=0)
    some = past.ordered.any(axis=0)
    return float((loss[some] / entropy[some]).mean()) if some.any() else 0.0


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


def _with_season(sd: float, days: float, span_days: float) -> float:
    unseen = max(1.0 - span_days / TWO_YEARS_DAYS, 0.0)
    return rounded((sd**2 + SEASON**2 * unseen * min(days / SEASON_DAYS, 1.0)) ** 0.5)


def _shrunk(squares: list[float], believed: float, weight: float) -> float:
    mean = (sum(squares) + weight * believed**2) / (len(squares) + weight)
    return rounded(max(mean, LEAST_DRIFT**2) ** 0.5)

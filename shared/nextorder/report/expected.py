"""What is expected of all customers together, and what one brings on average, with their ranges."""

from datetime import timedelta
from math import exp, log, sqrt
from typing import Final

import numpy as np
from scipy.special import expit, logit, stdtrit

from nextorder.report.page import Estimate
from nextorder.report.store import Store
from nextorder.scoring.interval import Z80, amount_range, drift_of
from nextorder.training.foretell import Foretold
from nextorder.training.table import Bools, Floats

LATELY: Final = timedelta(days=365)


def expected_orders(told: Foretold, days: float) -> Estimate:
    """
    Return the order days to expect of everyone within some days, with their 80 % range.

    Forecasts of past moments were off for all customers alike, so all chances are moved together by
    that drift; beside it stands the chance of so many single outcomes, each customer's order days
    taken for geometric, given any.
    """
    at = told.days.index(days)
    chance, orders = told.chance[:, at], told.orders[:, at]
    total = float(orders.sum())
    if total <= 0:
        return Estimate(value=0.0, lo=0.0, hi=0.0)
    each = np.divide(orders, chance, out=np.ones_like(chance), where=chance > 0)
    sampling = float((chance * (2 * each * each - each) - orders * orders).sum())
    low, high = (float((orders * ratio).sum()) for ratio in _moved(chance, drift_of(told.model, days)))
    own = (Z80**2) * max(sampling, 0.0)
    return Estimate(
        value=total,
        lo=max(total - sqrt((total - low) ** 2 + own), 0.0),
        hi=total + sqrt((high - total) ** 2 + own),
    )


def expected_profit(told: Foretold, days: float, whose: Bools, order_profits: Floats) -> Estimate:
    """
    Return the gross profit 2 to expect of some customers within some days, with its 80 % range.

    As in `expected_orders` all move together: by the drift of the chances or, where it is wider, by
    that of mean spend. What single orders may bring is known from `order_profits`, minor units.
    """
    at = told.days.index(days)
    chance, worth = told.chance[whose, at], told.worth[whose, at]
    total, customers = float(worth.sum()), float(chance.sum())
    if total == 0 or customers <= 0:
        return Estimate(value=total, lo=total, hi=total)
    told_range = amount_range(
        total, _squares(order_profits) / customers, drift_of_amounts(told, days, whose), 1
    )
    return Estimate(value=total, lo=told_range.lo, hi=told_range.hi)


def drift_of_amounts(told: Foretold, days: float, whose: Bools) -> float:
    """Return by how much on the log scale all expected amounts of some customers move together, 1 sd."""
    at = told.days.index(days)
    chance, worth = told.chance[whose, at], told.worth[whose, at]
    total = float(worth.sum())
    if not total:
        return told.model.value_drift
    _, high = (float((worth * ratio).sum()) for ratio in _moved(chance, drift_of(told.model, days)))
    return max(told.model.value_drift, log(max(high / total, 1.0)) / Z80)


def quantile_of(amounts: Floats, share: float, drift: float) -> Estimate:
    """
    Return the amount that a share of customers stay below, with its 80 % range.

    All amounts move together by the drift; beside it stands what so few customers leave open: the
    order statistics that are 1.28 binomial standard deviations away (David and Nagaraja, "Order
    Statistics", 3rd edition, 2003, section 7.1).
    """
    room = Z80 * sqrt(share * (1 - share) / len(amounts))
    low, value, high = np.quantile(amounts, [max(share - room, 0.0), share, min(share + room, 1.0)])
    ends = [float(end) * exp(Z80 * drift * way) for end in (low, high) for way in (-1, 1)]
    return Estimate(value=float(value), lo=min(ends[:2]), hi=max(ends[2:]))


def order_profits(store: Store) -> Floats:
    """Return the gross profit 2 of each order day of the last 365 days, minor units."""
    priced = (one for one in store.buyers if not one.unpriced)
    since = store.as_of - LATELY
    return np.array([day.profit for one in priced for day in one.order_days if day.at >= since], dtype=float)


def mean_of(amounts: Floats) -> Estimate | None:
    """
    Return a mean with the 80 % range that so few leave open; None for fewer than two.

    By Student's t ("The probable error of a mean", Biometrika 6(1), 1908).
    """
    others = len(amounts) - 1
    if others < 1:
        return None
    mean, half = float(amounts.mean()), float(stdtrit(others, 0.9) * amounts.std(ddof=1) / sqrt(others + 1))
    return Estimate(value=mean, lo=mean - half, hi=mean + half)


def average(amounts: Floats) -> Estimate | None:
    """Return a mean, with its range from two on; None of nobody."""
    return mean_of(amounts) or (Estimate(value=float(amounts[0])) if len(amounts) else None)


def _moved(chance: Floats, drift: float) -> tuple[Floats, Floats]:
    """Return by what factor each chance falls and rises when all log odds move by the 80 % drift."""
    inner = np.clip(chance, 1e-12, 1 - 1e-12)
    low, high = (expit(logit(inner) + way * Z80 * drift) / inner for way in (-1, 1))
    return low, high


def _squares(amounts: Floats) -> float:
    """Return the mean square over the squared mean: of sums of so many, a Poisson number, per one."""
    mean = float(amounts.mean()) if len(amounts) else 0.0
    return float((amounts**2).mean()) / mean**2 if mean else 1.0

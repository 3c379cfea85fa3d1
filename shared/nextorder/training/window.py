"""Measure c, the close of the second-order window."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from threadpoolctl import threadpool_limits

from nextorder.domain.shop import Window
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import YEAR_DAYS
from nextorder.training.order_fit import condensed, fit_orders, median_gap
from nextorder.training.prior import SHIPPED, Prior
from nextorder.training.table import Bools, Floats, Ints, OrderTable, summarise

SHARE = 0.8
"""Four of five second orders that come within a year come within the window."""
LEAST_SECOND_ORDERS, LEAST_AT_RISK = 100, 30
LEAST_OF_ORIGIN = 200
WIDEST = 0.20
RESAMPLES, REFITS = 200, 50
INTERVAL_PERCENT = (5, 95)
ROUGH = 1e-9
"""Of a refit: its window is off by far less than a day."""
SEED = 20070901
USUAL_DAYS = 150.0
"""What is believed of a store's window before its own second orders."""
USUAL_WEIGHT = 50.0
LEAST_ESTIMATED = 10
SHORTEST, LONGEST = 14, 365
YEAR = 365
RECENT_DAYS = 1_095
"""The window is that of customers who were won within three years: a shop is not what it was before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondOrders:
    """One row a customer: days from the first to the second order day, or to now without one."""

    days: Ints
    seen: Bools

    @property
    def count(self) -> int:
        """How many second orders were seen."""
        return int(self.seen.sum())


def second_orders(table: OrderTable, as_of: datetime, zone: ZoneInfo) -> SecondOrders:
    """Read the waits for the second order day off a store's order days, of customers won of late."""
    known = table.until(as_of)
    today = as_of.astimezone(zone).date().toordinal() - datetime(1970, 1, 1, tzinfo=zone).date().toordinal()
    _, first, days = np.unique(known.customer, return_index=True, return_counts=True)
    seen = days > 1
    end = np.where(seen, known.local_day[np.minimum(first + 1, len(known.local_day) - 1)], today)
    recent = today - known.local_day[first] <= RECENT_DAYS
    return SecondOrders(days=(end - known.local_day[first])[recent], seen=seen[recent])


def window_of(
    table: OrderTable,
    as_of: datetime,
    zone: ZoneInfo,
    model: StoreModel,
    *,
    prior: Prior = SHIPPED,
    old: Window | None = None,
) -> Window:
    """
    Return c: the smallest whole day with F(c) >= 0.8 F(365).

    F is one minus the Kaplan-Meier survival (Kaplan and Meier, JASA 53(282), 1958) of
    the wait for the second order day, where enough second orders and a year of history
    make its bootstrap interval narrow; else the model's curve for a new customer,
    shrunk to 150 days. An `old` value inside the new interval stays.
    """
    waits = second_orders(table, as_of, zone)
    found = _measured(waits) or _estimated(waits, table.until(as_of), as_of, model, prior)
    return _kept(found, old)


def windows_of_origins(
    table: OrderTable,
    origins: Mapping[str, Sequence[int]],
    as_of: datetime,
    zone: ZoneInfo,
    store: Window,
    *,
    old: Mapping[str, Window],
) -> dict[str, Window]:
    """
    Return c of those origins (a first category, a country; name -> customer numbers) that have their own.

    It takes 200 second orders and a measured interval that excludes the store's c.
    """
    found = {}
    for name, customers in sorted(origins.items()):
        if len(customers) < LEAST_OF_ORIGIN:
            continue
        waits = second_orders(table.where(np.isin(table.customer, customers)), as_of, zone)
        window = _measured(waits) if waits.count >= LEAST_OF_ORIGIN else None
        if window and not window.lo <= store.days <= window.hi:
            found[name] = _kept(window, old.get(name))
    return found


def _kept(found: Window, old: Window | None) -> Window:
    """Let an old value stay that lies inside the new interval."""
    return replace(found, days=old.days) if old and found.lo <= old.days <= found.hi else found


def _measured(waits: SecondOrders) -> Window | None:
    """Return the Kaplan-Meier window, or None where the data do not carry it."""
    if waits.count < LEAST_SECOND_ORDERS or (waits.days >= YEAR).sum() < LEAST_AT_RISK:
        return None
    table = _wait_table(waits)
    close = _close(table)
    resamples = np.random.default_rng(SEED).multinomial(
        len(waits.days), table.ravel() / table.sum(), size=RESAMPLES
    )
    low, high = np.percentile([_close(drawn.reshape(table.shape)) for drawn in resamples], INTERVAL_PERCENT)
    if low < (1 - WIDEST) * close or high > (1 + WIDEST) * close:
        return None
    return _window(close, low, high, waits.count, "measured")


def _estimated(
    waits: SecondOrders, table: OrderTable, as_of: datetime, model: StoreModel, prior: Prior
) -> Window:
    """Return the window of the fitted curve, shrunk to the usual one; its interval from refits."""
    weight = waits.count / (waits.count + USUAL_WEIGHT)
    close = _shrunk(model_close(model.r, model.alpha), weight)
    known, gap = condensed(summarise(table, as_of), digits=0), median_gap(table, prior)
    people = int(known.weight.sum())
    start = np.log([model.r, model.alpha, model.a, model.b])
    random = np.random.default_rng(SEED)
    closes = []
    # as in a fit: several threads would only wait for each other, for ten times as long
    with threadpool_limits(limits=1, user_api="blas"):
        for _ in range(REFITS if people else 0):
            drawn = random.multinomial(people, known.weight / people)
            r, alpha, _, _ = fit_orders(replace(known, weight=drawn.astype(float)), gap, prior, start, ROUGH)
            closes.append(_shrunk(model_close(r, alpha), weight))
    low, high = np.percentile(closes or [SHORTEST, LONGEST], INTERVAL_PERCENT)
    method = "estimated" if waits.count >= LEAST_ESTIMATED else "prior"
    return _window(close, low, high, waits.count, method)


def model_close(r: float, alpha: float) -> float:
    """Return the day by which four of five of a new customer's second orders within a year have come."""
    within_year = -math.expm1(-r * math.log1p(YEAR_DAYS / alpha))
    return alpha * math.expm1(-math.log1p(-SHARE * within_year) / r)


def _shrunk(close: float, weight: float) -> float:
    return math.exp(weight * math.log(close) + (1 - weight) * math.log(USUAL_DAYS))


def _wait_table(waits: SecondOrders) -> Ints:
    """Count waits by day up to a year; row 0 second orders, row 1 still waiting (also beyond a year)."""
    days = np.minimum(waits.days, YEAR + 1)
    seen = waits.seen & (waits.days <= YEAR)
    return np.stack([np.bincount(days[rows], minlength=YEAR + 2) for rows in (seen, ~seen)])


def _close(table: Ints) -> float:
    came, waiting = table
    at_risk = np.cumsum((came + waiting)[::-1])[::-1]
    share: Floats = 1 - np.cumprod(1 - came / np.maximum(at_risk, 1))
    return float(np.argmax(share >= SHARE * share[YEAR]))


def _window(close: float, low: float, high: float, count: int, method: str) -> Window:
    days, lo, hi = (min(max(math.ceil(end), SHORTEST), LONGEST) for end in (close, low, high))
    return Window(days=days, lo=min(lo, days), hi=max(hi, days), second_orders=count, method=method)

"""Cut-offs, settings, horizons; what is known at a cut-off, and what came after it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from nextorder.training.table import Bools, Floats, Ints
from tests.bench.model.data import DAY, EPOCH, Store

LOCKED: Mapping[str, Sequence[str]] = {
    "cdnow": ("1997-10-01", "1997-11-15", "1998-01-01", "1998-03-01"),
    "online_retail_ii": ("2010-10-01", "2011-01-15", "2011-04-01", "2011-06-10"),
    "ta_feng": ("2001-01-10", "2001-01-20", "2001-01-29", "2001-02-10"),
}
"""No choice, of our model or of a peer, was made by looking at these."""
TUNING: Mapping[str, Sequence[str]] = {
    "cdnow": ("1997-09-01", "1998-02-01"),
    "online_retail_ii": ("2010-12-15", "2011-03-01", "2011-08-01"),
    "ta_feng": ("2001-01-15", "2001-02-05"),
}
"""Constants were chosen on these."""
HORIZONS = (0.5, 5.0, 30.0, 90.0, 180.0)
FULL, SHORT, SMALL = "full history", "90 days of history", "200 customers"
SETTINGS = (FULL, SHORT, SMALL)
SHORT_DAYS = 90.0
SMALL_CUSTOMERS, SMALL_STORES = 200, 10
SEED = 20_091_201


@dataclass(frozen=True, eq=False)
class History:
    """What a model may see: order days before the cut-off, sorted by customer (0 to n-1) and time."""

    customer: Ints
    at: Floats
    amount: Floats
    cut: float
    timed: bool

    @cached_property
    def last_rows(self) -> Ints:
        """Where each customer's last row is."""
        return np.append(np.flatnonzero(np.diff(self.customer)), len(self.customer) - 1)

    @cached_property
    def days(self) -> Floats:
        """Order days of each customer."""
        return np.diff(np.append(-1, self.last_rows)).astype(float)

    @cached_property
    def first_at(self) -> Floats:
        """Moment of each customer's first order."""
        first: Floats = self.at[np.append(0, self.last_rows[:-1] + 1)]
        return first

    @cached_property
    def last_at(self) -> Floats:
        """Moment of each customer's last order."""
        last: Floats = self.at[self.last_rows]
        return last

    @cached_property
    def mean_amount(self) -> Floats:
        """Mean sales per order day of each customer."""
        mean: Floats = np.bincount(self.customer, weights=self.amount) / self.days
        return mean

    def before(self, origin: float) -> tuple["History", Ints]:
        """Return what was known earlier, and which customers those were."""
        return _sorted_out(self, self.at < origin, origin)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the customers of a history did after its cut-off, by horizon in days."""

    ordered: Mapping[float, Bools]
    spent: Mapping[float, Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """A model's answers; one without chances or without spend is not judged on it."""

    chances: Mapping[float, Floats] = field(default_factory=dict)
    spend: Floats | None = None
    """Expected over the longest horizon."""
    chance_ranges: Mapping[float, tuple[Floats, Floats]] = field(default_factory=dict)
    """90 % range of the average of such customers."""
    spend_range: tuple[Floats, Floats] | None = None
    """80 % range of the customer's own spend."""
    notes: Mapping[str, object] = field(default_factory=dict)


class Model(Protocol):
    """Fits on a history and answers for its customers."""

    name: str

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Answer for every customer of the history."""


def day_of(date: str) -> float:
    """Return a date's first moment in days since 1970."""
    return float((pd.Timestamp(date) - EPOCH) / DAY)


def horizons_of(store: Store, cut: float) -> tuple[float, ...]:
    """Return the horizons that end within the data; half days only where times of day are known."""
    shortest = 0.0 if store.timed else 1.0
    return tuple(days for days in HORIZONS if days >= shortest and cut + days <= store.end)


def histories(store: Store, cut: float, setting: str) -> list[tuple[History, Ints]]:
    """Return what may be seen in a setting, with the customers' numbers: one history, or several small."""
    if setting != SMALL:
        since = cut - SHORT_DAYS if setting == SHORT else -np.inf
        return [_sorted_out(store, (store.at < cut) & (store.at >= since), cut)]
    known = np.unique(store.customer[store.at < cut])
    digest = hashlib.sha256(f"{SEED}:{store.name}:{cut:g}".encode()).digest()
    random = np.random.default_rng(int.from_bytes(digest[:8]))
    return [
        _sorted_out(store, (store.at < cut) & np.isin(store.customer, members), cut)
        for members in (random.choice(known, SMALL_CUSTOMERS, replace=False) for _ in range(SMALL_STORES))
    ]


def is_short(store: Store, cut: float) -> bool:
    """Say whether 90 days of history are less than there is: else the setting repeats the full one."""
    return bool(store.at.min() < cut - SHORT_DAYS)


def outcome(store: Store | History, customers: Ints, origin: float, horizons: Sequence[float]) -> Outcome:
    """Return what these customers did from the origin on."""
    place = np.searchsorted(customers, store.customer)
    place = np.minimum(place, len(customers) - 1)
    theirs = customers[place] == store.customer
    ordered, spent = {}, {}
    for days in horizons:
        rows = theirs & (store.at >= origin) & (store.at < origin + days)
        ordered[days] = np.bincount(place[rows], minlength=len(customers)) > 0
        amounts = np.bincount(place[rows], weights=store.amount[rows], minlength=len(customers))
        spent[days] = amounts.astype(float)
    return Outcome(ordered, spent)


def _sorted_out(rows: Store | History, which: Bools, cut: float) -> tuple[History, Ints]:
    customers, codes = np.unique(rows.customer[which], return_inverse=True)
    moments, amounts = rows.at, rows.amount
    return History(codes.astype(np.int64), moments[which], amounts[which], cut, rows.timed), customers

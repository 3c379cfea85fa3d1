"""The latest first orders whose window has closed: how many came back in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nextorder.report.beginners import Beginner, is_over, month_after, today
from nextorder.report.cohorts import by_month
from nextorder.report.page import Estimate
from nextorder.report.store import Store
from nextorder.report.words import month
from nextorder.scoring.interval import wilson

ENOUGH: Final = 100
"""Customers who are told of by themselves; a month of fewer is told with the two before it."""
LEAST: Final = 10
QUARTER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who first ordered in one month or in three, all of their windows closed."""

    first: date
    """Of the first month."""
    months: int
    customers: int
    came_back: int
    """Within the window."""

    @property
    def share(self) -> Estimate:
        """The share who came back, with its 80 % range."""
        rate = self.came_back / self.customers
        low, high = wilson(rate, self.customers)
        return Estimate(value=rate, lo=low, hi=high)

    @property
    def when(self) -> str:
        """In the month, or from the first to the last, their year once."""
        last = month(month_after(self.first, self.months - 1))
        if self.months == 1:
            return f"in {last}"
        first, _, year = month(self.first).rpartition(" ")
        return f"from {first if last.endswith(year) else month(self.first)} to {last}"


def last_closed(store: Store) -> Cohort | None:
    """Return the last month that is closed, or the last three; None with too few customers."""
    days, latest = store.shop.numbers.window.days, today(store).replace(day=1)
    while not is_over(latest - timedelta(days=1) + timedelta(days=days), store):
        latest = month_after(latest, -1)
    last = month_after(latest, -1)
    cohort = _cohort(store, last, 1)
    if cohort is None or cohort.customers < ENOUGH:
        cohort = _cohort(store, month_after(last, 1 - QUARTER), QUARTER)
    return cohort


def one_before(cohort: Cohort, store: Store) -> Cohort | None:
    """Return the one of the same length right before."""
    return _cohort(store, month_after(cohort.first, -cohort.months), cohort.months)


def _cohort(store: Store, first: date, months: int) -> Cohort | None:
    found, days = by_month(store), store.shop.numbers.window.days
    members: Sequence[Beginner] = [
        one for place in range(months) for one in found.get(month_after(first, place), ())
    ]
    if len(members) < LEAST:
        return None
    came_back = sum(one.came_back_within(days) for one in members)
    return Cohort(first=first, months=months, customers=len(members), came_back=came_back)

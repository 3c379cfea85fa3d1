"""Who came back, and what they have brought, by the month of the first order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

import numpy as np

from nextorder.report.beginners import Beginner, beginners, is_over, month_after, profits, today
from nextorder.report.expected import average
from nextorder.report.page import NOT_KNOWN, Column, Estimate, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import counted, month, number
from nextorder.scoring.interval import wilson

KEY: Final = "cohorts"
TITLE: Final = "Who came back, month by month"
MOST_COHORTS, MOST_MONTHS = 24, 24
MONTH_DAYS: Final = 365 / 12
"""Months since are counted from each customer's own first order: a cohort's last day has as much time."""
TOLD_MONTHS: Final = 3
A_YEAR: Final = 12
PER: Final = 100
COLUMNS: Final = (
    Column(name="month", label="first order in", kind=Kind.DATE),
    Column(name="months", label="months since (0 = the first order's day)", kind=Kind.COUNT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="share", label="came back", kind=Kind.SHARE),
    Column(name="share_lo", label="came back, at least", kind=Kind.SHARE),
    Column(name="share_hi", label="came back, at most", kind=Kind.SHARE),
    Column(name="gp2", label="gross profit a customer so far", kind=Kind.MONEY),
    Column(name="gp2_lo", label="so far, at least", kind=Kind.MONEY),
    Column(name="gp2_hi", label="so far, at most", kind=Kind.MONEY),
)
INTERVAL: Final = "what so few customers leave open of the average of such customers, four times out of five"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cohort so many months after each one's first order."""

    first: date
    """Of the month."""
    months: int
    customers: int
    came_back: int
    gp2: Estimate | None
    """Of those with money that can be told, a customer; minor units."""

    @property
    def share(self) -> Estimate:
        """The share who had come back; on the day of the first order nobody can have."""
        rate = self.came_back / self.customers
        low, high = wilson(rate, self.customers) if self.months else (None, None)
        return Estimate(value=rate, lo=low, hi=high)


def cohorts(store: Store) -> Picture:
    """Tell of the last 24 months of first orders; what not everyone of a cohort has reached is left out."""
    told = tuple(cells(store))
    rows: tuple[Sequence[Value], ...] = tuple(
        (
            one.first.isoformat(),
            one.months,
            store.in_all(one.customers),
            *one.share.ends,
            *(one.gp2.ends if one.gp2 else NOT_KNOWN),
        )
        for one in told
    )
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(told),
        n=sum(one.customers for one in told if one.months == 0),
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=rows,
    )


def cells(store: Store) -> Iterator[Cell]:
    """Yield the cells that are closed, the oldest cohort first."""
    for first, members in sorted(by_month(store).items()):
        if first >= month_after(today(store), -MOST_COHORTS):
            yield from _cohort(first, members, store)


def by_month(store: Store) -> Mapping[date, Sequence[Beginner]]:
    """Return customers by the month of their first order, named by its first day; it may not be over."""
    found: Mapping[date, list[Beginner]] = defaultdict(list)
    for one in beginners(store):
        found[one.first_day.replace(day=1)].append(one)
    return found


def days_of(months: int) -> int:
    """Return whole days until so many months are over."""
    return ceil(months * MONTH_DAYS)


def _cohort(first: date, members: Sequence[Beginner], store: Store) -> Iterator[Cell]:
    last = month_after(first) - timedelta(days=1)
    priced = [list(_profits(one, store)) for one in members if not one.features.unpriced]
    for months in range(MOST_MONTHS):
        days = days_of(months)
        if not is_over(last + timedelta(days=days), store):
            return
        brought = [sum(gp2 for age, gp2 in orders if age <= days) for orders in priced]
        yield Cell(
            first=first,
            months=months,
            customers=len(members),
            came_back=sum(one.came_back_within(days) for one in members),
            gp2=average(np.array(brought, dtype=float)),
        )


def _profits(one: Beginner, store: Store) -> Iterator[tuple[int, int]]:
    """Yield gross profit 2 with days since the first order day; what came before it stands with it."""
    for at, gp2 in profits(store.facts[one.features.customer], store.shop):
        yield max((at.astimezone(store.shop.zone).date() - one.first_day).days, 0), gp2


def _says(told: Sequence[Cell]) -> str:
    if not told:
        return (
            "The first whole month of first orders is not over yet; from then on each month has a line here."
        )
    months = min(TOLD_MONTHS, max(one.months for one in told))
    if not months:
        last = max(told, key=lambda one: one.first)
        who = counted(last.customers, "customer")
        return (
            f"Not all of the {who} who first bought in {month(last.first)} have "
            "had a month to come back yet: so far only their first day is told."
        )
    seen = {one.first: one for one in told if one.months == months}
    latest = max(seen)
    earlier = seen.get(month_after(latest, -A_YEAR)) or seen.get(month_after(latest, -1))
    compared = (
        f"; of {number(_of(earlier))} from {month(earlier.first)}, {_back(earlier)} had" if earlier else ""
    )
    return (
        f"Of {counted(_of(seen[latest]), 'customer')} who first bought in {month(latest)}, "
        f"{_back(seen[latest])} had come back within {_months(months)}{compared}."
    )


def _of(cell: Cell) -> int:
    """Return of how many it is told: a hundred, where there are as many; else all of them."""
    return min(cell.customers, PER)


def _back(cell: Cell) -> str:
    return number(cell.came_back / cell.customers * _of(cell)) if cell.came_back else "none"


def _months(months: int) -> str:
    return "a month" if months == 1 else f"{months} months"

"""A store's order days as columns, and what was known of every customer at a moment."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY_SECONDS = 86_400.0
MOSTLY = 0.5
OrderDays = Mapping[str, Sequence[tuple[datetime, int]]]
"""Customer -> (moment, net revenue in minor units) of each order or order day."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderTable:
    """One row an order day, sorted by customer and time; customers are numbered from 0."""

    customer: Ints
    second: Floats
    """Of the day's first order, since 1970 UTC."""
    local_day: Ints
    local_hour: Floats
    """Shop-local hours since Monday 00:00."""
    revenue: Floats

    def until(self, as_of: datetime) -> "OrderTable":
        """Return the rows known at a moment."""
        return self.where(self.second <= as_of.timestamp())

    def before(self, moment: datetime) -> "OrderTable":
        """Return the rows of earlier moments."""
        return self.where(self.second < moment.timestamp())

    def where(self, rows: Bools | Ints) -> "OrderTable":
        """Return some of the rows."""
        return OrderTable(
            customer=self.customer[rows],
            second=self.second[rows],
            local_day=self.local_day[rows],
            local_hour=self.local_hour[rows],
            revenue=self.revenue[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """x, t_x and T of every customer in days, with the days of positive revenue and their mean."""

    customer: Ints
    x: Floats
    t_x: Floats
    tenure: Floats
    spend_days: Floats
    mean_spend: Floats
    weight: Floats
    """How many customers a row stands for."""

    def where(self, rows: Bools | Ints) -> "Summary":
        """Return some of the rows."""
        return Summary(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})


def order_table(order_days: OrderDays, zone: ZoneInfo, as_of: datetime) -> OrderTable:
    """Lay out the orders placed by `as_of`; the customers' order in the mapping does not matter."""
    rows = [
        (name, moment.timestamp(), revenue)
        for name in sorted(order_days)
        for moment, revenue in order_days[name]
        if moment <= as_of
    ]
    names, seconds, revenues = zip(*rows, strict=True) if rows else ((), (), ())
    codes, _ = pd.factorize(np.array(names, dtype=object))
    return table_of(codes, np.array(seconds, dtype=float), np.array(revenues, dtype=float), zone)


def table_of(customer: Ints, second: Floats, revenue: Floats, zone: ZoneInfo) -> OrderTable:
    """Lay out orders given as columns, in any order; those of one shop-local day become one row."""
    order = np.lexsort((second, customer))
    customer, second, revenue = customer[order], second[order], revenue[order]
    local = pd.to_datetime(second, unit="s", utc=True).tz_convert(zone).tz_localize(None)
    wall = local.to_numpy().astype("datetime64[us]").astype(np.int64) / 1e6
    day = np.floor(wall / DAY_SECONDS).astype(np.int64)
    first = np.ones(len(day), dtype=bool)
    first[1:] = (np.diff(customer) != 0) | (np.diff(day) != 0)
    totals = np.bincount(np.cumsum(first) - 1, weights=revenue).astype(float)
    # NOTE: 1970-01-01 was a Thursday, three days after a Monday
    hour = (wall / 3600.0 + 72.0) % 168.0
    return OrderTable(
        customer=customer[first],
        second=second[first],
        local_day=day[first],
        local_hour=hour[first],
        revenue=totals,
    )


def summarise(table: OrderTable, as_of: datetime) -> Summary:
    """Return what was known of every customer with an order by `as_of`."""
    known = table.until(as_of)
    customer, row, days = np.unique(known.customer, return_index=True, return_counts=True)
    first, last = known.second[row], known.second[row + days - 1]
    owner = np.repeat(np.arange(len(customer)), days)
    paid = known.revenue > 0
    spend_days = np.bincount(owner, weights=paid, minlength=len(customer)).astype(float)
    spent = np.bincount(owner, weights=np.where(paid, known.revenue, 0.0), minlength=len(customer))
    return Summary(
        customer=customer,
        x=(days - 1).astype(float),
        t_x=(last - first) / DAY_SECONDS,
        tenure=(as_of.timestamp() - first) / DAY_SECONDS,
        spend_days=spend_days,
        mean_spend=spent / np.maximum(spend_days, 1.0),
        weight=np.ones(len(customer)),
    )


def is_dated(table: OrderTable) -> bool:
    """Whether most orders are stamped at exactly local midnight: with their date only."""
    dated = int((table.local_hour % 24 == 0).sum())
    return dated > MOSTLY * max(len(table.local_hour), 1)


def span_days(table: OrderTable, as_of: datetime) -> float:
    """Return days from the first order day to a moment; infinite without any."""
    return (as_of.timestamp() - float(table.second.min())) / DAY_SECONDS if len(table.second) else math.inf


def moment(second: float) -> datetime:
    """Return seconds since 1970 as an aware moment."""
    return datetime.fromtimestamp(second, UTC)

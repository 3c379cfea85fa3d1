"""Orders as a data frame, read into columns: who, when, how much, and how the first order came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from nextorder.domain.marks import size_of
from nextorder.training.table import Floats, Ints, OrderTable, moment, table_of

NEEDED = ("customer_id", "timestamp", "amount")
MINOR = 100.0
"""Minor units of a major one; only a scale here, which `predict` takes off again."""
RETURN = "return"
MARKED = ("category", "product", "country", "channel", "shipping")
"""What a first order may be marked by; nothing else of a file is read: no gender, age, name or address."""
YES_OR_NO = ("discount", "consent")
NO = frozenset({"", "0", "0.0", "no", "false", "none", "nan", "not_subscribed", "unsubscribed"})
NOT_A_MARK = frozenset({"", "nan", "none", "<na>", "nat"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orders:
    """A store's order days, with the customers' own ids and the marks of their first orders."""

    table: OrderTable
    names: pd.Index
    """Customer number -> id."""
    marks: pd.DataFrame
    """One row a customer number, one column an attribute of the first order; empty = not known."""


def read_orders(frame: pd.DataFrame, as_of: datetime, zone: ZoneInfo) -> Orders:
    """
    Read the orders placed by `as_of` (naive moments are shop-local; amounts in major units).

    Returns (kind "return", or a negative amount) are no order days and take no money off:
    a file does not say which order they undo.

    Raises:
        ValueError: A column is missing, or nobody has ordered by `as_of`.
    """
    if missing := [column for column in NEEDED if column not in frame.columns]:
        raise ValueError(f"orders lack the column {', '.join(missing)}")
    at = moments(frame["timestamp"], zone)
    amount = frame["amount"].to_numpy(dtype=float)
    bought = (at <= moment_of(as_of, zone)).to_numpy() & (amount >= 0)
    if "kind" in frame.columns:
        bought &= (frame["kind"].astype(str).str.lower() != RETURN).to_numpy()
    if not bought.any():
        raise ValueError(f"nobody has ordered by {as_of}")
    frame, at = frame[bought], at[bought]
    codes, names = pd.factorize(frame["customer_id"], sort=True)
    second = at.dt.as_unit("us").astype("int64").to_numpy() / 1e6
    return Orders(
        table=table_of(codes, second, np.round(amount[bought] * MINOR), zone),
        names=pd.Index(names),
        marks=_first_marks(frame, codes, second, amount[bought]),
    )


def moments(column: "pd.Series[pd.Timestamp]", zone: ZoneInfo) -> "pd.Series[pd.Timestamp]":
    """Return a column's moments in UTC; a local time that the clocks show twice is the earlier one."""
    at = pd.to_datetime(column)
    if at.dt.tz is None:
        earlier = np.ones(len(at), dtype=bool)
        at = at.dt.tz_localize(zone, ambiguous=earlier, nonexistent="shift_forward")
    return at.dt.tz_convert("UTC")


def moment_of(as_of: datetime, zone: ZoneInfo) -> pd.Timestamp:
    """Return one moment in UTC, as `moments` reads it."""
    return moments(pd.Series([pd.Timestamp(as_of)]), zone).iloc[0]


def span(table: OrderTable) -> dict[str, str | int]:
    """Say what data there are: from when to when, of how many."""
    first, last = (moment(float(end)).isoformat() for end in (table.second.min(), table.second.max()))
    return {
        "first_order": first,
        "last_order": last,
        "order_days": len(table.second),
        "customers": len(np.unique(table.customer)),
    }


def _first_marks(frame: pd.DataFrame, codes: Ints, second: Floats, amount: Floats) -> pd.DataFrame:
    """Return the attributes of each customer's first row, of several at one moment the dearest."""
    order = np.lexsort((-amount, second, codes))
    first = order[np.r_[True, np.diff(codes[order]) != 0]]
    rows = frame.iloc[first]
    marks = {name: _words(rows[name]) for name in MARKED if name in frame.columns}
    marks |= {name: _yes_or_no(rows[name]) for name in YES_OR_NO if name in frame.columns}
    if "quantity" in frame.columns:
        units = pd.to_numeric(frame["quantity"], errors="coerce").fillna(0.0)
        whole = units.groupby([codes, second]).transform("sum").to_numpy()
        marks["items"] = [size_of(float(one)) for one in whole[first]]
    return pd.DataFrame(marks, index=range(len(first)))


def _words(column: pd.Series) -> Sequence[str]:
    words = column.astype(str).str.strip().str.lower()
    return list(words.where(~words.isin(NOT_A_MARK), ""))


def _yes_or_no(column: pd.Series) -> Sequence[str]:
    words = column.astype(str).str.strip().str.lower()
    return list(np.where(words.isin(NO), "no", "yes"))

"""Marks of first orders as columns: which are common enough to say something, and who bears them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from nextorder.training.table import Floats

LEAST_BEARERS, LEAST_SHARE = 50, 0.01
MOST_AN_ATTRIBUTE = 20


def marks_table(marked: Iterable[Iterable[str]]) -> pd.DataFrame:
    """Return a row a customer and a column an attribute of the first order's attribute=value marks."""
    rows = [dict(mark.split("=", 1) for mark in marks) for marks in marked]
    return pd.DataFrame(rows, index=range(len(rows))).fillna("")


def common_marks(marks: pd.DataFrame) -> tuple[str, ...]:
    """Return as attribute=value what at least 50 customers, and 1 % of them, have in common."""
    least = max(LEAST_BEARERS, LEAST_SHARE * len(marks))
    found: list[str] = []
    for attribute in sorted(marks.columns):
        counts = marks[attribute].value_counts()
        common = counts[(counts >= least) & (counts.index != "")].head(MOST_AN_ATTRIBUTE)
        found += sorted(f"{attribute}={value}" for value in common.index)
    return tuple(found)


def borne(marks: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    """Return 0 or 1 for each customer and mark."""
    columns = []
    for name in names:
        attribute, _, value = name.partition("=")
        known = attribute in marks.columns
        columns.append(marks[attribute].to_numpy() == value if known else np.zeros(len(marks)))
    return np.array(columns, dtype=float).reshape(len(names), len(marks)).T

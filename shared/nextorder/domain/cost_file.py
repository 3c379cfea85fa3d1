"""The merchant's list of unit costs: read line by line, each wrong one with its line, column and reason."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final

from nextorder.domain.errors import BadSettings
from nextorder.domain.money import minor_digits, minor_units
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import ALWAYS, CostWord, Goods

SKU, VARIANT, COST, SINCE, CURRENCY = "sku", "variant_id", "unit_cost", "from", "currency"
COLUMNS: Final = (
    f"{COST} and {SKU} or {VARIANT}; if you have them, also {SINCE} (the day from which it holds, such as "
    f"2026-06-01) and {CURRENCY}"
)
TAKEN_BACK: Final = "shopify"
"""In place of a cost: from now on as the platform says, again."""
# The second names are those of Shopify's own product export.
_NAMES: Final[Mapping[str, str]] = {
    "sku": SKU,
    "variant sku": SKU,
    "variant_id": VARIANT,
    "variant id": VARIANT,
    "unit_cost": COST,
    "unit cost": COST,
    "cost per item": COST,
    "from": SINCE,
    "from_date": SINCE,
    "currency": CURRENCY,
}
_DELIMITERS: Final = (";", "\t", ",")
_GID: Final = "gid://shopify/ProductVariant/"
_HIGHEST: Final = 10**13
"""Minor units: a unit that costs more is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A line that cannot be used, and why."""

    line: int
    column: str
    reason: str
    row: tuple[str, ...] = ()


@dataclass(slots=True)
class CostFile:
    """What a list says."""

    words: list[CostWord] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of each word."""
    refused: list[Refusal] = field(default_factory=list)
    header: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Columns that mean nothing here."""
    unfilled: int = 0
    """Lines without a cost, as `costs export` writes them."""
    strange: int = 0
    """Lines on variants that the assortment does not have, or no longer."""


class _WrongError(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def read_costs(text: str, shop: Shop, goods: Mapping[str, Goods]) -> CostFile:
    """
    Read a list of unit costs in the shop's currency; its columns may stand in any order.

    A SKU stands for all variants that carry it. Semicolons and tabs part columns, too, and cents may
    then follow a comma, as spreadsheets write it in much of Europe.

    Raises:
        BadSettings: It has no usable header.
    """
    first = text.partition("\n")[0]
    delimiter = next((one for one in _DELIMITERS if one in first), ",")
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = tuple(next(rows, ()))
        found = CostFile(header=header, unread=tuple(name for name in header if _known(name) is None))
        reader = _Reader(shop, goods, _places(header), comma=delimiter != ",")
        for row in rows:
            if any(cell.strip() for cell in row):
                reader.add(row, rows.line_num, found)
    except csv.Error as error:
        raise BadSettings(f"this is no list of costs: {error}") from None
    return found


def _known(name: str) -> str | None:
    return _NAMES.get(name.strip().lower())


def _places(header: Sequence[str]) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        known = _known(name)
        if known in places:
            raise BadSettings(f"line 1: two columns say {known}")
        if known:
            places[known] = place
    if COST not in places or not places.keys() & {SKU, VARIANT}:
        raise BadSettings(f"line 1: expected the columns {COLUMNS}; there are {', '.join(header) or 'none'}")
    return places


class _Reader:
    """Reads one line after the other, and knows what the lines before have said."""

    def __init__(
        self, shop: Shop, goods: Mapping[str, Goods], places: Mapping[str, int], *, comma: bool
    ) -> None:
        self._shop = shop
        self._goods = goods
        self._places = places
        self._comma = comma
        self._said: dict[tuple[str, int], int] = {}
        self._by_sku: dict[str, list[str]] = {}
        for variant, one in goods.items():
            self._by_sku.setdefault(one.sku, []).append(variant)

    def add(self, row: Sequence[str], line: int, found: CostFile) -> None:
        """Take in one line, or note why it cannot be used."""
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in self._places.items()}
        try:
            self._add(cells, line, found)
        except _WrongError as wrong:
            found.refused.append(Refusal(line=line, column=wrong.column, reason=str(wrong), row=tuple(row)))

    def _add(self, cells: Mapping[str, str], line: int, found: CostFile) -> None:
        if not cells[COST]:
            found.unfilled += 1
            return
        variants = self._variants(cells.get(SKU, ""), cells.get(VARIANT, ""))
        since = self._since(cells.get(SINCE, ""))
        currency = cells.get(CURRENCY, "")
        if currency.upper() not in ("", self._shop.currency):
            raise _WrongError(
                CURRENCY, f"the shop's currency is {self._shop.currency}, this is in {currency}"
            )
        cost = None if cells[COST].lower() == TAKEN_BACK else self._amount(cells[COST])
        if cost is None and since != ALWAYS:
            raise _WrongError(SINCE, f"{TAKEN_BACK} takes back all that was said: leave the date out")
        self._note(variants, since, line)
        found.strange += any(variant not in self._goods for variant in variants)
        found.lines += [line] * len(variants)
        found.words += [
            CostWord(variant=one, unit_cost=cost, since=since, currency=self._shop.currency)
            for one in variants
        ]

    def _note(self, variants: Iterable[str], since: int, line: int) -> None:
        for variant in variants:
            if before := self._said.get((variant, since)):
                raise _WrongError(VARIANT, f"line {before} speaks of the same variant and day")
        self._said |= {(variant, since): line for variant in variants}

    def _variants(self, sku: str, variant: str) -> Sequence[str]:
        """Name whom a line is about; the variant's id goes before a SKU."""
        named = variant.removeprefix(_GID)
        if not named and not sku:
            raise _WrongError(SKU, f"neither {SKU} nor {VARIANT} is filled in")
        if not named:
            if sku not in self._by_sku:
                raise _WrongError(SKU, f"no variant with the SKU {sku} is known: name it by {VARIANT}")
            return self._by_sku[sku]
        if not (named.isascii() and named.isdecimal()):
            raise _WrongError(VARIANT, f"{variant} is no variant's id: digits alone, all of them")
        if sku and named in self._goods and self._goods[named].sku != sku:
            raise _WrongError(VARIANT, f"variant {named} does not have the SKU {sku}")
        return [named]

    def _since(self, text: str) -> int:
        if not text:
            return ALWAYS
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise _WrongError(SINCE, f"expected a day such as 2026-06-01, not {text}") from None
        return int(datetime(day.year, day.month, day.day, tzinfo=self._shop.zone).timestamp())

    def _amount(self, text: str) -> int:
        currency, digits = self._shop.currency, minor_digits(self._shop.currency)
        plain = text.replace(",", ".") if self._comma else text
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            raise _WrongError(COST, f"{text} is no amount: write 1234.50, without signs") from None
        if not amount.is_finite() or not 0 <= amount.scaleb(digits) <= _HIGHEST:
            raise _WrongError(COST, f"expected an amount from 0, not {text}")
        if amount != round(amount, digits):
            raise _WrongError(COST, f"expected {currency} with at most {digits} decimals, not {text}")
        return minor_units(amount, currency)

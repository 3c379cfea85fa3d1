"""
Make the sample's rows from the public columns of Online Retail II; run once, kept as documentation.

    python samples/build.py online_retail_ii_items.csv.gz

The input is the set's line level without descriptions, gzip'd CSV with the header
customer_id,timestamp,product,quantity,amount: the shop's local time, product = rank of the
description by number of lines, a return has a negative quantity and amount (pounds).
Same input, same bytes. The rules are in README.md.
"""

import csv
import gzip
import hashlib
import io
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

CUSTOMERS = 2_600
MOST_LINES = 12
KEPT_BESIDE_A_FOLD = 10  # the fold may need two lines in a payload: units at two neighbouring prices
HERE = Path(__file__).parent

Row = tuple[str | int, ...]


@dataclass(slots=True)
class Line:
    """Units of one product at one price; `left` falls as returns are matched."""

    product: int
    quantity: int
    amount: int
    left: int = 0
    place: int = 0
    """Its row in the written order."""


@dataclass(slots=True)
class Basket:
    """All lines of one customer at one minute, bought or brought back."""

    customer: int
    moment: str
    lines: list[Line]
    number: int = 0
    value_left: int = 0

    @property
    def total(self) -> int:
        """Pence."""
        return sum(line.amount for line in self.lines)


@dataclass(slots=True)
class Match:
    """Part of a return and the order it came from; `line` None = money only."""

    sale: Basket
    line: Line | None
    quantity: int
    amount: int


@dataclass(slots=True)
class Tally:
    """What could not be placed."""

    dropped_lines: int = 0
    dropped_pence: int = 0
    capped_pence: int = 0
    money_only: int = 0
    matched: int = 0


def read_lines(path: Path) -> Iterator[tuple[str, str, int, int, int]]:
    """Yield source customer, moment to the minute, product, quantity, pence."""
    with gzip.open(path, "rt", newline="") as source:
        for row in csv.DictReader(source):
            pence = int(Decimal(row["amount"]) * 100)
            yield row["customer_id"], row["timestamp"][:16], int(row["product"]), int(row["quantity"]), pence


def choose(customers: Iterable[str]) -> dict[str, int]:
    """Return the sample's buyers by source id, numbered 1.. in the order of their hashes."""
    ranked = sorted(set(customers), key=lambda c: hashlib.sha256(f"nextorder-sample:{c}".encode()).digest())
    return {source: number for number, source in enumerate(ranked[:CUSTOMERS], start=1)}


def baskets(rows: Iterable[tuple[int, str, int, int, int]]) -> list[Basket]:
    """Group rows of one sign by minute and customer; equal products at an equal price become one line."""
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    return [
        Basket(customer, moment, merge(row[2:] for row in group))
        for (moment, customer), group in groupby(ordered, key=lambda row: (row[1], row[0]))
    ]


def merge(rows: Iterable[tuple[int, int, int]]) -> list[Line]:
    """Add up rows of the same product and unit price, in first-seen order."""
    merged: dict[tuple[int, int], Line] = {}
    for product, quantity, amount in rows:
        line = merged.setdefault((product, amount // quantity), Line(product, 0, 0))
        line.quantity += quantity
        line.amount += amount
    return list(merged.values())


def open_lines(line: Line, earlier: Sequence[Basket], *, same_price: bool) -> Iterator[tuple[Basket, Line]]:
    """Yield lines of the returned product with units left, latest order first."""
    price = line.amount // line.quantity
    for sale in reversed(earlier):
        for sold in sale.lines:
            right_price = not same_price or sold.amount // sold.quantity == price
            if sold.product == line.product and sold.left and right_price:
                yield sale, sold


def match_units(line: Line, earlier: Sequence[Basket], tally: Tally) -> Iterator[Match]:
    """Take returned units off the latest earlier orders: at the same price first, then at any."""
    units, price = -line.quantity, line.amount // line.quantity
    for same_price in (True, False):
        for sale, sold in open_lines(line, earlier, same_price=same_price):
            taken = min(units, sold.left)
            value = min(taken * price, sale.value_left)
            if taken:
                tally.capped_pence += taken * price - value
                sold.left -= taken
                sale.value_left -= value
                units -= taken
                yield Match(sale, sold, taken, value)
    if units:
        yield from match_value(units * price, earlier, tally)


def match_value(value: int, earlier: Sequence[Basket], tally: Tally) -> Iterator[Match]:
    """Give money back on the latest earlier order that has as much left; drop what fits nowhere."""
    for sale in reversed(earlier):
        if 0 < value <= sale.value_left:
            sale.value_left -= value
            tally.money_only += 1
            yield Match(sale, None, 0, value)
            return
    tally.dropped_lines += 1
    tally.dropped_pence += value


def match_returns(sales: Sequence[Basket], returns: Sequence[Basket]) -> tuple[list[list[Match]], Tally]:
    """Return the matches of each return, in the order of `returns`."""
    tally = Tally()
    bought: dict[int, list[Basket]] = defaultdict(list)
    for sale in sales:
        bought[sale.customer].append(sale)
        sale.value_left = sale.total
        for line in sale.lines:
            line.left = line.quantity
    matched = []
    for back in returns:
        earlier = [sale for sale in bought[back.customer] if sale.moment < back.moment]
        matched.append([match for line in back.lines for match in match_units(line, earlier, tally)])
    tally.matched = sum(len(matches) for matches in matched) - tally.money_only
    return matched, tally


def fold(sale: Basket) -> list[Row]:
    """Return at most 11 rows: returned lines first, then the dearest; the rest is one row without product."""
    kept = sale.lines
    if len(kept) > MOST_LINES:
        wanted = sorted(kept, key=lambda line: (line.left == line.quantity, -line.amount))
        chosen = {id(line) for line in wanted[:KEPT_BESIDE_A_FOLD]}
        kept = [line for line in sale.lines if id(line) in chosen]
    for place, line in enumerate(kept):
        line.place = place
    written: list[Row] = [(sale.number, line.product, line.quantity, line.amount, "", "") for line in kept]
    rest = [line for line in sale.lines if all(line is not other for other in kept)]
    if rest:
        for line in rest:
            line.place = len(kept)
        units, pence = sum(line.quantity for line in rest), sum(line.amount for line in rest)
        written.append((sale.number, "", units, pence, "", ""))
    return written


def unfold(number: int, match: Match) -> Row:
    """Return the row of one match."""
    product = match.line.product if match.line else ""
    place = match.line.place if match.line else ""
    return (number, product, -match.quantity, -match.amount, match.sale.number, place)


def typical_prices(rows: Iterable[tuple[str, str, int, int, int]]) -> list[Row]:
    """Return each product's median unit price in pence, over the whole set's sales."""
    prices = defaultdict(list)
    for _, _, product, quantity, pence in rows:
        if quantity > 0:
            prices[product].append(pence // quantity)
    return [(product, round(statistics.median(seen))) for product, seen in sorted(prices.items())]


def write(name: str, header: Row, rows: Iterable[Row]) -> None:
    """Write gzip'd CSV without a time stamp, so that the same rows are the same bytes."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    (HERE / name).write_bytes(packed)
    print(f"{name}: {text.getvalue().count(chr(10)) - 1} rows, {len(packed) / 1024:.0f} KiB")


def build(path: Path) -> Tally:
    """Write the three files beside this script."""
    source = list(read_lines(path))
    numbers = choose(row[0] for row in source if row[3] > 0)
    ours = [(numbers[row[0]], *row[1:]) for row in source if row[0] in numbers]
    sales = baskets(row for row in ours if row[3] > 0)
    returns = baskets(row for row in ours if row[3] < 0)
    for number, each in enumerate([*sales, *returns], start=1):
        each.number = number

    matched, tally = match_returns(sales, returns)
    lines = [row for sale in sales for row in fold(sale)]
    lines += [unfold(back.number, m) for back, found in zip(returns, matched, strict=True) for m in found]
    heads: list[Row] = [(each.number, each.customer, "sale", each.moment, each.total) for each in sales]
    heads += [(each.number, each.customer, "return", each.moment, each.total) for each in returns]
    write("orders.csv.gz", ("number", "customer", "kind", "placed_at", "total"), heads)
    write("lines.csv.gz", ("number", "product", "quantity", "amount", "sale", "line"), lines)
    write("products.csv.gz", ("product", "price"), typical_prices(source))
    return tally


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))

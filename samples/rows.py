"""Read the sample's rows: orders, returns already matched to orders, and each product's usual price."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sold:
    """One row of an order; product None = the folded rest of a long order. Amount in pence."""

    product: int | None
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Back:
    """Units of one row that came back; place None = money only. Both numbers positive, pence."""

    place: int | None
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What one visit brought back of one order; `moment` is the shop's local time in the source's years."""

    number: int
    moment: datetime
    items: tuple[Back, ...]


@dataclass(frozen=True, slots=True)
class Sale:
    """One order with its returns, oldest first; `moment` as in Returned."""

    number: int
    customer: int
    moment: datetime
    total: int
    lines: tuple[Sold, ...]
    returns: tuple[Returned, ...]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(HERE / name, "rt", newline="") as file:
        yield from csv.DictReader(file)


@cache
def usual_prices() -> Mapping[int, int]:
    """Return the median unit price of each product, in pence."""
    return {int(row["product"]): int(row["price"]) for row in _rows("products.csv.gz")}


@cache
def sales() -> tuple[Sale, ...]:
    """Return all orders in time order."""
    heads = {int(row["number"]): row for row in _rows("orders.csv.gz")}
    lines, returns = _sold_and_returned({number: _moment(row) for number, row in heads.items()})
    return tuple(
        Sale(
            number,
            int(row["customer"]),
            _moment(row),
            int(row["total"]),
            tuple(lines[number]),
            tuple(sorted(returns[number], key=lambda each: each.number)),
        )
        for number, row in heads.items()
        if row["kind"] == "sale"
    )


def _moment(row: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(row["placed_at"])


def _sold_and_returned(
    moments: Mapping[int, datetime],
) -> tuple[Mapping[int, list[Sold]], Mapping[int, list[Returned]]]:
    """Return rows and returns by order number."""
    sold: dict[int, list[Sold]] = defaultdict(list)
    items: dict[tuple[int, int], list[Back]] = defaultdict(list)
    for row in _rows("lines.csv.gz"):
        number, quantity, amount = int(row["number"]), int(row["quantity"]), int(row["amount"])
        if row["sale"]:
            place = int(row["line"]) if row["line"] else None
            items[int(row["sale"]), number].append(Back(place, -quantity, -amount))
        else:
            product = int(row["product"]) if row["product"] else None
            sold[number].append(Sold(product, quantity, amount))
    returns: dict[int, list[Returned]] = defaultdict(list)
    for (sale, number), found in items.items():
        returns[sale].append(Returned(number, moments[number], tuple(found)))
    return sold, returns

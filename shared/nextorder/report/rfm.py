"""The grid that marketers know: how lately customers bought against how often, with what they brought."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from nextorder.domain.currency import why_unranked
from nextorder.report.expected import average, expected_profit, order_profits
from nextorder.report.page import NOT_KNOWN, Column, Estimate, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import counted, number, percent
from nextorder.training.table import Floats

KEY: Final = "rfm"
TITLE: Final = "How lately and how often they bought"
FIFTHS: Final = 5
ORDER_DAYS: Final = (1, 2, 3, 4, 6)
"""Where each column of the grid begins: fifths of order days would be ties in most shops."""
AHEAD_DAYS: Final = 90.0
OFTEN, LATELY = 4, 4
INTERVAL: Final = (
    "brought so far: the average of such customers lies within it four times out of five; expected: what "
    "they will bring does"
)
COLUMNS: Final = (
    Column(name="last_order", label="fifth by last order (5 = latest)", kind=Kind.COUNT),
    Column(name="orders", label="step by order days (5 = most)", kind=Kind.COUNT),
    Column(name="last_order_days", label="days since the last order", kind=Kind.TEXT),
    Column(name="order_days", label="order days", kind=Kind.TEXT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="gp2", label="gross profit a customer to date", kind=Kind.MONEY),
    Column(name="gp2_lo", label="to date, at least", kind=Kind.MONEY),
    Column(name="gp2_hi", label="to date, at most", kind=Kind.MONEY),
    Column(name="ahead", label="gross profit a customer expected in 90 days", kind=Kind.MONEY),
    Column(name="ahead_lo", label="expected, at least", kind=Kind.MONEY),
    Column(name="ahead_hi", label="expected, at most", kind=Kind.MONEY),
)


@dataclass(slots=True)
class Cell:
    """Customers of one field of the grid; money of those of whom it can be told, minor units."""

    customers: int = 0
    gp2: list[int] = field(default_factory=list)
    priced: list[int] = field(default_factory=list)
    """Their places among all."""


def rfm(store: Store) -> Picture:
    """
    Count buyers by fifths of the days since the last order and by order days.

    Shopify's RFM groups and Klaviyo's RFM score each of both in five steps, too, with the money
    spent as a third score; here the money is what the fields show, and it is profit.
    """
    silences = [(store.as_of - one.order_days[-1].at).total_seconds() / 86_400 for one in store.buyers]
    edges = fifth_edges(silences)
    grid = _grid(store, silences, edges)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(grid, store),
        n=len(store.buyers),
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(_rows(store, grid, silences, edges)),
    )


def fifth_edges(days: Sequence[float]) -> Sequence[float]:
    """Return the days since the last order at which the second to fifth fifth begin, rising."""
    rising = sorted(days)
    return [rising[len(rising) * place // FIFTHS] for place in range(1, FIFTHS)] if rising else []


def _grid(store: Store, silences: Sequence[float], edges: Sequence[float]) -> Mapping[tuple[int, int], Cell]:
    grid: Mapping[tuple[int, int], Cell] = defaultdict(Cell)
    for place, (one, days) in enumerate(zip(store.buyers, silences, strict=True)):
        cell = grid[FIFTHS - bisect_right(edges, days), bisect_right(ORDER_DAYS, len(one.order_days))]
        cell.customers += 1
        if not one.unpriced:
            cell.gp2.append(one.gp2_to_date)
            cell.priced.append(place)
    return grid


def _rows(
    store: Store,
    grid: Mapping[tuple[int, int], Cell],
    silences: Sequence[float],
    edges: Sequence[float],
) -> Iterator[Sequence[Value]]:
    profits = order_profits(store)
    for (fifth, step), cell in sorted(grid.items()):
        brought = average(np.array(cell.gp2, dtype=float))
        expected = _ahead(store, cell.priced, profits)
        yield (
            *(fifth, step, _days(fifth, silences, edges), _order_days(step), store.in_all(cell.customers)),
            *(brought.ends if brought else NOT_KNOWN),
            *(expected.ends if expected else NOT_KNOWN),
        )


def _ahead(store: Store, places: Sequence[int], profits: Floats) -> Estimate | None:
    """Return what each of some customers, by their places, is expected to bring."""
    if not places or why_unranked(store.shop) or f"{AHEAD_DAYS:g}" in store.shop.withheld:
        return None
    whose = np.zeros(len(store.told.names), dtype=bool)
    whose[places] = True
    return expected_profit(store.told, AHEAD_DAYS, whose, profits).each_of(len(places))


def _days(fifth: int, silences: Sequence[float], edges: Sequence[float]) -> str:
    """Write a fifth's days: 31-87."""
    rising, place = sorted(silences), FIFTHS - fifth
    bounds = [0, *(bisect_left(rising, edge) for edge in edges), len(rising)]
    start, end = list(pairwise(bounds))[place]
    return f"{rising[start]:.0f}-{rising[end - 1]:.0f}"


def _order_days(step: int) -> str:
    """Write a step's order days: 1, 4-5, 6+."""
    if step == len(ORDER_DAYS):
        return f"{ORDER_DAYS[-1]}+"
    first, last = ORDER_DAYS[step - 1], ORDER_DAYS[step] - 1
    return f"{first}" if first == last else f"{first}-{last}"


def _says(grid: Mapping[tuple[int, int], Cell], store: Store) -> str:
    best = [one for (fifth, step), one in grid.items() if fifth >= LATELY and step >= OFTEN]
    count, everyone = sum(one.customers for one in best), sum(one.customers for one in grid.values())
    if not everyone:
        return "Nobody has ordered yet."
    whole, brought = (sum(sum(one.gp2) for one in some) for some in (grid.values(), best))
    share = f"; they brought {percent(brought / whole)} of all gross profit" if whole > 0 and count else ""
    return (
        f"{number(store.in_all(count))} of {counted(store.in_all(everyone), 'customer')} "
        f"({percent(count / everyone)}) bought on {ORDER_DAYS[OFTEN - 1]} days or more and are among the "
        f"two fifths who bought last{share}."
    )

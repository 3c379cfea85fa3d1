"""Who went where within 30 days: from which stage of life to which."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from nextorder.domain.catalogue import LIFE_BY_AGE
from nextorder.domain.stages import stages
from nextorder.report.clv import ahead
from nextorder.report.expected import expected_profit, order_profits
from nextorder.report.life import NOBODY, STARTS
from nextorder.report.page import NOT_KNOWN, Column, Estimate, Kind, Picture
from nextorder.report.sizes import unit_of
from nextorder.report.store import Store
from nextorder.report.words import estimated, number
from nextorder.scoring.predict import YEAR_DAYS
from nextorder.training.table import Floats

KEY: Final = "moves"
TITLE: Final = "Who went where in 30 days"
BACK: Final = timedelta(days=30)
HEIGHTS: Final[Mapping[str, int]] = {
    **dict.fromkeys((NOBODY, "prospect"), 0),
    "missed": 1,
    **dict.fromkeys(LIFE_BY_AGE, 2),
    "repeat": 3,
    "loyal": 4,
    **dict.fromkeys(("champion", "subscriber"), 5),
}
"""A move up brings something, one down costs something; on one height time has passed."""
COLUMNS: Final = (
    Column(name="start", label="from", kind=Kind.TEXT),
    Column(name="end", label="to", kind=Kind.TEXT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="ahead", label="gross profit ahead, 12 months", kind=Kind.MONEY),
    Column(name="ahead_lo", label="ahead, at least", kind=Kind.MONEY),
    Column(name="ahead_hi", label="ahead, at most", kind=Kind.MONEY),
)
INTERVAL: Final = "what they will bring together lies within it four times out of five"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """All who went from one stage to another, or stayed."""

    start: str
    end: str
    customers: int
    ahead: Estimate | None
    """Gross profit of the next 365 days, minor units; None = nothing is said of money."""

    @property
    def rise(self) -> int:
        """By how much it goes up, or down."""
        return HEIGHTS[self.end] - HEIGHTS[self.start]


def moves(store: Store) -> Picture:
    """Count who went from which stage to which; those who stayed are told, too."""
    found = moves_of(store)
    everyone = [_in_all(one, store) for one in found]
    return Picture(
        key=KEY,
        title=TITLE,
        says=in_words(everyone, store.shop.currency),
        n=sum(one.customers for one in found),
        unit=unit_of(sum(one.customers for one in found), store),
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(
            (one.start, one.end, one.customers, *(one.ahead.ends if one.ahead else NOT_KNOWN))
            for one in everyone
        ),
    )


def moves_of(store: Store) -> Sequence[Move]:
    """Return the moves, by the order of the stages."""
    priced, profits = frozenset(ahead(store).customers), order_profits(store)
    customers: dict[tuple[str, str], list[str]] = defaultdict(list)
    moments = (store.as_of, store.as_of - BACK)
    for one in store.everyone:
        (now, then), _ = stages(one, store.shop, store.told.model, store.catalogue, moments)
        if now:
            customers[then or NOBODY, now].append(one.customer)
    return [
        Move(
            start=start,
            end=end,
            customers=len(names),
            ahead=_ahead(store, priced.intersection(names), profits),
        )
        for (start, end), names in sorted(customers.items(), key=lambda one: _place(*one[0]))
    ]


def _ahead(store: Store, names: Collection[str], profits: Floats) -> Estimate | None:
    if not names:
        return None
    whose = np.zeros(len(store.told.names), dtype=bool)
    whose[store.told.names.get_indexer(pd.Index(sorted(names)))] = True
    return expected_profit(store.told, YEAR_DAYS, whose, profits)


def _in_all(one: Move, store: Store) -> Move:
    ahead = one.ahead and one.ahead.each_of(store.share)
    return replace(one, customers=store.in_all(one.customers), ahead=ahead)


def _place(start: str, end: str) -> tuple[int, int]:
    return STARTS.index(start), STARTS.index(end)


def in_words(found: Sequence[Move], currency: str) -> str:
    """Name the largest move that costs something, and the largest that brings something."""
    gains, losses = ([one for one in found if one.rise * way > 0] for way in (1, -1))
    told = [
        f"{_largest(some, currency)}, the largest move that {does} something"
        for does, some in (("costs", losses), ("brings", gains))
        if some
    ]
    return f"In 30 days {'; '.join(told)}." if told else "In 30 days nobody moved but by time passing."


def _largest(some: Iterable[Move], currency: str) -> str:
    one = max(some, key=lambda move: move.customers)
    money = (
        ""
        if one.ahead is None
        else f" (gross profit expected of them in 12 months: {estimated(one.ahead, currency)[0]})"
    )
    people = "customer" if one.customers == 1 else "customers"
    return f"{number(one.customers)} {people} went from {one.start} to {one.end}{money}"

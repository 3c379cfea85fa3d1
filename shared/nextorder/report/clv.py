"""What customers will bring within a year, in revenue and in profit, and whose rank differs by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import Final

import numpy as np

from nextorder.domain.catalogue import TIERS
from nextorder.domain.currency import why_unranked
from nextorder.domain.segments_families import has_enough_history, rank
from nextorder.report.expected import drift_of_amounts, quantile_of
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import estimated, number, roughly
from nextorder.scoring.predict import YEAR_DAYS
from nextorder.training.foretell import PROFIT, REVENUE
from nextorder.training.table import Floats, Ints

KEY: Final = "clv"
TITLE: Final = "What customers are worth"
STEPS: Final = (1, 2, 5, 10)
"""Of a width of bins, in its power of ten."""
BINS: Final = 16
"""At most, below the last one, which has no end."""
MOST: Final = 0.9
"""So many customers are not in the last bin."""
SHARES: Final = (("half", 0.5), ("a tenth", 0.9))
"""Who bring more than which amounts: their names, and the share who bring less."""
MORE: Final = "bring more: "
INTERVAL: Final = (
    "the amounts that half and a tenth of the customers are expected to exceed lie within it four times out "
    "of five: by so much past forecasts were off for all alike, and few customers leave more open"
)
FAR: Final = 2
"""From so many tiers on a move is worth telling."""
COLUMNS: Final = (
    Column(name="what", label="what", kind=Kind.TEXT),
    Column(name="amount_from", label="from", kind=Kind.MONEY),
    Column(name="amount_from_lo", label="at least", kind=Kind.MONEY),
    Column(name="amount_from_hi", label="at most", kind=Kind.MONEY),
    Column(name="amount_until", label="until", kind=Kind.MONEY),
    Column(name="customers", label="customers", kind=Kind.COUNT),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ahead:
    """What each buyer of whom money can be told will bring within a year, minor units."""

    customers: Sequence[str]
    revenue: Floats
    profit: Floats
    share: float = 1.0
    """How much of everyone these are."""
    drift: float = 0.0
    """By how much all amounts move together, on the log scale."""

    def in_all(self, count: float) -> int:
        """Return what a count or an amount of these makes of everyone."""
        return round(count / self.share)


def clv(store: Store) -> Picture:
    """Lay the two distributions side by side, with the amounts from which a value tier is reached."""
    told, tiers = ahead(store), _tiers(store)
    missing = _missing(store, told)
    return Picture(
        key=KEY,
        title=TITLE,
        says=missing or in_words(told, tiers, store.shop.currency),
        n=len(told.customers),
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=() if missing else (*_distribution(told), *_exceeded(told), *_bounds(told, tiers)),
    )


def ahead(store: Store) -> Ahead:
    """Return what buyers will bring within a year; nobody where no money can be told at all."""
    year = store.told.days.index(YEAR_DAYS)
    priced = np.array([not one.unpriced and not why_unranked(store.shop) for one in store.buyers], dtype=bool)
    return Ahead(
        customers=[str(name) for name in store.told.names[priced]],
        revenue=store.told.spend[priced, year],
        profit=store.told.worth[priced, year],
        share=store.share,
        drift=drift_of_amounts(store.told, YEAR_DAYS, priced),
    )


def _missing(store: Store, told: Ahead) -> str:
    """Say why there is nothing to draw; empty = there is."""
    if why := store.why_unvalued:
        return why
    if not has_enough_history(store.shop.numbers):
        return "Too few orders to rank people by what they will bring."
    return "" if told.customers else "Nobody has ordered yet."


def _tiers(store: Store) -> Sequence[tuple[str, int]]:
    """Return the tiers, best first, with the gross profit from which an order takes a customer in."""
    named = ((tier, store.catalogue.threshold(f"value:{tier}", "clv_rank")) for tier in TIERS)
    bounds = ((tier, rank(store.shop.numbers, share)) for tier, share in named)
    return [(tier, bound) for tier, bound in bounds if bound is not None]


def _distribution(told: Ahead) -> Iterator[Sequence[Value]]:
    edges = edges_of(float(np.quantile(told.revenue, MOST)))
    bins = [(None, 0), *pairwise(edges), (edges[-1], None)]
    for what, amounts in ((REVENUE, told.revenue), (PROFIT, told.profit)):
        counts, _ = np.histogram(amounts, [-np.inf, *edges, np.inf])
        # nobody's revenue is below 0, and few shops have a customer who costs money
        for (low, high), count in zip(bins, counts, strict=True):
            if low is not None or count:
                yield what, low, None, None, high, told.in_all(count)


def _exceeded(told: Ahead) -> Iterator[Sequence[Value]]:
    """Tell the amounts that some share of customers are expected to bring more than, with their ranges."""
    for what, amounts in ((REVENUE, told.revenue), (PROFIT, told.profit)):
        for name, share in SHARES:
            bound = quantile_of(amounts, share, told.drift)
            yield f"{name} {MORE}{what}", *bound.ends, None, told.in_all((amounts > bound.value).sum())


def edges_of(large: float) -> Sequence[int]:
    """Return round amounts, minor units, equally far apart, from 0 to just above a large one."""
    power = 10 ** floor(log10(max(large, BINS) / BINS))
    step = next(each * power for each in STEPS if each * power * BINS >= large)
    return [step * place for place in range(int(large // step) + 2)]


def _bounds(told: Ahead, tiers: Sequence[tuple[str, int]]) -> Iterator[Sequence[Value]]:
    places = tiers_by_profit(told, tiers)
    for place, (tier, bound) in enumerate(tiers):
        yield f"tier {tier}", bound, None, None, None, told.in_all((places == place).sum())


def tiers_by_profit(told: Ahead, tiers: Sequence[tuple[str, int]]) -> Ints:
    """Return the place of each customer's tier, 0 = the best; who is in none comes after the last."""
    worth = told.profit[:, None]
    bounds = np.array([bound for _, bound in tiers])
    # NOTE: a bound that is not above 0 lets nobody in: see domain/segments_families.py
    in_reach = (worth >= bounds) & (bounds > 0)
    return np.where(in_reach.any(axis=1), in_reach.argmax(axis=1), len(tiers)).astype(np.int64)


def tiers_by_revenue(told: Ahead, by_profit: Ints) -> Ints:
    """Return the tiers that as many customers would be in, each, were they ranked by revenue."""
    found = np.empty_like(by_profit)
    found[np.argsort(-told.revenue, kind="stable")] = np.sort(by_profit)
    return found


def in_words(told: Ahead, tiers: Sequence[tuple[str, int]], currency: str) -> str:
    """Say what half of the customers will bring, and whose tier differs by profit and revenue."""
    by_profit = tiers_by_profit(told, tiers)
    fall = by_profit - tiers_by_revenue(told, by_profit)
    down, up = fall >= FAR, fall <= -FAR
    half = quantile_of(told.profit, 0.5, told.drift)
    amount, range_ = estimated(half, currency)
    said = (
        f"Half of the customers are expected to bring less than {amount} ({range_}) of gross profit in a year"
    )
    if not (down | up).any():
        return f"{said}; ranked by revenue instead, nobody would be more than one value tier away."
    revenue, profit = (
        roughly(told.in_all(amounts[down].sum()), currency) for amounts in (told.revenue, told.profit)
    )
    moved, fallen, risen = (told.in_all(who.sum()) for who in (down | up, down, up))
    more = roughly(told.in_all(told.profit[up].sum()), currency)
    ways = (
        f"{number(fallen)} down, whose {revenue} of revenue leave {profit}" if fallen else "",
        f"{number(risen)} up, who bring {more}" if risen else "",
    )
    return (
        f"{said}; profit moves {number(moved)} of them by more than one value tier against revenue: "
        f"{', and '.join(filter(None, ways))}."
    )

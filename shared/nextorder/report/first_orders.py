"""Which first orders lead to good customers: each kind against the store's own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev
from typing import Final

from nextorder.domain.facts import Order
from nextorder.domain.marks import marks_of
from nextorder.domain.purchases import is_discounted
from nextorder.report.first_years import FirstYear, first_years
from nextorder.report.page import Column, Estimate, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import amount, number, percent
from nextorder.scoring.interval import Z80, wilson

KEY: Final = "first_orders"
TITLE: Final = "Which first orders lead to good customers"
LEAST: Final = 30
"""Customers of a kind that is told of."""
MOST_KINDS: Final = 8
OTHER: Final = "other"
LEANS_ON: Final = 50
"""So many customers of the store's own mean are added to every kind: what few did is mostly luck."""
Z98: Final = 2.3263478740408408
"""Standard normal quantile at 0.99. Of 40 kinds that are alike, 80 % ranges would set eight apart."""
INTERVAL: Final = (
    "the average of such customers lies within it four times out of five; every kind leans on the store's "
    f"own as if {LEANS_ON} of its customers were added, and is called better or worse only where a range "
    "that holds 98 times in 100 leaves the store's out, since many kinds are compared"
)
BETTER, WORSE, ALIKE = "better", "worse", "as the store"
STORE: Final = "the store"
DISCOUNTS: Final = ((0.20, "20 % and more"), (0.10, "10 to 20 %"), (0.0, "under 10 %"))
COLUMNS: Final = (
    Column(name="by", label="by", kind=Kind.TEXT),
    Column(name="value", label="first order", kind=Kind.TEXT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="gp2_first", label="gross profit of the first order", kind=Kind.MONEY),
    Column(name="closed", label="of them with a closed window", kind=Kind.COUNT),
    Column(name="second", label="came back in the window", kind=Kind.SHARE),
    Column(name="second_lo", label="came back, at least", kind=Kind.SHARE),
    Column(name="second_hi", label="came back, at most", kind=Kind.SHARE),
    Column(name="clv", label="gross profit of the first 12 months", kind=Kind.MONEY),
    Column(name="clv_lo", label="12 months, at least", kind=Kind.MONEY),
    Column(name="clv_hi", label="12 months, at most", kind=Kind.MONEY),
    Column(name="against", label="against the store", kind=Kind.TEXT),
)
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is usual in the store; money in minor units."""

    second: float | None
    gp2: float | None
    spread: float = 0.0
    """Standard deviation of a customer's first twelve months."""

    @classmethod
    def of(cls, members: Sequence[FirstYear]) -> "Own":
        """Return the means over everyone."""
        came, brought = _came_back(members), _brought(members)
        return cls(
            second=fmean(came) if came else None,
            gp2=fmean(brought) if brought else None,
            spread=pstdev(brought) if brought else 0.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One kind of first order."""

    by: str
    value: str
    members: Sequence[FirstYear]
    own: Own
    leans_on: int = LEANS_ON

    def second(self, z: float = Z80) -> Estimate | None:
        """Return the share who came back in their window (Wilson); None where nothing is to be told."""
        came = _came_back(self.members)
        if not came or self.own.second is None:
            return None
        n = len(came) + self.leans_on
        rate = (sum(came) + self.leans_on * self.own.second) / n
        low, high = wilson(rate, n, z)
        return Estimate(value=rate, lo=low, hi=high)

    def gp2(self, z: float = Z80) -> Estimate | None:
        """
        Return the mean of the first twelve months, with its normal range.

        The spread is not taken for smaller than the store's: a kind that has not met its one great
        customer yet only seems to know.
        """
        brought = _brought(self.members)
        if not brought or self.own.gp2 is None:
            return None
        n = len(brought) + self.leans_on
        mean = (sum(brought) + self.leans_on * self.own.gp2) / n
        half = z * max(pstdev(brought), self.own.spread) / sqrt(n)
        return Estimate(value=mean, lo=mean - half, hi=mean + half)

    @property
    def against(self) -> str:
        """Say whether such customers differ: by profit, or where that is alike by who comes back."""
        by_profit = _against(self.gp2(Z98), self.own.gp2)
        return by_profit if by_profit != ALIKE else _against(self.second(Z98), self.own.second)

    def row(self) -> Sequence[Value]:
        """Return the row of the table."""
        first = [one.first_gp2 for one in self.members if one.first_gp2 is not None]
        return (
            *(self.by, self.value, len(self.members), fmean(first) if first else None),
            *(len(_came_back(self.members)), *_ends(self.second()), *_ends(self.gp2()), self.against),
        )


def first_orders(store: Store) -> Picture:
    """Tell of each kind of first order with 30 customers or more: the eight largest of each dimension."""
    members = list(first_years(store))
    own = Own.of(members)
    told = list(groups(members, own))
    everyone = Group(by=STORE, value=STORE, members=members, own=own, leans_on=0)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(told, own, store),
        n=len(members),
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(one.row() for one in (everyone, *told)) if told else (),
    )


def groups(members: Sequence[FirstYear], own: Own) -> Iterator[Group]:
    """Yield the kinds of every dimension that has more than one; what is not known is of no kind."""
    for by, kind in DIMENSIONS.items():
        kinds = [kind(one.order) for one in members]
        counts = Counter(filter(None, kinds))
        large = [name for name, count in counts.most_common(MOST_KINDS) if count >= LEAST]
        names = [name if name in large else OTHER if name else "" for name in kinds]
        if len(counts) < 2:  # noqa: PLR2004 - a kind that everyone is of is the store
            continue
        for value in (*large, OTHER):
            some = [one for one, name in zip(members, names, strict=True) if name == value]
            if len(some) >= LEAST:
                yield Group(by=by, value=value, members=some, own=own)


def _mark(attribute: str) -> Callable[[Order], str]:
    """Return what reads a mark of the first order, as the store's model names them."""

    def read(order: Order) -> str:
        return dict(mark.split("=", 1) for mark in marks_of(order)).get(attribute, "")

    return read


def _discount(order: Order) -> str:
    share = order.discount / order.subtotal if order.subtotal > 0 else 0.0
    return next(name for least, name in DISCOUNTS if share >= least) if is_discounted(order) else "none"


DIMENSIONS: Final[Mapping[str, Callable[[Order], str]]] = {
    "country": _mark("country"),
    "category": _mark("category"),
    "product": _mark("product"),
    "discount": _discount,
    "channel": _mark("channel"),
    "items": _mark("items"),
    "source": lambda order: order.origin.source,
    "campaign": lambda order: order.origin.campaign,
    "landing page": lambda order: order.origin.landing,
    "discount code": lambda order: order.origin.code,
}


def _came_back(members: Sequence[FirstYear]) -> Sequence[bool]:
    return [one.came_back for one in members if one.came_back is not None]


def _brought(members: Sequence[FirstYear]) -> Sequence[float]:
    return [one.gp2 for one in members if one.gp2 is not None]


def _against(told: Estimate | None, own: float | None) -> str:
    if told is None or own is None or told.lo is None or told.hi is None:
        return ALIKE
    return BETTER if told.lo > own else WORSE if told.hi < own else ALIKE


def _ends(told: Estimate | None) -> Sequence[Value]:
    return (told.value, told.lo, told.hi) if told else (None, None, None)


def _says(told: Sequence[Group], own: Own, store: Store) -> str:
    if not told:
        return f"No two kinds of first order have {LEAST} customers yet; those that have are compared here."
    apart = [one for one in told if one.against != ALIKE and one.value != OTHER]
    if not apart:
        return (
            f"None of the {number(len(told))} kinds of first order differs clearly from the store as a whole."
        )
    most = max(apart, key=lambda one: (_at_stake(one), one.by, one.value))
    said = [f"Of first orders with {most.by} {most.value} ({number(len(most.members))} customers)"]
    second, gp2, days = most.second(), most.gp2(), store.shop.numbers.window.days
    if second and own.second is not None:
        said.append(f"{percent(second.value)} come back within {days} days, of all {percent(own.second)}")
    if gp2 and own.gp2 is not None:
        brought, usual = (amount(one, store.shop.currency) for one in (gp2.value, own.gp2))
        said.append(f"their first 12 months bring {brought}, those of all {usual}")
    return f"{said[0]}, {'; '.join(said[1:])}."


def _at_stake(group: Group) -> float:
    """Return how much all of them together differ from the store: in money, else in second orders."""
    gp2, second = group.gp2(), group.second()
    if gp2 and group.own.gp2 is not None:
        return abs(gp2.value - group.own.gp2) * len(group.members)
    return abs(second.value - (group.own.second or 0.0)) * len(group.members) if second else 0.0

"""Which first orders lead to good customers: each kind against the store's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist
from typing import Final

import numpy as np

from nextorder.domain.facts import Order
from nextorder.domain.marks import marks_of
from nextorder.domain.purchases import is_discounted
from nextorder.report.beginners import Beginner, beginners, is_over, profits, today
from nextorder.report.groups import BY_CHANCE, LEAST, OTHERS, Compared, Group, Groups, groups_of
from nextorder.report.newcomers import NOT_KNOWN, Newcomers, expected_rest, first_order
from nextorder.report.page import Column, Estimate, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import estimated, number, percent
from nextorder.scoring.interval import Z80, wilson
from nextorder.scoring.predict import YEAR_DAYS
from nextorder.training.window import RECENT_DAYS

KEY: Final = "first_orders"
TITLE: Final = "Which first orders lead to good customers"
LEANS_ON: Final = 50
"""So many customers who come back as the store's do are added to every kind: what few did is mostly luck."""
INTERVAL: Final = (
    "the average of such customers lies within it four times out of five. What few customers did is mostly "
    f"luck, so each kind is told as if {LEANS_ON} average customers of the store belonged to it, too (of "
    "profit: the more, the fewer there are). Even where all kinds were alike, chance alone would call one "
    "better or worse by profit in one store of ten, and by who came back in another"
)
BETTER, WORSE, ALIKE = "better", "worse", "as the store"
STORE: Final = "the store"
PRODUCT: Final = "product"
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
    Column(name="clv", label="gross profit of the first year", kind=Kind.MONEY),
    Column(name="clv_lo", label="first year, at least", kind=Kind.MONEY),
    Column(name="clv_hi", label="first year, at most", kind=Kind.MONEY),
    Column(name="against", label="against the store", kind=Kind.TEXT),
)
_DAY: Final = timedelta(days=1)
NO_DISCOUNT: Final = "none"
_WAS: Final[Mapping[str, str]] = {
    "country": "came from {}",
    "category": "was of category {}",
    PRODUCT: "was of product {}",
    "discount": "had a discount of {}",
    "channel": "came by channel {}",
    "number of items": "had {} item{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of those whose window has closed, how many came back in it."""

    closed: int
    came_back: int

    def estimate(self, own: "Share | None" = None, z: float = Z80) -> Estimate | None:
        """Return the share with its range (Wilson), leaning on the store's own where it is given."""
        added = LEANS_ON if own and own.closed else 0
        if not self.closed + added:
            return None
        rate = self.came_back + (added * own.came_back / own.closed if own and added else 0.0)
        rate /= self.closed + added
        low, high = wilson(rate, self.closed + added, z)
        return Estimate(value=rate, lo=low, hi=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One kind of first order, as far as it can be told."""

    group: Group
    share: Share
    second: Estimate | None
    against: str


def first_orders(store: Store) -> Picture:
    """
    Tell of each kind of first order of the last three years: who came back, what the first year brings.

    The year is what came in it and, where it is not over, what is expected of the rest, so that those
    who were won long ago and of late are told by the same length of time.
    """
    found = _recent(store)
    people, back = _people(found, store), [_came_back(one, store) for one in found]
    groups = groups_of(people, today(store))
    own = _share(back)
    told = list(_told(groups, people, back, own))
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(told, groups, own, store),
        n=groups.n,
        unit="customers won within three years",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=(_of_store(groups, people, own, store), *(_row(one, store) for one in told)) if told else (),
    )


def _recent(store: Store) -> Sequence[Beginner]:
    """Return those who were won within three years and of whose money can be told."""
    since = today(store) - timedelta(days=RECENT_DAYS)
    told = () if store.why_unvalued else beginners(store)
    return [one for one in told if one.first_day >= since and not one.features.unpriced]


def _people(found: Sequence[Beginner], store: Store) -> Newcomers:
    ages = np.array([(store.as_of - one.features.order_days[0].at) / _DAY for one in found])
    place = {str(name): at for at, name in enumerate(store.told.names)}
    rest, unsure = expected_rest(store, [place[one.features.customer] for one in found], ages)
    orders = [first_order(one, store) for one in found]
    names = {by: [kind(one) if one else "" for one in orders] for by, kind in DIMENSIONS.items()}
    names[PRODUCT] = [store.titles.get(product, product) for product in names[PRODUCT]]
    return Newcomers(
        first_days=[one.first_day for one in found],
        first_profit=np.array([one.features.order_days[0].profit for one in found], dtype=float),
        year_profit=np.array([_year_so_far(one, store) for one in found], dtype=float) + rest,
        unsure=unsure,
        names={by: [name or NOT_KNOWN for name in named] for by, named in names.items()},
    )


def _year_so_far(one: Beginner, store: Store) -> int:
    ends = one.features.order_days[0].at + YEAR_DAYS * _DAY
    return sum(gp2 for at, gp2 in profits(store.facts[one.features.customer], store.shop) if at < ends)


def _came_back(one: Beginner, store: Store) -> bool | None:
    """Tell whether the second order came in the window; None while it is open."""
    days = store.shop.numbers.window.days
    closed = is_over(one.first_day + timedelta(days=days), store)
    return one.came_back_within(days) if closed else None


def _share(back: Sequence[bool | None]) -> Share:
    told = [one for one in back if one is not None]
    return Share(closed=len(told), came_back=sum(told))


def _told(groups: Groups, people: Newcomers, back: Sequence[bool | None], own: Share) -> Iterator[Told]:
    """Yield the kinds that are large enough, their shares compared as strictly as their profits."""
    strict = NormalDist().inv_cdf(1 - BY_CHANCE / (2 * max(groups.compared, 1)))
    for group in groups.found:
        if group.n >= LEAST:
            share = _share([back[place] for place in _members(group, groups, people)])
            second = share.estimate(own, strict)
            yield Told(
                group=group, share=share, second=share.estimate(own), against=_against(group, second, own)
            )


def _members(group: Group, groups: Groups, people: Newcomers) -> Sequence[int]:
    """Return the places of a group's customers among all."""
    apart = {one.name for one in groups.found if one.dimension == group.dimension}
    names = (name if name in apart else OTHERS for name in people.names[group.dimension])
    return [place for place, name in enumerate(names) if name == group.name]


def _against(group: Group, second: Estimate | None, own: Share) -> str:
    if group.compared is not Compared.ALIKE:
        return BETTER if group.compared is Compared.MORE else WORSE
    if second is None or not own.closed or group.name in (OTHERS, NOT_KNOWN):
        return ALIKE
    usual = own.came_back / own.closed
    return BETTER if (second.lo or 0.0) > usual else WORSE if (second.hi or 0.0) < usual else ALIKE


def _of_store(groups: Groups, people: Newcomers, own: Share, store: Store) -> Sequence[Value]:
    first = float(people.first_profit.mean())
    counts = store.in_all(groups.n), first, store.in_all(own.closed)
    return STORE, STORE, *counts, *_ends(own.estimate()), *_ends(groups.year), ALIKE


def _row(one: Told, store: Store) -> Sequence[Value]:
    group = one.group
    of_whom: Sequence[Value] = (group.dimension, group.name, store.in_all(group.n), group.first_profit)
    return *of_whom, store.in_all(one.share.closed), *_ends(one.second), *_ends(group.year), one.against


def _ends(told: Estimate | None) -> Sequence[Value]:
    return (told.value, told.lo, told.hi) if told else (None, None, None)


def _says(told: Sequence[Told], groups: Groups, own: Share, store: Store) -> str:
    if why := store.why_unvalued:
        return why
    if not groups.found and groups.n:
        return (
            "There is nothing to compare: the orders name no product, category, country, discount or channel "
            "in which they differ."
        )
    if not told:
        return f"No two kinds of first order have {LEAST} customers yet; then they are compared here."
    apart = [one for one in told if one.against != ALIKE]
    if not apart:
        return f"None of the {number(len(told))} kinds of first order clearly differs from the store's own."
    most = max(apart, key=lambda one: abs(one.group.year.value - groups.year.value) * one.group.n)
    group, currency = most.group, store.shop.currency
    bring, usually = (estimated(one, currency)[0] for one in (group.year, groups.year))
    said = (
        f"The {number(store.in_all(group.n))} customers whose first order {was(group)} bring {bring} in "
        f"their first year, all {usually}"
    )
    usual = own.estimate()
    if most.second and usual:
        days = store.shop.numbers.window.days
        came = f"{percent(most.second.value)} of them come back within {days} days"
        said += f"; {came}, of all {percent(usual.value)}"
    return f"{said}."


def was(group: Group) -> str:
    """Put a kind of first order behind "whose first order"."""
    if group.name == NO_DISCOUNT:
        return "had no discount"
    return _WAS[group.dimension].format(group.name, "" if group.name == "1" else "s")


def _mark(attribute: str) -> Callable[[Order], str]:
    """Return what reads a mark of the first order, as the store's model names them."""

    def read(order: Order) -> str:
        return dict(mark.split("=", 1) for mark in marks_of(order)).get(attribute, "")

    return read


def _discount(order: Order) -> str:
    share = order.discount / order.subtotal if order.subtotal > 0 else 0.0
    return next(name for least, name in DISCOUNTS if share >= least) if is_discounted(order) else NO_DISCOUNT


DIMENSIONS: Final[Mapping[str, Callable[[Order], str]]] = {
    "country": _mark("country"),
    "category": _mark("category"),
    PRODUCT: _mark("product"),
    "discount": _discount,
    "channel": _mark("channel"),
    "number of items": _mark("items"),
}
"""What a visit came from (source, campaign, landing page, code) is compared among new customers."""

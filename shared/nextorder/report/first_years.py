"""Customers with their first order and their first twelve months: what came, and what is still expected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from nextorder.domain.counting import is_counted
from nextorder.domain.currency import why_unranked
from nextorder.domain.facts import Order, Refund
from nextorder.report.beginners import Beginner, beginners, closed, profits, today
from nextorder.report.store import Store
from nextorder.training.table import Floats
from nextorder.training.window import RECENT_DAYS

DAY: Final = timedelta(days=1)
YEAR_DAYS: Final = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstYear:
    """One customer; money in minor units, None where nothing can be told of it."""

    beginner: Beginner
    order: Order
    """The first that counts."""
    first_gp2: int | None
    """Gross profit 2 of the first order day."""
    gp2: float | None
    """
    Of the twelve months from the first order on: what came, and what is expected of the rest.

    So those who were won long ago and those who were won of late are told by the same length of time.
    """
    came_back: bool | None
    """Within the shop's window; None = it is still open."""


def first_years(store: Store) -> Iterator[FirstYear]:
    """Yield the customers who were won within three years, in the order of `store.buyers`."""
    days = store.shop.numbers.window.days
    since = today(store) - timedelta(days=RECENT_DAYS)
    recent = [one for one in beginners(store) if one.first_day >= since]
    may_tell = {one.features.customer for one in closed(recent, days, store)}
    ahead = _ahead(store)
    for one in recent:
        name = one.features.customer
        is_priced = not one.features.unpriced
        yield FirstYear(
            beginner=one,
            order=first_order(one, store),
            first_gp2=one.features.order_days[0].profit if is_priced else None,
            gp2=_gp2(one, store, ahead[name]) if is_priced and ahead else None,
            came_back=one.came_back_within(days) if name in may_tell else None,
        )


def first_order(one: Beginner, store: Store) -> Order:
    """Return the order that the first order day begins with."""
    facts = store.facts[one.features.customer]
    orders = (fact for fact in facts if isinstance(fact, Order) and not fact.deleted)
    same_time = sorted(
        (order for order in orders if order.placed_at == one.features.ordered_at[0]),
        key=lambda order: order.id,
    )
    refunds = [fact for fact in facts if isinstance(fact, Refund)]
    counted = (
        order
        for order in same_time
        if is_counted(order, [refund for refund in refunds if refund.order == order.id], store.shop)
    )
    return next(counted)


def _ahead(store: Store) -> Mapping[str, Floats]:
    """Return what is expected of each buyer by the days of `told`; of nobody where money is not told."""
    if why_unranked(store.shop):
        return {}
    return dict(zip(map(str, store.told.names), store.told.worth, strict=True))


def _gp2(one: Beginner, store: Store, ahead: Floats) -> float:
    begun = one.features.order_days[0].at
    orders: Sequence[tuple[float, int]] = [
        ((at - begun) / DAY, gp2) for at, gp2 in profits(store.facts[one.features.customer], store.shop)
    ]
    rest = max(YEAR_DAYS - (store.as_of - begun) / DAY, 0.0)
    expected = np.interp(rest, (0.0, *store.told.days), (0.0, *ahead))
    return sum(gp2 for age, gp2 in orders if age < YEAR_DAYS) + float(expected)

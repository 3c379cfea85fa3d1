"""Customers from their first order on: when it was, when they came back, what they have brought since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nextorder.domain.currency import profit_in
from nextorder.domain.facts import Order, Payment, Refund, StoredFact
from nextorder.domain.features import Features
from nextorder.domain.published import shop_day
from nextorder.domain.shop import Shop
from nextorder.report.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginner:
    """A customer whose first order we hold."""

    features: Features
    first_day: date
    """Shop-local."""
    wait_days: int | None
    """From the first order day to the second, counted as the window is; None = it has not come."""

    def came_back_within(self, days: int) -> bool:
        """Whether the second order came within so many days."""
        return self.wait_days is not None and self.wait_days <= days


def beginners(store: Store) -> Sequence[Beginner]:
    """Return the buyers in the order of `store.buyers`, but those of whom Shopify knows older orders."""
    return [_beginner(one, store.shop) for one in store.buyers if not one.missing_orders]


def _beginner(features: Features, shop: Shop) -> Beginner:
    days = [shop_day(day.at, shop.zone) for day in features.order_days[:2]]
    return Beginner(
        features=features,
        first_day=days[0],
        wait_days=(days[1] - days[0]).days if len(days) > 1 else None,
    )


def today(store: Store) -> date:
    """Return the shop's day on which the page is made: it is not over."""
    return shop_day(store.as_of, store.shop.zone)


def is_over(last_day: date, store: Store) -> bool:
    """Whether a day has been seen to its end."""
    return last_day < today(store)


def closed(found: Iterable[Beginner], days: int, store: Store) -> Sequence[Beginner]:
    """Return those who have had so many whole days to come back."""
    return [one for one in found if is_over(one.first_day + timedelta(days=days), store)]


def profits(facts: Iterable[StoredFact], shop: Shop) -> Iterator[tuple[datetime, int]]:
    """Yield gross profit 2 of each of a customer's orders, counted or not, with the order's own time."""
    orders: list[Order] = []
    refunds, payments = defaultdict[str, list[Refund]](list), defaultdict[str, list[Payment]](list)
    for fact in facts:
        if isinstance(fact, Order):
            orders.append(fact)
        elif isinstance(fact, Refund):
            refunds[fact.order].append(fact)
        elif isinstance(fact, Payment):
            payments[fact.order].append(fact)
    for order in orders:
        if not order.deleted and (profit := profit_in(shop, order, refunds[order.id], payments[order.id])):
            yield order.placed_at, profit.gp2


def month_after(first: date, months: int = 1) -> date:
    """Return the first day of a later month (or an earlier one, below 0)."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)

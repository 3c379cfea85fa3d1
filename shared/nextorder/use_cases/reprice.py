"""Give orders the unit costs that came after their last delivery, or that the merchant corrected."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Order
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import Goods, repriced
from nextorder.ports import CustomerRecord, Customers
from nextorder.ports.costs import UnitCosts

_TRIES: Final = 10
"""As often as a delivery may overtake one customer's orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repriced:
    """What was written."""

    orders: int = 0
    customers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricer:
    """Writes the orders of one customer after another with the costs that are known now."""

    shop: str
    customers: Customers
    costs: UnitCosts
    goods: Mapping[str, Goods]
    """All of the shop's, read once."""

    def price(self, customer: str, record: CustomerRecord) -> tuple[CustomerRecord, int]:
        """
        Return a customer's record as it stands then, and how many orders were written.

        Raises:
            VersionConflict: Deliveries kept overtaking this customer's orders.
        """
        for _ in range(_TRIES):
            changes = changes_of(record, self.goods)
            if not changes or self.costs.rewrite(self.shop, customer, changes):
                return _with(record, changes), len(changes)
            record = self.customers.read(self.shop, customer)
        raise VersionConflict("deliveries kept overtaking one customer's orders")


def reprice(
    shop: Shop,
    *,
    customers: Customers,
    costs: UnitCosts,
    progress: Callable[[int], None] = lambda _: None,
) -> Repriced:
    """
    Write every customer's orders with the costs that are known now; safe to repeat.

    No state is written: for whom that changes a verdict is for the caller to have looked at.
    A guest's orders are nobody's and stay as they are.

    Raises:
        VersionConflict: Deliveries kept overtaking one customer's orders.
    """
    pricer = Pricer(shop=shop.id, customers=customers, costs=costs, goods=costs.goods(shop.id))
    orders = people = 0
    for customer, record in customers.everyone(shop.id):
        _, written = pricer.price(customer, record)
        orders += written
        people += bool(written)
        progress(1)
    return Repriced(orders=orders, customers=people)


def as_repriced(
    everyone: Iterable[tuple[str, CustomerRecord]], goods: Mapping[str, Goods]
) -> Iterator[tuple[str, CustomerRecord]]:
    """Yield customers as they would be read after repricing; nothing is written."""
    for customer, record in everyone:
        yield customer, _with(record, changes_of(record, goods))


def changes_of(record: CustomerRecord, goods: Mapping[str, Goods]) -> list[tuple[Order, Order]]:
    """Return the orders of a record whose costs would be others now, each with what it would be."""
    orders = (fact for fact in record.facts if isinstance(fact, Order))
    pairs = ((order, repriced(order, goods)) for order in orders)
    return [(before, after) for before, after in pairs if after is not before]


def _with(record: CustomerRecord, changes: Sequence[tuple[Order, Order]]) -> CustomerRecord:
    now = {after.id: after for _, after in changes}
    facts = tuple(now.get(fact.id, fact) if isinstance(fact, Order) else fact for fact in record.facts)
    return replace(record, facts=facts) if now else record

"""Whose an order is: where its facts go, and how they move when it changes hands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, OrderFact, Payment, Refund, Return, StoredFact
from nextorder.ports import Customers, OrderPlace


@dataclass(slots=True)
class Sorting:
    """
    Finds for each fact the customer it belongs to; `carry_out` then stores, and cleans up after.

    The order's `owner` says whose it is: the customer of the newest version that names one
    (or says that a guest bought). Facts of an order go to its owner; while that is nobody they
    wait at the order's own place. Former owners stay on record, so that a crash in the middle
    of a change of hands is finished by whatever is delivered next.
    """

    shop: str
    customers: Customers
    touched: set[str] = field(default_factory=set)
    _to_store: dict[str, list[StoredFact]] = field(default_factory=dict)
    _to_unpark: dict[str, list[StoredFact]] = field(default_factory=dict)
    _to_remove: dict[str, list[StoredFact]] = field(default_factory=dict)

    def keep(self, customer: str, facts: Iterable[StoredFact]) -> None:
        """Put facts down for a customer."""
        self._to_store.setdefault(customer, []).extend(facts)

    def add_order(self, order: Order) -> None:
        """Find an order's owner, and bring all its facts there."""
        place = self.customers.place_of_order(self.shop, order.id)
        if self._decides(order, place):
            former = {*place.former, *([place.customer] if place.customer else [])} - {order.customer}
            version = "" if order.deleted else version_of(order)
            self.customers.own_order(
                self.shop, order.id, order.customer, version=version, former=sorted(filter(None, former))
            )
            # a refund that parks itself from now on sees the owner; one that came before is seen here
            place = self.customers.place_of_order(self.shop, order.id)
        if place.customer is None:
            self.customers.park(self.shop, order.id, order)
        else:
            self.keep(place.customer, [order])
        self._gather(order.id, place)

    def add_fact_of_order(self, fact: OrderFact) -> None:
        """Bring a fact that names no customer to its order's owner; while there is none it waits."""
        place = self.customers.place_of_order(self.shop, fact.order)
        if place.customer is None:
            self.customers.park(self.shop, fact.order, fact)
            # the order may have come between our read and our write: whoever is second sees the other
            place = self.customers.place_of_order(self.shop, fact.order)
        if place.customer is not None:
            self.keep(place.customer, [fact])
        self._gather(fact.order, place)

    def give(self, order: Order, customer: str | None) -> None:
        """Say whose an order is from now on, as it stands; nobody's has no former owners either."""
        former = self.customers.place_of_order(self.shop, order.id).former if customer else ()
        self.customers.own_order(
            self.shop,
            order.id,
            customer,
            version=version_of(order),
            former=[one for one in former if one != customer],
        )

    def take_back(self, order: str, customer: str) -> None:
        """Give an order that a deletion left to nobody to a customer, unless it became a guest's since."""
        place = self.customers.place_of_order(self.shop, order)
        left = next((fact for fact in place.parked if isinstance(fact, Order)), None)
        if left and place.customer is None and version_of(left) == place.newest:
            self.give(left, customer)
            place = self.customers.place_of_order(self.shop, order)
        if place.customer == customer:
            self._gather(order, place)

    def carry_out(self) -> frozenset[str]:
        """Store what was sorted, then take it away from where it was; return whom it concerns."""
        for customer, facts in self._to_store.items():
            self.customers.store_newer(self.shop, customer, facts)
        for order, facts in self._to_unpark.items():
            self.customers.unpark(self.shop, order, facts)
        for customer, facts in self._to_remove.items():
            self.customers.remove(self.shop, customer, facts)
        return frozenset(self.touched | self._to_store.keys())

    def _decides(self, order: Order, place: OrderPlace) -> bool:
        if not place.known:
            return True
        if order.deleted or place.customer == order.customer or version_of(order) <= place.newest:
            return False
        held = place.parked
        if place.customer is not None:
            held = self.customers.read(self.shop, place.customer).facts
        before = [fact for fact in held if isinstance(fact, Order) and fact.id == order.id]
        return all(fact.deleted or version_of(fact) < version_of(order) for fact in before)

    def _gather(self, order: str, place: OrderPlace) -> None:
        if place.customer is not None and place.parked:
            self.keep(place.customer, place.parked)
            self._to_unpark.setdefault(order, []).extend(place.parked)
        for former in place.former:
            facts = self.customers.read(self.shop, former).facts
            family = [fact for fact in facts if order_of(fact) == order]
            self._bring(order, place.customer, family)
            self._to_remove.setdefault(former, []).extend(family)
            self.touched.add(former)

    def _bring(self, order: str, customer: str | None, facts: Iterable[StoredFact]) -> None:
        if customer is not None:
            self.keep(customer, facts)
            return
        for fact in facts:
            self.customers.park(self.shop, order, fact)


def order_of(fact: StoredFact) -> str:
    """Return the order that a fact is, or is of; empty for a customer's other facts."""
    if isinstance(fact, Order):
        return fact.id
    return fact.order if isinstance(fact, Refund | Payment | Return) else ""

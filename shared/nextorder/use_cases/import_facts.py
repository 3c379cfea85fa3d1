"""Import a history: the same facts as the webhooks make, many at a time."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, OrderFact, ShopFact, StoredFact, sort_key
from nextorder.domain.messages import Command, Reading
from nextorder.domain.shop import Shop
from nextorder.ports import BulkFacts
from nextorder.use_cases.order_places import order_of
from nextorder.use_cases.take_facts import Books, take_facts, with_costs

_STORED_TOGETHER: Final = 50
"""Customers, who have a few facts each: full requests, and enough groups to go side by side."""


@dataclass(slots=True)
class History:
    """A history in memory, sorted by customer; of each fact only the newest version."""

    shop_facts: list[ShopFact] = field(default_factory=list)
    by_customer: dict[str, dict[str, StoredFact]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    others: list[StoredFact] = field(default_factory=list)
    """Of guests, or of orders that the history does not have."""
    commands: list[Command] = field(default_factory=list)
    _waiting: list[OrderFact] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Take in what one line of the file says."""
        self.shop_facts += reading.shop_facts
        self.commands += reading.commands
        for fact in reading.facts:
            if isinstance(fact, Order):
                held = self.orders.get(fact.id)
                if held is None or version_of(held) < version_of(fact):
                    self.orders[fact.id] = fact
            elif isinstance(fact, OrderFact):
                self._waiting.append(fact)
            elif fact.customer:
                self._keep(fact.customer, fact)

    def sort_out(self) -> None:
        """Give orders to their customers, and what names an order to the order's customer."""
        for fact in (*self.orders.values(), *self._waiting):
            order = fact if isinstance(fact, Order) else self.orders.get(fact.order)
            if order and order.customer:
                self._keep(order.customer, fact)
            else:
                self.others.append(fact)
        self._waiting.clear()

    def take_out(self, orders: Collection[str]) -> list[StoredFact]:
        """Take orders, and what names them, out of their customers' facts; return them, orders first."""
        taken: list[StoredFact] = []
        for facts in self.by_customer.values() if orders else ():
            found = [sk for sk, fact in facts.items() if order_of(fact) in orders]
            taken += [facts.pop(sk) for sk in found]
        return sorted(taken, key=lambda fact: not isinstance(fact, Order))

    def _keep(self, customer: str, fact: StoredFact) -> None:
        held, place = self.by_customer.setdefault(customer, {}), sort_key(fact)
        before = held.get(place)
        # every order tells again when the customer signed up
        if before is None or (before != fact and version_of(before) < version_of(fact)):
            held[place] = fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """The stores that an import writes."""

    shop: Shop
    books: Books
    bulk: BulkFacts
    each: Callable[[Callable[[Sequence[str]], None], Iterable[Sequence[str]]], None]
    """Applies a function to every group of customers; a thread pool where that helps."""

    def import_facts(self, history: History) -> None:
        """Store a whole history; safe to repeat."""
        self.store(history)
        self.take_waiting()

    def store(self, history: History) -> None:
        """
        Store a history or a part of one; webhooks that come meanwhile win or lose by `updated_at` alone.

        Owners go first, so that a refund's webhook finds its order from then on. What is not
        plain - guests, orders that something else is known of, merges - is taken one by one at
        the end, as from webhooks.
        """
        history.sort_out()
        self.books.assortment.store_all(self.shop.id, history.shop_facts)
        known = history.by_customer.keys() - self.books.forgotten.among(self.shop.id, history.by_customer)
        orders = [order for order in history.orders.values() if order.customer in known]
        contested = {order.id for order in self.bulk.own_all(self.shop.id, orders)}
        doubtful = history.take_out(contested)

        def store(customers: Sequence[str]) -> None:
            facts = {one: [*map(self._priced, history.by_customer[one].values())] for one in customers}
            self.bulk.store_all(self.shop.id, facts)

        everyone = sorted(known)
        groups = (everyone[at : at + _STORED_TOGETHER] for at in range(0, len(everyone), _STORED_TOGETHER))
        self.each(store, groups)
        for fact in (*doubtful, *history.others):
            take_facts(Reading(facts=(fact,)), shop=self.shop, books=self.books)
        take_facts(Reading(commands=tuple(history.commands)), shop=self.shop, books=self.books)

    def take_waiting(self) -> None:
        """Bring facts that webhooks parked before their order came to the order's customer."""
        for fact in self.bulk.waiting(self.shop.id):
            take_facts(Reading(facts=(fact,)), shop=self.shop, books=self.books)

    def _priced(self, fact: StoredFact) -> StoredFact:
        return with_costs(fact, self.shop.id, self.books.assortment) if isinstance(fact, Order) else fact

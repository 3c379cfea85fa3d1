"""Ports of reconcile in memory: what is held, what is noted, and a platform that knows everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nextorder.adapters.shopify.read import read
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import Refused
from nextorder.domain.facts import (
    Consent,
    Order,
    OrderCount,
    Payment,
    ShopFact,
    SignUp,
    StoredFact,
    UnitCost,
    sort_key,
)
from nextorder.domain.reconciliation import ChangedOrder, Page, Place, Reconciliation, Told, ToldGoods
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import step_at
from tests.fakes.assortment import InMemoryAssortment
from tests.fakes.house import Webhook
from tests.fakes.in_memory import InMemoryCustomers


@dataclass
class InMemoryHoldings:
    """ports.Holdings over customers in memory."""

    customers: InMemoryCustomers
    assortment: InMemoryAssortment = field(default_factory=InMemoryAssortment)

    def of_orders(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        found: dict[Place, StoredFact] = {}
        for order, sk in places:
            place = self.customers.owners.get((shop, order))
            owner = place.customer if place else None
            held = self.customers.facts[shop, owner] if owner else self.customers.parked[shop, order]
            if sk in held:
                found[order, sk] = held[sk]
        return found

    def of_customers(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        held = {(customer, sk): self.customers.facts[shop, customer].get(sk) for customer, sk in places}
        return {place: fact for place, fact in held.items() if fact}

    def of_goods(self, shop: str, told: Sequence[ShopFact]) -> Mapping[str, ShopFact]:
        held = self.assortment
        known = {
            sort_key(fact): step_at(fact, held.steps(fact.id))
            if isinstance(fact, UnitCost)
            else held.variant_facts.get(fact.id)
            for fact in told
        }
        return {place: fact for place, fact in known.items() if fact}


@dataclass
class InMemoryNotes:
    """ports.Notes in a dictionary."""

    notes: dict[str, Reconciliation] = field(default_factory=dict)

    def load(self, shop: str) -> Reconciliation | None:
        return self.notes.get(shop)

    def save(self, shop: str, now: Reconciliation, *, replaces: Reconciliation | None) -> bool:
        if self.notes.get(shop) != replaces:
            return False
        self.notes[shop] = now
        return True


@dataclass
class Platform:
    """
    ports.Upstream: it has what all webhooks of a history said in the end, delivered or not.

    `queue` is what was put on the queue, `asked` each window that was asked for, with the word for the page.
    """

    a_page: int = 2
    orders: dict[str, tuple[Order, Webhook]] = field(default_factory=dict)
    payments: dict[str, dict[str, Webhook]] = field(default_factory=dict)
    people: dict[tuple[str, str], tuple[SignUp | Consent | OrderCount, Webhook]] = field(default_factory=dict)
    goods: dict[str, tuple[tuple[ShopFact, ...], Webhook]] = field(default_factory=dict)
    """What was said last of each product and each cost."""
    queue: list[Webhook] = field(default_factory=list)
    asked: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    """What the next questions are answered with."""
    old_words: set[str] = field(default_factory=set)

    def knows(self, history: Sequence[Webhook], at: datetime) -> "Platform":
        """Take in what happened, whether or not its webhook will ever arrive."""
        for topic, body in history:
            reading = read(topic, body, triggered_at=at)
            for fact in reading.facts:
                self._learn(fact, (topic, body))
            if told := reading.shop_facts:
                before = self.goods.get(f"{topic} {body['id']}", (told,))[0]
                if before[0].updated_at <= told[0].updated_at:
                    self.goods[f"{topic} {body['id']}"] = (told, (topic, body))
        return self

    def _learn(self, fact: StoredFact, webhook: Webhook) -> None:
        match fact:
            case Order():
                before = self.orders.get(fact.id)
                if before is None or version_of(before[0]) <= version_of(fact):
                    self.orders[fact.id] = (fact, ("orders/updated", webhook[1]))
            case Payment():
                self.payments.setdefault(fact.order, {})[fact.id] = webhook
            case SignUp() | Consent() | OrderCount() if not webhook[0].startswith("orders/"):
                self.people[fact.customer, type(fact).__name__ + fact.id] = (fact, webhook)

    def changed_orders(
        self, shop: str, *, since: datetime, until: datetime, after: str
    ) -> Page[ChangedOrder]:
        self._answer(since, until, after)
        found = [
            ChangedOrder(listed=order, payments=tuple(self.payments.get(order.id, ())))
            for order, _ in sorted(self.orders.values(), key=lambda item: (item[0].updated_at, item[0].id))
            if since <= order.updated_at <= until
        ]
        return self._page(found, after)

    def changed_customers(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[Told]:
        self._answer(since, until, after)
        found = [
            Told(customer=fact.customer, fact=fact, delivery=webhook)
            for fact, webhook in sorted(self.people.values(), key=lambda item: item[0].updated_at)
            if since <= fact.updated_at <= until
        ]
        return self._page(found, after)

    def changed_goods(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[ToldGoods]:
        self._answer(since, until, after)
        found = [
            ToldGoods(facts=facts, delivery=webhook)
            for facts, webhook in sorted(self.goods.values(), key=lambda item: item[0][0].updated_at)
            if since <= facts[0].updated_at <= until
        ]
        return self._page(found, after)

    def deliver_orders(self, shop: str, orders: Sequence[str]) -> None:
        for order in orders:
            self.queue += [self.orders[order][1], *self.payments.get(order, {}).values()]

    def deliver(self, shop: str, told: Sequence[Told | ToldGoods]) -> None:
        self.queue += [one.delivery for one in told]

    def _answer(self, since: datetime, until: datetime, after: str) -> None:
        self.asked.append((since, until, after))
        if self.fails:
            raise self.fails.pop(0)
        if after in self.old_words:
            raise Refused("an old word")

    def _page(self, found: list[Any], after: str) -> Page[Any]:
        start = int(after or 0)
        end = start + self.a_page
        return Page(found[start:end], str(end) if end < len(found) else "")

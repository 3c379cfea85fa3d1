"""Ports in memory, under the same contract tests as the real table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue import Catalogue, catalogue_name, parse_catalogue
from nextorder.domain.changes import Accepted
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import StoredFact, sort_key
from nextorder.domain.messages import Contact, ShopChanged
from nextorder.domain.passes import Pass, SegmentSizes
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord, OrderPlace
from nextorder.scoring.model import StoreModel
from tests.fakes.signs import InMemorySigns


def is_newer(fact: StoredFact, held: StoredFact | None) -> bool:
    """Say whether a fact replaces the one that is held."""
    if held is None:
        return True
    return version_of(fact) > version_of(held)


@dataclass
class InMemoryCustomers(InMemorySigns):
    """Facts, states, owners and what destinations accepted, in dictionaries."""

    facts: dict[tuple[str, str], dict[str, StoredFact]] = field(default_factory=lambda: defaultdict(dict))
    states: dict[tuple[str, str], State] = field(default_factory=dict)
    accepted: dict[tuple[str, str, str], Accepted] = field(default_factory=dict)
    owners: dict[tuple[str, str], OrderPlace] = field(default_factory=dict)
    parked: dict[tuple[str, str], dict[str, StoredFact]] = field(default_factory=lambda: defaultdict(dict))

    def store(self, shop: str, customer: str, fact: StoredFact) -> bool:
        return _put(self.facts[shop, customer], _of(customer, fact))

    def store_newer(self, shop: str, customer: str, facts: Sequence[StoredFact]) -> None:
        for fact in facts:
            self.store(shop, customer, fact)

    def remove(self, shop: str, customer: str, facts: Iterable[StoredFact]) -> None:
        _take(self.facts[shop, customer], facts)

    def read(self, shop: str, customer: str) -> CustomerRecord:
        return CustomerRecord(
            facts=tuple(self.facts[shop, customer].values()),
            state=self.states.get((shop, customer)),
            accepted={d: a for (s, c, d), a in self.accepted.items() if (s, c) == (shop, customer)},
            gone=self.gone(shop, customer),
        )

    def state(self, shop: str, customer: str) -> State | None:
        return self.states.get((shop, customer))

    def save_state(self, shop: str, customer: str, state: State, *, replaces: int) -> None:
        held = self.states.get((shop, customer))
        if (held.version if held else 0) != replaces:
            raise VersionConflict("the state moved on")
        self.states[shop, customer] = replace(state, log_key=state.log_key or f"log-{customer}")

    def drop_state(self, shop: str, customer: str, *, version: int) -> None:
        held = self.states.get((shop, customer))
        if held and held.version != version:
            raise VersionConflict("the state moved on")
        self.states.pop((shop, customer), None)

    def place_of_order(self, shop: str, order: str) -> OrderPlace:
        parked = tuple(self.parked[shop, order].values())
        return replace(self.owners.get((shop, order), OrderPlace()), parked=parked)

    def own_order(
        self, shop: str, order: str, customer: str | None, *, version: str, former: Sequence[str]
    ) -> None:
        if self.owners.get((shop, order), OrderPlace()).newest <= version:
            self.owners[shop, order] = OrderPlace(
                customer=customer, known=True, newest=version, former=tuple(former)
            )

    def park(self, shop: str, order: str, fact: StoredFact) -> None:
        _put(self.parked[shop, order], _of(None, fact))

    def unpark(self, shop: str, order: str, facts: Iterable[StoredFact]) -> None:
        _take(self.parked[shop, order], facts)

    def due(self, shop: str, until: datetime) -> Iterator[tuple[str, datetime]]:
        for (owner, customer), state in self.states.items():
            if owner == shop and state.due_at and state.due_at <= until:
                yield customer, state.due_at

    def versions(self, shop: str, customers: Sequence[str]) -> Mapping[str, int]:
        return {c: self.states[shop, c].version for c in customers if (shop, c) in self.states}

    def everyone(
        self, shop: str, *, after: str = "", most: int | None = None
    ) -> Iterator[tuple[str, CustomerRecord]]:
        shown = [(s, c) for s, c, _ in self.accepted]
        known = sorted({c for s, c in [*self.facts, *self.states, *shown] if s == shop})
        for customer in islice((one for one in known if one > after), most):
            yield customer, self.read(shop, customer)


@dataclass
class InMemoryAccepted:
    """What destinations took, kept in the same dictionaries as the customers."""

    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)

    def load(self, shop: str, customer: str, destination: str) -> Accepted | None:
        return self.customers.accepted.get((shop, customer, destination))

    def save(self, shop: str, customer: str, destination: str, accepted: Accepted) -> None:
        self.customers.accepted[shop, customer, destination] = accepted

    def save_all(
        self, shop: str, destination: str, news: Mapping[str, tuple[Accepted | None, Accepted]]
    ) -> Sequence[str]:
        moved_on = [c for c, (held, _) in news.items() if self.load(shop, c, destination) != held]
        for customer in news.keys() - set(moved_on):
            self.save(shop, customer, destination, news[customer][1])
        return moved_on

    def delete(self, shop: str, customer: str, destination: str) -> None:
        self.customers.accepted.pop((shop, customer, destination), None)


@dataclass
class InMemoryContacts:
    """Contacts by customer."""

    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)

    def hold(self, shop: str, contact: Contact, at: datetime) -> None:
        self.contacts[shop, contact.customer] = contact

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        return {c: self.contacts[shop, c] for c in customers if (shop, c) in self.contacts}

    def drop(self, shop: str, customers: Sequence[str]) -> None:
        for customer in customers:
            self.contacts.pop((shop, customer), None)


@dataclass
class InMemoryShops:
    """Shops, models and catalogues in dictionaries."""

    prior: StoreModel
    shops: dict[str, Shop] = field(default_factory=dict)
    models: dict[str, StoreModel] = field(default_factory=dict)
    catalogues: dict[str, str] = field(default_factory=dict)
    packaged: Catalogue = field(default_factory=lambda: parse_catalogue(packaged_catalogue()))

    def get(self, shop: str) -> Shop | None:
        return self.shops.get(shop)

    def save(self, shop: Shop) -> None:
        self.shops[shop.id] = shop

    def change(self, shop: str, **changes: Any) -> bool:
        if shop in self.shops:
            self.shops[shop] = replace(self.shops[shop], **changes)
        return shop in self.shops

    def follow(self, shop: str, told: ShopChanged) -> bool:
        held = self.shops.get(shop)
        if held is None or (held.updated_at and held.updated_at >= told.at):
            return False
        return self.change(
            shop,
            timezone=told.timezone,
            currency=told.currency,
            domain=told.domain,
            updated_at=told.at,
        )

    def model(self, shop: Shop) -> StoreModel:
        return self.models.get(shop.numbers.model, self.prior)

    def save_model(self, shop: str, model: StoreModel) -> None:
        self.models[model.name] = model

    def catalogue(self, shop: Shop) -> Catalogue:
        return parse_catalogue(self.catalogues[shop.catalogue]) if shop.catalogue else self.packaged

    def save_catalogue(self, shop: str, text: str) -> str:
        self.catalogues[catalogue_name(text)] = text
        return catalogue_name(text)


@dataclass
class InMemoryQueue:
    """ports.Waker; `before` messages wait there already."""

    before: int = 0
    woken: list[str] = field(default_factory=list)

    def waiting(self) -> int:
        return self.before

    def wake(self, shop: str, due: Sequence[tuple[str, datetime]]) -> None:
        self.woken += [customer for customer, _ in due]

    def look_again(self, shop: str, customers: Sequence[str]) -> None:
        self.woken += customers


@dataclass
class InMemoryPasses:
    """Where passes stand, in a dictionary."""

    passes: dict[str, Pass] = field(default_factory=dict)

    def load(self, shop: str) -> Pass | None:
        return self.passes.get(shop)

    def save(self, shop: str, now: Pass, *, replaces: Pass | None) -> bool:
        if self.passes.get(shop) != replaces:
            return False
        self.passes[shop] = now
        return True


@dataclass
class InMemorySizes:
    """Sizes of segments in a dictionary."""

    sizes: dict[str, SegmentSizes] = field(default_factory=dict)

    def read(self, shop: str) -> SegmentSizes | None:
        return self.sizes.get(shop)

    def add(self, shop: str, changes: Mapping[str, int]) -> None:
        if held := self.sizes.get(shop):
            names = held.counts.keys() | changes.keys()
            counts = {name: held.counts.get(name, 0) + changes.get(name, 0) for name in names}
            self.sizes[shop] = replace(held, counts=counts)

    def reckon(self, shop: str, sizes: SegmentSizes) -> None:
        self.sizes[shop] = sizes


def _of(customer: str | None, fact: StoredFact) -> StoredFact:
    """Return a fact as the table gives it back: whose it is, its place says."""
    changes: dict[str, Any] = {"customer": customer} if hasattr(fact, "customer") else {}
    return replace(fact, **changes)


def _put(held: dict[str, StoredFact], fact: StoredFact) -> bool:
    newer = is_newer(fact, held.get(sort_key(fact)))
    if newer:
        held[sort_key(fact)] = fact
    return newer


def _take(held: dict[str, StoredFact], facts: Iterable[StoredFact]) -> None:
    for fact in facts:
        seen = held.get(sort_key(fact))
        if seen is not None and version_of(seen) <= version_of(fact):
            del held[sort_key(fact)]

"""Signs of customers who are gone, and marks of those who were redacted, in memory."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from nextorder.domain.facts import StoredFact
from nextorder.ports import Gone


@dataclass
class InMemorySigns:
    """The part of ports.Customers that is about who is gone."""

    signs: dict[tuple[str, str], Gone] = field(default_factory=dict)

    def mark_gone(self, shop: str, customer: str, *, into: str, at: datetime) -> None:
        held = self.gone(shop, customer) or Gone(into=into, at=at)
        if into or not held.into:
            self.signs[shop, customer] = replace(held, into=into, at=at)

    def gone(self, shop: str, customer: str) -> Gone | None:
        return self.signs.get((shop, customer))

    def leave(self, shop: str, customer: str, *, orders: Iterable[str], facts: Iterable[StoredFact]) -> None:
        held = self.signs[shop, customer]
        if not held.into:
            both = frozenset((*held.facts, *facts))
            self.signs[shop, customer] = replace(held, orders=held.orders | {*orders}, facts=tuple(both))


@dataclass
class InMemoryForgotten:
    """Redacted customers."""

    redacted: set[tuple[str, str]] = field(default_factory=set)

    def contains(self, shop: str, customer: str) -> bool:
        return (shop, customer) in self.redacted

    def among(self, shop: str, customers: Collection[str]) -> frozenset[str]:
        return frozenset(one for one in customers if (shop, one) in self.redacted)

    def mark(self, shop: str, customer: str, at: datetime) -> None:
        self.redacted.add((shop, customer))

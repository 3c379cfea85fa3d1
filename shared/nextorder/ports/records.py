"""What the stores hand out: a customer's partition, an order's place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.changes import Accepted
from nextorder.domain.facts import StoredFact
from nextorder.domain.verdict import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The customer record is gone from the shop: merged into another, or deleted (`into` is empty)."""

    into: str
    at: datetime
    orders: frozenset[str] = frozenset()
    """A deleted customer's orders, which stay as a guest's unless a merge is told as well."""
    facts: tuple[StoredFact, ...] = ()
    """What else of a deleted customer a merge would carry on; it goes with the sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """One customer's partition as read at one moment."""

    facts: tuple[StoredFact, ...] = ()
    state: State | None = None
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    gone: Gone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlace:
    """Where an order lives, and the facts that wait for it there."""

    customer: str | None = None
    known: bool = False
    """Whether the order itself has been seen; a guest's order is known and has no customer."""
    newest: str = ""
    """Version of the order that decided the owner."""
    former: tuple[str, ...] = ()
    """Customers who had the order before."""
    parked: tuple[StoredFact, ...] = ()

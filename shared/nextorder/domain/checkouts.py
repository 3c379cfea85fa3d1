"""Checkouts as features: no more of each than a verdict can rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nextorder.domain.facts import Checkout, StoredFact


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCheckout:
    """
    A checkout by its moments.

    Its total and `updated_at` stay with the fact: they change with every line that is put in or
    taken out, and would write the state again for nothing.
    """

    id: str
    at: datetime
    """When it was opened."""
    completed_at: datetime | None = None


def checkouts_of(facts: Iterable[StoredFact]) -> tuple[OpenedCheckout, ...]:
    """Reduce the checkouts that are held and not deleted, by time."""
    kept = (fact for fact in facts if isinstance(fact, Checkout) and not fact.deleted)
    opened = (OpenedCheckout(id=fact.id, at=fact.placed_at, completed_at=fact.completed_at) for fact in kept)
    return tuple(sorted(opened, key=lambda checkout: (checkout.at, checkout.id)))


def checkout_moments(checkouts: Iterable[OpenedCheckout]) -> list[datetime]:
    """Return every moment at which something of them happened."""
    return [at for one in checkouts for at in (one.at, one.completed_at) if at is not None]

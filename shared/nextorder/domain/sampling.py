"""A sample of customers that is the same every time: those whose ids have the smallest hashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import nsmallest
from typing import Generic, TypeVar

from nextorder.domain.facts import StoredFact

T = TypeVar("T")

_BYTES = 8
_PLACES = 1 << (8 * _BYTES)


def place_of(customer: str) -> int:
    """Return a customer's place in the one order in which samples are drawn."""
    return int.from_bytes(sha256(customer.encode()).digest()[:_BYTES], "big")


class Sample(Generic[T]):
    """
    Keeps what is noted of `most` customers, in whatever order they come, without knowing how many will.

    A smaller sample is part of a larger one, and a month later it is the same people: two fits
    differ by what happened, not by whom they saw.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._below = _PLACES
        self._noted: dict[str, T] = {}

    def wants(self, customer: str) -> bool:
        """Tell whether it is worth while to look at a customer."""
        return place_of(customer) < self._below

    def note(self, customer: str, what: T) -> None:
        """Take note of a customer who was wanted."""
        self._noted[customer] = what
        if len(self._noted) > 2 * self._most:
            self._thin_out()

    def drawn(self) -> dict[str, T]:
        """Return what was noted of those who are in the sample, in their order."""
        self._thin_out()
        return dict(self._noted)

    @property
    def share(self) -> float:
        """How much of everyone is in the sample, by what it takes of all places; 1 = nobody was left out."""
        return self._below / _PLACES

    def _thin_out(self) -> None:
        stay = nsmallest(self._most, self._noted, key=place_of)
        if len(stay) < len(self._noted):
            self._below = place_of(stay[-1]) + 1
        self._noted = {customer: self._noted[customer] for customer in stay}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """The facts of a shop's customers, or of a sample that stands for them."""

    facts: Mapping[str, Sequence[StoredFact]]
    """By customer."""
    places: Sequence[Sequence[StoredFact]] = ()
    """What stands at orders' own places: guests' orders, and what waits for an order."""
    share: float = 1.0
    """How much of everyone these are; 1 = nobody was left out."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Product -> what the shop calls it now, as far as it is known."""

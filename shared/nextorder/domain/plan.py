"""What going live would send: counted, named by a hash over every single change, and shown by examples."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from nextorder.domain.changes import Change, EventKind
from nextorder.domain.going_live import GoingLive

EXAMPLES: Final = 10
_WIDTH: Final = 256
"""Bits of the sum of the changes' hashes: it is the same in whatever order they come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One customer, by id alone, with what would be sent and why."""

    customer: str
    change: Change
    reasons: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one destination would be sent; it grows with each customer."""

    destination: str
    customers: int = 0
    """Of whom something is known, reached or not."""
    outside: int = 0
    """Whom the share does not reach, and who stay as they stand there."""
    changed: int = 0
    left_to_stream: int = 0
    """Whose own change is under way, with an event."""
    missing: int = 0
    """Whom the destination is known not to know; of them who changed since is tried again."""
    unmet: int = 0
    """Of those who are changed: whom it was never asked for, so that some may be missing there."""
    held_out: int = 0
    """Of those who are changed."""
    joins: Counter[str] = field(default_factory=Counter)
    leaves: Counter[str] = field(default_factory=Counter)
    sets: Counter[str] = field(default_factory=Counter)
    unsets: Counter[str] = field(default_factory=Counter)
    events: Counter[EventKind] = field(default_factory=Counter)
    """That going live itself would tell."""
    news: Counter[EventKind] = field(default_factory=Counter)
    """That would have been told of what stands now, had events been let out when it came to stand."""
    _sum: int = 0
    _kinds: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _shown: dict[tuple[str, ...], tuple[str, Example]] = field(default_factory=dict)

    def note(self, change: Change, *, shown_in: tuple[str, ...], reasons: tuple[str, ...]) -> None:
        """Count a change and keep the one of its kind whose hash is the smallest."""
        named = hash_of(change)
        self._sum = (self._sum + int(named, 16)) % (1 << _WIDTH)
        self.changed += 1
        self.joins.update(change.join)
        self.leaves.update(change.leave)
        self.sets.update(change.set.keys())
        self.unsets.update(change.unset)
        self.events.update(event.kind for event in change.events)
        self._kinds[shown_in] += 1
        if shown_in not in self._shown or named < self._shown[shown_in][0]:
            example = Example(customer=change.person.customer, change=change, reasons=reasons)
            self._shown[shown_in] = named, example

    @property
    def examples(self) -> list[Example]:
        """Return one customer of each of the commonest kinds, by the segments that they are shown in."""
        kinds = sorted(self._kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        return [self._shown[kind][1] for kind, _ in kinds[:EXAMPLES]]

    @property
    def digest(self) -> str:
        """Name all changes together."""
        return f"{self._sum:064x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a shop would go, and what every destination would be sent for that."""

    shop: str
    target: GoingLive
    tallies: Mapping[str, Tally]
    beside: tuple[str, ...] = ()
    """In words what is made besides what is sent of customers, and how ours is named there."""

    @property
    def hash(self) -> str:
        """Name exactly what would be sent and made: a change more, less or another makes another name."""
        parts = sorted((name, tally.digest, tally.changed) for name, tally in self.tallies.items())
        said = (self.shop, self.target.step.value, self.target.share, parts, self.beside)
        return sha256(repr(said).encode()).hexdigest()[:12]


def hash_of(change: Change) -> str:
    """Name one customer's change by all that would be sent of it."""
    said = (
        change.person.customer,
        sorted(change.set.items()),
        change.unset,
        sorted(change.join),
        sorted(change.leave),
        [event.id for event in change.events],
        change.afresh,
        sorted(change.spared),
    )
    return sha256(repr(said).encode()).hexdigest()

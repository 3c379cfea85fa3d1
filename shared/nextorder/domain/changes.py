"""What passes between us and a destination: what it should show, what it took, changes and events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Value = str | int | float | bool | tuple[str, ...]

CUSTOMER_MISSING = "customer-missing"
PROFILE_MISSING = "profile-missing"
PERSON_TAKEN = "person-taken"
ACCESS_DENIED = "access-denied"
PERSON_MISSING = frozenset({CUSTOMER_MISSING, PROFILE_MISSING, PERSON_TAKEN})
"""Codes of a refusal: the destination does not know the person, or as another customer."""


class EventKind(StrEnum):
    """What an event tells of, the most urgent first."""

    HUMAN_TOUCH = "human-touch"
    CART_PRIORITY = "cart-priority"
    HOT_NOW = "hot-now"
    DUE = "due-to-replenish"
    LATE = "late-to-replenish"
    WINDOW_CLOSING = "window-closing"
    WINDOW_OPENED = "window-opened"
    STAGE_CHANGED = "stage-changed"
    TIER_CHANGED = "value-tier-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a flow may start from, told once while its subject stands."""

    kind: EventKind
    subject: str
    """What came to stand, as `stage:closing`: where that is shown already it is no news."""
    since: datetime
    """When it came to stand; with the subject it names the event."""
    at: datetime
    """When it became news: of a stage that a refund brought back, now."""
    until: datetime | None = None
    """When it is over, and not to be told any more."""
    properties: Mapping[str, Value | datetime] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name it by what and when, the same on every path; unique within one customer."""
        return f"{self.subject}:{self.since:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """One customer as a destination should show them, in the destination's own words."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    audiences: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    """Subjects of all events that could be told, whether they may be or not."""
    events: tuple[Event, ...] = ()
    """What may be told, were it new here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a destination last took for one customer."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    """Of a long text only its hash."""
    audiences: frozenset[str] = frozenset()
    joined: Mapping[str, datetime] = field(default_factory=dict)
    """Audience -> when we joined it, by our clock; missing where our hand cannot be told from another's."""
    subjects: frozenset[str] = frozenset()
    """Subjects of events as of the verdict that is shown: none of them is news."""
    version: int = 0
    """Of the state that was sent; 0 = nothing yet."""
    remote_id: str = ""
    """The destination's own id of the person."""
    absorbed: int = 0
    """Merged records whose marks at the destination have been dealt with."""
    unsure: bool = False
    """A request ended without an answer: the next delivery sends everything."""
    told: Mapping[str, datetime] = field(default_factory=dict)
    """Id of each of the latest events -> when it was told."""
    unsettled: tuple[str, ...] = ()
    """Those of them whose telling ended without an answer: they count, and are told again."""
    dropped: int = 0
    """How many events were never told: over the cap, or held by a pause for too long."""
    last_dropped: tuple[str, ...] = ()
    """Their ids, newest last."""
    refused: str = ""
    """Code of a permanent no, with `refused_version` the version it was said to."""
    refused_version: int = 0
    """0 = it was said to taking everything back."""

    @property
    def is_lost(self) -> bool:
        """Whether ours may not be taken back: that is for a human to do."""
        return bool(self.refused) and self.refused_version == 0

    @property
    def is_denied(self) -> bool:
        """Whether a permission was missing: a no that nothing about the person can change."""
        return self.refused == ACCESS_DENIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a change is about."""

    customer: str
    remote_id: str = ""
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What of a change has to be known while a destination works on many at once: no values."""

    customer: str
    stamp: str
    version: int = 0
    """Of the state that it says; 0 = there was none."""
    join: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    sets: bool = False
    unset: tuple[str, ...] = ()
    remote_id: str = ""
    """The destination's own id of the person, where it works by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkJob:
    """Changes that a destination was handed at once, until all of their outcomes are recorded."""

    name: str
    """Under which the destination knows it."""
    rows: tuple[Handed, ...]
    applied: bool = False
    """Whether the shop published when it was handed over: then a pause may end it."""
    resumed_at: datetime | None = None
    """When the last pause before it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One customer's difference: attributes to set and unset, audiences to join and leave, events to tell."""

    person: Person
    set: Mapping[str, Value] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    join: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    news: frozenset[str] = frozenset()
    """Of `join`, what a flow may start from: joining the rest starts nothing where that can be said."""
    spared: frozenset[str] = frozenset()
    """Audiences that someone has taken the customer out of by hand: neither to join nor to leave."""
    afresh: bool = False
    """Whether more of ours may be there than is recorded."""
    stamp: str = ""
    """Names what it brings the destination to: the same at another time, and nothing has moved."""
    version: int = 0
    """Of the state that it says; 0 = there was none."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.set or self.unset or self.join or self.leave or self.events)

    @property
    def handed(self) -> Handed:
        """Say what of it has to be known until it is done."""
        return Handed(
            customer=self.person.customer,
            stamp=self.stamp,
            version=self.version,
            join=tuple(sorted(self.join)),
            leave=tuple(sorted(self.leave)),
            sets=bool(self.set),
            unset=self.unset,
            remote_id=self.person.remote_id,
        )

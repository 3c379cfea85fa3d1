"""The difference between what a destination should show and what it last accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | float | bool | tuple[str, ...]

CUSTOMER_MISSING = "customer-missing"
PROFILE_MISSING = "profile-missing"
PERSON_MISSING = frozenset({CUSTOMER_MISSING, PROFILE_MISSING})
"""Codes of a refusal: the destination does not know the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, told once: a repeated `unique_id` is the same event."""

    name: str
    unique_id: str
    at: datetime
    properties: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """One customer as a destination should show them, in the destination's own words."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    audiences: frozenset[str] = frozenset()
    stage: str = ""
    events: tuple[Event, ...] = ()
    """What this verdict would tell, were it new here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a destination last took for one customer."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    audiences: frozenset[str] = frozenset()
    stage: str = ""
    version: int = 0
    """Of the state that was sent; 0 = nothing yet."""
    remote_id: str = ""
    """The destination's own id of the person."""
    absorbed: int = 0
    """Merged records whose marks at the destination have been dealt with."""
    unsure: bool = False
    """A request ended without an answer: the next delivery sends everything."""
    told: tuple[str, ...] = ()
    """unique_ids of the latest events, newest last."""
    refused: str = ""
    """Code of a permanent no, with `refused_version` the version it was said to."""
    refused_version: int = 0
    """0 = it was said to taking everything back."""

    @property
    def is_lost(self) -> bool:
        """Whether ours may not be taken back: that is for a human to do."""
        return bool(self.refused) and self.refused_version == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a change is about."""

    customer: str
    remote_id: str = ""
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One customer's difference: attributes to set and unset, audiences to join and leave, events to tell."""

    person: Person
    set: Mapping[str, Value] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    join: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.set or self.unset or self.join or self.leave or self.events)

"""What the fake account holds: profiles, events, metrics, import jobs, segments, lists and flows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

IDENTIFIERS = ("email", "phone_number", "external_id")
PLAIN = ("first_name", "last_name", "organization", "locale", "title", "image")
COUNTERS = ("profiles_created", "events_repeated", "events_for_unknown_profiles", "revision_fallen_forward")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def moment(seconds: float) -> str:
    """Return Klaviyo's date-time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def number_to_id(number: int, length: int = 24) -> str:
    """Return an id as Klaviyo's look: 01 and base 32."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "01" + "".join(reversed(digits))


@dataclass(slots=True)
class Profile:
    """One person; `attributes` holds identifiers and plain fields that are set."""

    id: str
    attributes: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    created: float = 0.0
    updated: float = 0.0
    last_event: float | None = None
    predictions: dict[str, Any] = field(default_factory=dict)
    """Klaviyo's own, empty of those it says nothing of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; `unique_id` tells it from its repetitions."""

    profile: str
    metric: str
    unique_id: str
    time: float
    properties: Mapping[str, Any]
    value: float | None
    value_currency: str | None
    backfill: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What may be there once only."""
        return self.profile, self.metric, self.unique_id


@dataclass(slots=True, kw_only=True)
class Job:
    """One bulk import of profiles; its rows are worked off at `ready_at`."""

    id: str
    rows: list[Mapping[str, Any]]
    created: float
    ready_at: float
    done_at: float | None = None
    cancelled: bool = False
    failures: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Audience:
    """A segment, a list or a flow: what was made under a name."""

    id: str
    kind: str
    attributes: dict[str, Any]
    created: float
    updated: float
    gone: bool = False
    status: str = "draft"
    """Of a flow: draft, manual or live."""
    members: set[str] = field(default_factory=set)
    """Of a list: ids of profiles."""


@dataclass(slots=True)
class Account:
    """One account's data; profiles are found by id and by each identifier."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    found_by: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in IDENTIFIERS})
    events: dict[tuple[str, str, str], Event] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    """Names with the moment they were first seen."""
    jobs: dict[str, Job] = field(default_factory=dict)
    made: list[Audience] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))
    quotes_rows: bool = True
    """Whether an import error comes with the row that it is about."""
    last_number: int = 1_000

    def next_id(self) -> str:
        """Return an id no one has."""
        self.last_number += 1
        return number_to_id(self.last_number)

    def standing(self, kind: str) -> list[Audience]:
        """Return what was made of a kind and not deleted."""
        return [one for one in self.made if one.kind == kind and not one.gone]

    def holder(self, field_: str, value: str) -> Profile | None:
        """Return who has the identifier (or id)."""
        if field_ == "id":
            return self.profiles.get(value)
        found = self.found_by[field_].get(fold(field_, value))
        return self.profiles[found] if found else None

    def holders(self, attributes: Mapping[str, Any]) -> Iterator[Profile]:
        """Yield who has any of the identifiers, e-mail first."""
        for name in IDENTIFIERS:
            if (value := attributes.get(name)) and (found := self.holder(name, value)):
                yield found

    def create(self, now: float, id_: str | None = None) -> Profile:
        """Add an empty profile."""
        profile = Profile(id_ or self.next_id(), created=now, updated=now)
        self.profiles[profile.id] = profile
        return profile

    def put(self, profile: Profile, name: str, value: Any) -> None:
        """Set one attribute, or clear it with None."""
        old = profile.attributes.pop(name, None)
        if name in IDENTIFIERS and old:
            self.found_by[name].pop(fold(name, old), None)
        if value is None:
            return
        profile.attributes[name] = value
        if name in IDENTIFIERS:
            self.found_by[name][fold(name, value)] = profile.id

    def delete(self, profile: Profile) -> None:
        """Remove the person and their events."""
        for name in IDENTIFIERS:
            self.put(profile, name, None)
        del self.profiles[profile.id]
        for one in self.made:
            one.members.discard(profile.id)
        self.events = {key: event for key, event in self.events.items() if event.profile != profile.id}


def metric_id(account: Account, name: str) -> str:
    """Return the id of a metric that was told once."""
    return number_to_id(list(account.metrics).index(name), 4)


def fold(name: str, value: str) -> str:
    """Return how an identifier is compared: e-mail addresses without case."""
    return value.lower() if name == "email" else value


def snapshot(account: Account) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "profiles": {
            one.id: one.attributes | {"properties": one.properties} for one in account.profiles.values()
        },
        "events": [
            {
                "profile": one.profile,
                "metric": one.metric,
                "unique_id": one.unique_id,
                "time": moment(one.time),
                "properties": dict(one.properties),
                "value": one.value,
                "value_currency": one.value_currency,
                "backfill": one.backfill,
            }
            for one in account.events.values()
        ],
        "metrics": sorted(account.metrics),
        **{
            f"{kind}s": {one.attributes["name"]: one.attributes for one in account.standing(kind)}
            for kind in ("segment", "list", "flow")
        },
        "members": {one.attributes["name"]: sorted(one.members) for one in account.standing("list")},
        "jobs": [
            {
                "id": one.id,
                "rows": len(one.rows),
                "failed": len(one.failures),
                "done": one.done_at is not None,
            }
            for one in account.jobs.values()
        ],
        "counters": dict(account.counters),
    }

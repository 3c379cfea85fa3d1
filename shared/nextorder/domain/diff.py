"""The difference between what a destination should show and what it last accepted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from nextorder.domain.caps import DROPPED_KEPT, Choice, remembered
from nextorder.domain.changes import Accepted, Change, Desired, Event, Person, Value

CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""Ours and the destination's, at most."""
LONG_CHARACTERS: Final = 24
"""Of a longer text only a hash is remembered: it is compared and never shown."""
_NOTHING: Final[Mapping[str, datetime]] = {}


def change(
    person: Person,
    desired: Desired,
    accepted: Accepted | None,
    events: tuple[Event, ...] = (),
    removed: Mapping[str, datetime] = _NOTHING,
) -> Change:
    """
    Say only what differs, and these events; after a request of unknown outcome, say everything again.

    But for what someone took away by hand while it stood as ours: `removed` tells when an audience,
    in lower case, was last left, by us or by another.
    """
    before = accepted or Accepted()
    spared = frozenset(by_hand(desired.audiences, before, removed))
    known = {} if before.unsure else before.attributes
    members = frozenset() if before.unsure else before.audiences
    wanted = kept(desired.attributes)
    return Change(
        person=person,
        set={k: v for k, v in desired.attributes.items() if k not in known or known[k] != wanted[k]},
        unset=tuple(sorted(before.attributes.keys() - desired.attributes.keys())),
        join=desired.audiences - members - spared,
        leave=before.audiences - desired.audiences,
        events=events,
        spared=spared,
        afresh=before.unsure,
    )


def removal(person: Person, everything: Desired) -> Change:
    """Return the change that takes all of ours off, whatever is on record."""
    return Change(
        person=person, unset=tuple(sorted(everything.attributes)), leave=everything.audiences, afresh=True
    )


def stamp(desired: Desired, version: int) -> str:
    """Name what a state of this version should show."""
    said = (version, sorted(desired.audiences), sorted(kept(desired.attributes).items()))
    return sha256(repr(said).encode()).hexdigest()[:8]


def accepted_after(desired: Desired, choice: Choice, accepted: Accepted | None, as_of: datetime) -> Accepted:
    """Record a yes: the destination now shows `desired`, and what was chosen is told."""
    before = noted(desired, choice, accepted or Accepted(), as_of)
    return replace(
        before,
        attributes=kept(desired.attributes),
        audiences=desired.audiences,
        joined={
            one: before.joined.get(one, as_of) if one in before.audiences else as_of
            for one in desired.audiences
        },
        unsure=False,
        refused="",
        refused_version=0,
    )


def noted(desired: Desired, choice: Choice, accepted: Accepted, as_of: datetime) -> Accepted:
    """Record what stands, what was told of it, and what never will be."""
    dropped = (*accepted.last_dropped, *(event.id for event in choice.dropped))
    return replace(
        accepted,
        subjects=desired.subjects,
        told=remembered(choice.told, accepted, as_of),
        unsettled=(),
        dropped=accepted.dropped + len(choice.dropped),
        last_dropped=dropped[-DROPPED_KEPT:],
    )


def unsure_after(change: Change, accepted: Accepted | None, as_of: datetime) -> Accepted:
    """
    Record a request of unknown outcome: all that it may have left there can still be taken away.

    What it may have told counts as told, and is told again.
    """
    before = announced(change.events, accepted or Accepted(), as_of)
    return replace(
        before,
        attributes={**before.attributes, **kept(change.set)},
        audiences=before.audiences | change.join,
        # what we may just have taken away ourselves would look like another's doing
        joined={
            **dict.fromkeys(change.join - before.audiences, as_of),
            **{one: at for one, at in before.joined.items() if one not in change.leave},
        },
        unsure=True,
    )


def announced(events: Sequence[Event], accepted: Accepted, as_of: datetime) -> Accepted:
    """Record what is about to be told: it counts from now on, and is told again until there is an answer."""
    told = remembered(events, accepted, as_of)
    ids = dict.fromkeys((*accepted.unsettled, *(event.id for event in events)))
    return replace(accepted, told=told, unsettled=tuple(id_ for id_ in ids if id_ in told))


def by_hand(audiences: Iterable[str], before: Accepted, removed: Mapping[str, datetime]) -> Iterator[str]:
    """
    Name what stood as ours when it was taken away, and was not taken away by us.

    We take away what is not desired and then hold it for ours no more: whatever is held since
    before its removal was removed by another.
    """
    for audience in before.audiences.intersection(audiences) & before.joined.keys():
        at = removed.get(audience.lower())
        if at and at - before.joined[audience] > CLOCKS_DIFFER:
            yield audience


def kept(attributes: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return attributes as they are remembered."""
    return {name: _in_short(value) for name, value in attributes.items()}


def _in_short(value: Value) -> Value:
    if isinstance(value, str) and len(value) > LONG_CHARACTERS:
        return f"#{sha256(value.encode()).hexdigest()[:12]}"
    return value

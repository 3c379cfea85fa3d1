"""The difference between what a destination should show and what it last accepted."""

from dataclasses import replace

from nextorder.domain.changes import Accepted, Change, Desired, Event, Person

TOLD_KEPT = 8
"""So many event ids are remembered; the destination itself refuses older repeats by unique_id."""


def change(person: Person, desired: Desired, accepted: Accepted | None) -> Change:
    """Say only what differs; after a request of unknown outcome, say everything again."""
    before = accepted or Accepted()
    known = {} if before.unsure else before.attributes
    members = frozenset() if before.unsure else before.audiences
    return Change(
        person=person,
        set={k: v for k, v in desired.attributes.items() if k not in known or known[k] != v},
        unset=tuple(sorted(before.attributes.keys() - desired.attributes.keys())),
        join=desired.audiences - members,
        leave=before.audiences - desired.audiences,
        events=_news(desired, before),
    )


def accepted_after(
    change: Change, desired: Desired, version: int, remote_id: str, accepted: Accepted | None
) -> Accepted:
    """Record a yes: the destination now shows `desired`, and the change's events are told."""
    before = accepted or Accepted()
    told = (*before.told, *(event.unique_id for event in change.events))
    return Accepted(
        attributes=desired.attributes,
        audiences=desired.audiences,
        stage=desired.stage,
        version=version,
        remote_id=remote_id or before.remote_id,
        told=told[-TOLD_KEPT:],
    )


def unsure_after(change: Change, accepted: Accepted | None) -> Accepted:
    """Record a request of unknown outcome: all that it may have left there can still be taken away."""
    before = accepted or Accepted()
    return replace(
        before,
        attributes={**before.attributes, **change.set},
        audiences=before.audiences | change.join,
        unsure=True,
    )


def _news(desired: Desired, before: Accepted) -> tuple[Event, ...]:
    """An event tells of a change of stage: a stage that is shown already is no news."""
    if desired.stage == before.stage:
        return ()
    return tuple(event for event in desired.events if event.unique_id not in before.told)

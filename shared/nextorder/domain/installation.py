"""What of ours stands in a shop, and what has to be done so that it is as it should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing of ours that stands, or should stand, in a shop; `kind` is the platform's word for it."""

    kind: str
    name: str
    """Unlike any other's of its kind."""
    says: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    """The platform's own; empty = it does not stand yet."""
    gone: bool = False
    """We made it and somebody took it away."""

    @property
    def place(self) -> Place:
        """What it is called among all parts."""
        return self.kind, self.name

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What should stand in a shop, and what of ours does; nothing of the merchant's is ever in it."""

    wanted: tuple[Part, ...] = ()
    found: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What `connect` has settled for a shop, and which segments and lists it made there."""

    uri: str = ""
    """Where webhooks go; empty = nothing was ever installed."""
    in_app: bool = False
    """The app's own configuration carries the subscriptions, so none are made in the shop."""
    segments: Mapping[str, str] = field(default_factory=dict)
    """Name -> the platform's id: names are not unique there, and the merchant may change them."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """The same of lists, which hold whom we add to them."""


class Verb(StrEnum):
    """What to do with a part."""

    KEEP = "keep"
    MAKE = "make"
    REPAIR = "repair"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `part` has the id of what stands, `found` is that, where it is to be repaired."""

    verb: Verb
    part: Part
    found: Part | None = None


def plan(survey: Survey) -> tuple[Step, ...]:
    """
    Return how to get from what stands to what should, in the order of what should.

    Each wanted part stands once afterwards; of several that stand, one that says the right thing
    is kept. What is ours and not wanted goes. A plan for what a plan has left is to keep all.
    """
    standing: dict[Place, list[Part]] = {}
    for part in survey.found:
        if not part.gone:
            standing.setdefault(part.place, []).append(part)
    steps: list[Step] = []
    for part in survey.wanted:
        candidates = standing.pop(part.place, [])
        step = _towards(part, candidates)
        steps += [step, *(Step(Verb.REMOVE, one) for one in candidates if one.id != step.part.id)]
    return (*steps, *(Step(Verb.REMOVE, one) for left in standing.values() for one in left))


def restoring(survey: Survey) -> Survey:
    """Return the same without what somebody took away on purpose: that is asked for again by `connect`."""
    gone = {part.place for part in survey.found if part.gone}
    return replace(survey, wanted=tuple(part for part in survey.wanted if part.place not in gone))


def _towards(part: Part, candidates: Sequence[Part]) -> Step:
    if not candidates:
        return Step(Verb.MAKE, part)
    for one in candidates:
        if one.says == part.says:
            return Step(Verb.KEEP, one)
    return Step(Verb.REPAIR, replace(part, id=candidates[0].id), candidates[0])

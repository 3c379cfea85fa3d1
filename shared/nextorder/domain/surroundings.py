"""What stands around ours at the platforms: flows that ours would start, audiences that are nearly ours."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

MUCH: Final = 0.5
"""Of a segment's customers: above it the merchant's own audience is told beside ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFlow:
    """A flow that is live, and what of ours would start it."""

    name: str
    starter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What is known of an account's live flows."""

    live: int
    ours: tuple[LiveFlow, ...] = ()
    unknown: tuple[str, ...] = ()
    """Of which it cannot be told what starts them."""
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A tag or segment of the merchant's that more than half of one of ours have."""

    theirs: str
    ours: str
    both: int
    of: int
    """Customers of ours who were looked at."""
    everywhere: bool = False
    """Whether most customers have it, so that it says little about ours."""


def overlaps(
    theirs: Mapping[str, AbstractSet[str]], ours: Mapping[str, AbstractSet[str]], everyone: AbstractSet[str]
) -> Iterator[Overlap]:
    """
    Yield what overlaps a segment of ours by more than half, the largest first.

    Args:
        theirs: Tag or segment of the merchant's -> who has it, of whom was looked at.
        ours: Segment of ours -> its customers, of whom was looked at.
        everyone: A sample of all customers, whatever segment they are in.
    """
    found = [
        Overlap(
            theirs=name,
            ours=segment,
            both=len(have & members),
            of=len(members),
            everywhere=len(have & everyone) > MUCH * len(everyone),
        )
        for name, have in theirs.items()
        for segment, members in ours.items()
        if len(have & members) > MUCH * len(members)
    ]
    return iter(sorted(found, key=lambda one: (-one.both / one.of, one.theirs, one.ours)))

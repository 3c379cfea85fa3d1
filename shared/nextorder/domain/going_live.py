"""Going live step by step: what of a verdict is let out, to which share of the customers, and when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from nextorder.domain.changes import Accepted, Desired


class Step(StrEnum):
    """What is let out, in the order in which it is; a step begins when those before it reached everyone."""

    PROPERTIES = "properties"
    """Properties and metafields, the hold mark among them: what a flow filters by is there first."""
    SEGMENTS = "segments"
    """Segments at the destination, which fill with whom they fit; nobody there is written to."""
    TAGS = "tags"
    """Tags and memberships of audiences, which other apps see at once."""
    EVENTS = "events"
    """What flows start from."""


STEPS: Final = tuple(Step)
WHOLE: Final = 100
RAMP: Final[Mapping[Step, tuple[int, ...]]] = {
    Step.PROPERTIES: (10, 50, WHOLE),
    Step.SEGMENTS: (WHOLE,),
    Step.TAGS: (10, 50, WHOLE),
    Step.EVENTS: (10, 50, WHOLE),
}
"""Percent of the customers that a step reaches, one after the other."""
HEAD_START: Final = timedelta(hours=48)
"""Before events, so that what other tools copy once a day is there when the first flow starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingLive:
    """How far a shop is; the steps before `step` have reached everyone."""

    step: Step = Step.EVENTS
    share: int = WHOLE
    """Percent of the customers whom `step` has reached."""
    since: datetime | None = None
    """When it came to this; None = all was let out at once."""

    def reaches(self, step: Step, shop: str, customer: str) -> bool:
        """Whether a step has reached a customer; `shop` is the global id, as for the holdout."""
        own, asked = STEPS.index(self.step), STEPS.index(step)
        return asked < own or (asked == own and place(shop, customer) < self.share)

    def is_beyond(self, other: "GoingLive") -> bool:
        """Whether it lets out more than another."""
        return (STEPS.index(self.step), self.share) > (STEPS.index(other.step), other.share)

    def __str__(self) -> str:
        """Say it in words, without the moment."""
        if not self.share:
            return "nothing yet"
        whom = "everyone" if self.share == WHOLE else f"{self.share} % of customers"
        return f"{self.step.value} for {whom}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A plan that was agreed to and is in force, and of which not everything is sent yet."""

    plan: str
    """Its hash."""
    destinations: tuple[str, ...]


NOWHERE: Final = GoingLive(step=STEPS[0], share=0)
"""Nothing is let out."""
FIRST: Final = GoingLive(step=STEPS[0], share=RAMP[STEPS[0]][0])
ALL_AT_ONCE: Final = GoingLive()


def place(shop: str, customer: str) -> int:
    """
    Return where on a line from 0 to 99 a customer stands, the same for ever.

    Raising a share only adds people, and who is held out has nothing to do with it.
    """
    key = f"nextorder-ramp-1:{shop}:{customer}"
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big") * WHOLE >> 64


def rungs(skipped: Collection[Step] = ()) -> Iterator[GoingLive]:
    """Yield the whole way, but for steps for which a shop has no destination."""
    for step in STEPS:
        if step not in skipped:
            yield from (GoingLive(step=step, share=share) for share in RAMP[step])


def following(live: GoingLive | None, skipped: Collection[Step] = ()) -> GoingLive | None:
    """Return the next rung; the first one of a shop that is not live at all, None at the end."""
    return next((rung for rung in rungs(skipped) if live is None or rung.is_beyond(live)), None)


def has_caught_up(own: GoingLive, whole: GoingLive, skipped: Collection[Step] = ()) -> bool:
    """Whether a destination that came late has no rung left to take that the shop has taken already."""
    upcoming = following(own, skipped)
    return upcoming is None or upcoming.is_beyond(whole)


def is_in_order(live: GoingLive | None, target: GoingLive, skipped: Collection[Step] = ()) -> bool:
    """Whether no step between is left out: any share of the next step, or of this one, may be the target."""
    upcoming = following(live, skipped)
    return upcoming is not None and (target.step == upcoming.step) and not upcoming.is_beyond(target)


def events_from(live: GoingLive | None, target: GoingLive) -> datetime | None:
    """Return from when on events may follow the last tags; None = at once."""
    if live is None or live.since is None or live.step is Step.EVENTS or target.step is not Step.EVENTS:
        return None
    return live.since + HEAD_START


def let_out(
    desired: Desired,
    held: Accepted | None,
    reached: Collection[Step],
    *,
    held_out: bool = False,
    takes_off: bool = False,
) -> Desired:
    """
    Return what of it is to be shown to a customer whom these steps have reached.

    Audiences that are not let out stay as they stand there: a step back takes nothing off, unless
    `takes_off`. Of who is held out only what is desired stays.
    """
    if Step.EVENTS not in reached:
        desired = replace(desired, events=())
    if Step.TAGS in reached:
        return desired
    stand = held.audiences if held and not takes_off else frozenset[str]()
    return replace(desired, audiences=stand & desired.audiences if held_out else stand)

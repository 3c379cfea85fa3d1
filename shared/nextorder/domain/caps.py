"""How much a customer may be told: the most urgent news first, and no more than the caps allow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.changes import Accepted, Event, EventKind
from nextorder.domain.events import TOUCH
from nextorder.domain.published import NEWS

DAY: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)
A_WEEK: Final = 2
"""One in any 24 hours, two in any 7 days: no calendar and no time zone lets more through."""
TOLD_KEPT: Final = 4
"""So many events are remembered; the destination itself refuses older repeats by their id."""
DROPPED_KEPT: Final = 3

_URGENCY: Final = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the news is told, and what never is: over the cap, or held for too long."""

    told: tuple[Event, ...] = ()
    dropped: tuple[Event, ...] = ()
    late: int = 0
    """How many of those dropped were held for too long."""


def choose(
    events: Iterable[Event], before: Accepted, as_of: datetime, resumed_at: datetime | None = None
) -> Choice:
    """
    Choose what to tell now; asked again after a crash it chooses the same.

    What a pause that ended at `resumed_at` has held is told within a day of its coming, or never.

    What was told without an answer is told again under its own id, and counts once. `as_of` is
    the clock's, not the verdict's: what waits out an outage counts when it is told.
    """
    news = [event for event in events if _is_news(event, before, as_of)]
    spent = [at for id_, at in before.told.items() if _counts(id_)]
    told, dropped = [], []
    late = [event for event in news if resumed_at and event.at <= resumed_at and as_of - event.at > DAY]
    for event in sorted(news, key=lambda one: (one.id not in before.unsettled, _URGENCY[one.kind], one.id)):
        if event in late:
            dropped.append(event)
        elif not _counts(event.id) or event.id in before.unsettled:
            told.append(event)
        elif _has_room(spent, as_of):
            told.append(event)
            spent.append(as_of)
        else:
            dropped.append(event)
    return Choice(tuple(told), tuple(dropped), late=len(late))


def remembered(told: Iterable[Event], before: Accepted, as_of: datetime) -> Mapping[str, datetime]:
    """Return the moments of what was told last; what counts for a cap is never forgotten too early."""
    moments = {**before.told, **{one.id: as_of for one in told}}
    newest = sorted(
        moments.items(), key=lambda one: (_counts(one[0]) and as_of - one[1] < WEEK, one[1], one[0])
    )
    return dict(newest[-TOLD_KEPT:])


def _is_news(event: Event, before: Accepted, as_of: datetime) -> bool:
    """What is shown there already, was told or dropped before, is old or over, is none."""
    if event.until and event.until <= as_of:
        return False
    if as_of - event.at > NEWS:
        return False
    if event.id in before.unsettled:
        return True
    return event.subject not in before.subjects and event.id not in (*before.told, *before.last_dropped)


def _counts(id_: str) -> bool:
    """A call for a human touch promotes nothing, and is not counted."""
    return not id_.startswith(f"{TOUCH}:")


def _has_room(spent: Sequence[datetime], as_of: datetime) -> bool:
    if any(as_of - at < DAY for at in spent):
        return False
    return sum(as_of - at < WEEK for at in spent) < A_WEEK

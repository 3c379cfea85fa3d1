"""Memory across fits: what new numbers may change of a customer whom no fact has placed since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final, Protocol

from nextorder.domain.placing import Placing, Standing, Told
from nextorder.domain.published import segment_name
from nextorder.domain.recall import EPISODES, MOVES_DAYS, episode_of
from nextorder.domain.segments_course import DAY, Course, tell, whole_second
from nextorder.domain.verdict import Segment

MOST_MOVES: Final = 2
"""New numbers change what a customer holds of one family so often in 30 days."""
LADDERS: Final = frozenset({"life", "risk", "value"})
"""Families that `told` speaks for; `kept` speaks for the others."""
_BY_FACTS: Final = frozenset({"care", "reach", "overstock"})
"""Families in which no number of a fit has a say."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """New numbers give another value, from a moment on; the same value: they agree from then on."""

    at: datetime
    value: str
    up: bool = False


class _Way(Protocol):
    """What the new numbers say of one family; its values are words, empty for none."""

    def turning(self, value: str, start: datetime, free_at: datetime, *, lifted: bool) -> _Turn | None:
        """Find when they move who holds a value at the start, though not before `free_at`."""
        ...

    def onward(self, value: str, moment: datetime, as_of: datetime) -> Told:
        """Say where who holds a value at a moment stands later; what lasts is since that moment."""
        ...


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Down when a level is passed, up by the harder ways."""

    course: Course

    def turning(self, value: str, start: datetime, free_at: datetime, *, lifted: bool) -> _Turn | None:
        """Who was lifted comes back down by new numbers too, not by time: each step of time is taken once."""
        at, way = max(start, free_at), self.course.down_from(value, start)
        if way.at(start) == value:
            higher = self.course.lifted(value, at)
            if higher != value:
                return _Turn(at, higher, up=True)
            falls_at = way.ends(value, start) if lifted else None
            if falls_at is None:
                return None
            at = max(falls_at, free_at)
        return _Turn(at, self.course.settled(value, at))

    def onward(self, value: str, moment: datetime, as_of: datetime) -> Told:
        """Go down from the value."""
        way = self.course.down_from(value, moment)
        now = way.at(as_of)
        ends = way.ends(now, as_of)
        if now == value:
            return (Segment(value=now, since=moment) if now else None), ends
        fallen = Segment(value=now, since=way.began(now, as_of), previous=way.before(now))
        return (fallen if now else None), ends


@dataclass(frozen=True, slots=True)
class _Answers:
    """A family that is asked as of any moment."""

    at: Callable[[datetime], Told]
    is_episode: bool

    def turning(self, value: str, start: datetime, free_at: datetime, *, lifted: bool) -> _Turn | None:  # noqa: ARG002 - the protocol's
        """An episode that runs is not ended because the new numbers would begin it later."""
        segment, begins_at = self.at(start)
        if _value(segment) == value:
            return None
        goes_on = self.is_episode and value and not segment
        at = max(start, free_at, begins_at) if goes_on and begins_at else max(start, free_at)
        return _Turn(at, _value(self.at(at)[0]))

    def onward(self, value: str, moment: datetime, as_of: datetime) -> Told:  # noqa: ARG002 - the protocol's
        """Go on as the family says."""
        return self.at(as_of)


def told(placing: Placing, key: str, courses: Iterator[Course], before: str = "") -> Told:
    """Tell as `tell` does; where numbers changed since the last fact, on from where the customer stood."""
    course = next(courses, None)
    if course is None:
        return None, None
    if placing.standing is None or course.start > placing.standing.at:
        return tell(chain([course], courses), placing.features.as_of, before)
    return _carried_on(placing, placing.standing, key, _Ladder(course))


def kept(
    placing: Placing, standing: Standing, answers: Callable[[datetime], Mapping[str, Told]]
) -> Mapping[str, Told]:
    """Tell the other families; `answers` is what the new numbers alone say as of a moment."""
    now = placing.features.as_of
    keys = {*answers(now), *standing.segments} - LADDERS
    return {key: _kept(placing, standing, key, answers) for key in sorted(keys)}


def _kept(
    placing: Placing, standing: Standing, key: str, answers: Callable[[datetime], Mapping[str, Told]]
) -> Told:
    def answer(moment: datetime) -> Told:
        segment, end = answers(moment).get(key, (None, None))
        # buy:now may interrupt buy:5d, which then is not over
        is_over = segment and key not in standing.segments and episode_of(key, segment) in standing.left
        return (None, None) if is_over else (segment, end)

    family = key.partition(":")[0]
    if family in _BY_FACTS or family in standing.void:
        return answer(placing.features.as_of)
    return _carried_on(placing, standing, key, _Answers(answer, family in EPISODES))


def _carried_on(placing: Placing, standing: Standing, key: str, way: _Way) -> Told:
    """Go from where the customer stood to now, turn by turn, and note the turns."""
    as_of, start = placing.features.as_of, standing.at
    segment, moved = standing.segments.get(key), list(standing.memory.moved.get(key, ()))
    lifted = key in standing.memory.lifted
    while turn := way.turning(
        _value(segment), start, _free_at(placing, key, segment, moved) or start, lifted=lifted
    ):
        is_move = turn.value != _value(segment)
        if turn.at > as_of:
            return segment, turn.at if is_move else way.onward(turn.value, turn.at, turn.at)[1]
        if is_move:
            moved, lifted = [*moved, turn.at], lifted or turn.up
            placing.moved[key] = tuple(moved)
            placing.lifted.update({key} if lifted else ())
            entered = way.onward(turn.value, turn.at, turn.at)[0]
            previous = segment.value if segment else ""
            segment = entered and replace(entered, since=turn.at, previous=previous)
        start = turn.at
    now, ends = way.onward(_value(segment), start, as_of)
    if now and segment and now.since <= start:
        now = replace(now, since=segment.since, previous=segment.previous)
    return now, ends


def _free_at(
    placing: Placing, key: str, segment: Segment | None, moved: Sequence[datetime]
) -> datetime | None:
    """Return from when on new numbers may move a customer: after the shortest stay, twice in 30 days."""
    moments = [moved[-MOST_MOVES] + MOVES_DAYS * DAY] if len(moved) >= MOST_MOVES else []
    entry = placing.catalogue.entry(segment_name(key, segment)) if segment else None
    if segment and entry:
        moments.append(segment.since + entry.flow_days * DAY)
    return whole_second(max(moments)) if moments else None


def _value(segment: Segment | None) -> str:
    return (segment.value or "on") if segment else ""

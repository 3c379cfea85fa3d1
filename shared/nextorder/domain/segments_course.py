"""One family through time: what a customer is, since when, what before, and until when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.verdict import Segment
from nextorder.scoring.solve import when_falls_to

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
FARTHEST: Final = timedelta(days=1_100)
"""Nobody is woken for a change that is farther away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """
    The way of one family from a placement on, if nothing happens: down a ladder, never up.

    Each rung is a value with the level down to which it holds; below the last it is `rest`.
    """

    start: datetime
    """When a fact placed the customer."""
    origin: datetime
    """Day 0 of the curve: the first order day."""
    rungs: tuple[tuple[str, float], ...] = ()
    rest: str
    curve: Callable[[float], float] = lambda _: 0.0
    """Never rising; its argument is days since `origin`."""
    lifts: Callable[[str, float], bool] = lambda _value, _days: False
    """Whether a customer who is lower may be taken up to a value, by days since `origin`."""
    top: int = 0
    """So many rungs are out of reach for whoever is not lifted to them."""

    def down_from(self, value: str, moment: datetime) -> "Course":
        """Return the way of who holds a value at a moment."""
        return replace(self, start=moment, top=self._place(value))

    def lifted(self, value: str, moment: datetime) -> str:
        """Return the best value above this one to which the customer may be taken up; else this one."""
        above = (name for name, _ in self.rungs[: self._place(value)])
        return next((name for name in above if self.lifts(name, self._days(moment))), value)

    def settled(self, value: str, moment: datetime) -> str:
        """Return what becomes, at a moment, of who came with a value: up by its way in, or down."""
        known = value if value in dict(self.rungs) else self.rest
        return self.down_from(self.lifted(known, moment), moment).at(moment)

    def at(self, moment: datetime) -> str:
        """Return the value at a moment not before the start."""
        in_reach = self.rungs[self.top :]
        height = self.curve(self._days(moment)) if in_reach else 0.0
        return next((value for value, level in in_reach if height >= level), self.rest)

    def began(self, value: str, until: datetime) -> datetime:
        """Return the second at which the value, held at `until`, was reached."""
        above = self._rung_above(value)
        fell = self._falls(above[1], self.start, until) if above else None
        return fell or self.start

    def before(self, value: str) -> str:
        """Return the value that a fall into this one came from."""
        above = self._rung_above(value)
        return above[0] if above else ""

    def ends(self, value: str, as_of: datetime) -> datetime | None:
        """Return the second at which the value, held at `as_of`, is lost; None when not in sight."""
        level = dict(self.rungs).get(value)
        return None if level is None else self._falls(level, as_of, as_of + FARTHEST)

    def _rung_above(self, value: str) -> tuple[str, float] | None:
        """Return the rung right above a value; all rungs are above `rest`."""
        place = self._place(value)
        return self.rungs[place - 1] if place > self.top else None

    def _place(self, value: str) -> int:
        """Return how many rungs are above a value; whatever is no rung is below them all."""
        names = [name for name, _ in self.rungs]
        return names.index(value) if value in names else len(names)

    def _falls(self, level: float, start: datetime, end: datetime) -> datetime | None:
        """Find the first whole second from `start` on at which the curve is below the level."""
        days = when_falls_to(self.curve, level, self._days(start), self._days(end))
        if days is None:
            return None
        # the answer is within a second; on the grid of whole seconds there is exactly one
        moment = max(start, whole_second(self.origin + days * DAY))
        while not self._is_below(level, moment):
            moment += SECOND
        while moment - SECOND >= start and self._is_below(level, moment - SECOND):
            moment -= SECOND
        return moment

    def _is_below(self, level: float, moment: datetime) -> bool:
        return self.curve(self._days(moment)) < level

    def _days(self, moment: datetime) -> float:
        return (moment - self.origin) / DAY


def tell(courses: Iterator[Course], as_of: datetime, before: str) -> tuple[Segment | None, datetime | None]:
    """
    Tell where a family stands and when that ends by time alone.

    Args:
        courses: One a placement, the latest first; those that start after `as_of` are left out.
        as_of: Whole second.
        before: The value before the first placement.

    Returns:
        The segment, without its reason, None for the empty value; the end, None when not in sight.
    """
    course = next((course for course in courses if course.start <= as_of), None)
    if course is None:
        return None, None
    value = course.at(as_of)
    ends = course.ends(value, as_of)
    if not value:
        return None, ends
    began, previous = _walk_back(course, courses, value, as_of, before)
    return Segment(value=value, since=began, previous=previous), ends


def value_before(courses: Iterator[Course], moment: datetime, before: str) -> str:
    """Return the value a second before a moment."""
    earlier = (course for course in courses if course.start < moment)
    course = next(earlier, None)
    return course.at(max(course.start, moment - SECOND)) if course else before


def _walk_back(
    course: Course, older: Iterator[Course], value: str, held_at: datetime, before: str
) -> tuple[datetime, str]:
    """Follow one value back over the placements that left it as it was."""
    while True:
        began = course.began(value, held_at)
        if began > course.start:
            return began, course.before(value)
        last = next(older, None)
        if last is None:
            return began, before
        held_at = max(last.start, course.start - SECOND)
        if last.at(held_at) != value:
            return began, last.at(held_at)
        course = last


def whole_second(moment: datetime) -> datetime:
    """Round a moment up to the second."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + SECOND

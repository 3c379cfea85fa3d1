"""The shop's hour-of-week clock: how much ordering time a stretch of calendar time holds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS_A_WEEK = 7
HOURS_A_DAY = 24
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=DAYS_A_WEEK)
SECOND = timedelta(seconds=1)
MONDAY = datetime(2001, 1, 1)  # noqa: DTZ001 - local wall-clock time has no zone here


MARKED_WITHIN_DAYS = 5.0
"""Longer horizons are averages over the year, exceptional days included."""


class Marked(NamedTuple):
    """A stretch of exceptional days: `factor` times the ordering of ordinary ones; 0 = closed."""

    start: datetime
    end: datetime
    factor: float


def effective_days(
    clock: Sequence[float],
    zone: ZoneInfo,
    as_of: datetime,
    horizons_days: Sequence[float],
    marked: Sequence[Marked] = (),
) -> list[float]:
    """
    Return for each horizon the integral of relative intensity from `as_of`, in days.

    Horizons must rise. Local hours are integrated exactly, also where the clocks
    change: a repeated hour counts twice, a skipped one not at all. With a flat clock
    the answer is the horizon itself. `marked` stretches, which must not overlap, count by
    their factors for horizons up to `MARKED_WITHIN_DAYS`; a longer horizon holds at least
    what a shorter one does.
    """
    clock, as_of = tuple(clock), as_of.astimezone(UTC)
    ordinary = _ordinary_days(clock, zone, as_of, tuple(horizons_days))
    if not marked:
        return list(ordinary)
    more = [
        sum(_surplus(clock, zone, as_of, horizon, mark) for mark in marked)
        if horizon <= MARKED_WITHIN_DAYS
        else 0.0
        for horizon in horizons_days
    ]
    return list(accumulate((max(day + by, 0.0) for day, by in zip(ordinary, more, strict=True)), max))


def _surplus(
    clock: tuple[float, ...], zone: ZoneInfo, as_of: datetime, horizon_days: float, mark: Marked
) -> float:
    """Return the ordering days that a marked stretch adds within a horizon; negative where it takes some."""
    start = max(mark.start.astimezone(UTC), as_of)
    days = (min(mark.end, as_of + timedelta(days=horizon_days)) - start) / DAY
    return (mark.factor - 1.0) * _ordinary_days(clock, zone, start, (days,))[0] if days > 0 else 0.0


@lru_cache(maxsize=256)
def _ordinary_days(
    clock: tuple[float, ...], zone: ZoneInfo, start: datetime, horizons_days: tuple[float, ...]
) -> tuple[float, ...]:
    """Return the same without marked stretches; `start` is UTC. An import asks the same of everyone."""
    steps = (0.0, *accumulate(clock))
    total, at = 0.0, start
    days: list[float] = []
    for horizon in horizons_days:
        end = start + timedelta(days=horizon)
        for begin, until, offset in _constant_offsets(zone, at, end):
            total += _reading(clock, steps, until, offset) - _reading(clock, steps, begin, offset)
        at = end
        days.append(total)
    return tuple(days)


def hour_of_week(local: datetime) -> int:
    """Return 0 for Monday 00:00-01:00 up to 167, of a local moment."""
    return local.weekday() * HOURS_A_DAY + local.hour


def _reading(clock: Sequence[float], steps: Sequence[float], at: datetime, offset: timedelta) -> float:
    """Return the clock's reading in days at a moment, since a Monday of long ago."""
    weeks, rest = divmod(at.replace(tzinfo=None) + offset - MONDAY, WEEK)
    hour, within = divmod(rest, HOUR)
    return (
        weeks * steps[-1] / HOURS_A_DAY
        + (steps[hour] + clock[hour % len(clock)] * (within / HOUR)) / HOURS_A_DAY
    )


def _constant_offsets(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut [start, end) where the zone's offset changes."""
    begin, offset = start, _offset(zone, start)
    for year in range(start.year, end.year + 1):
        for change, after in _changes(zone, year):
            if start < change < end:
                yield begin, change, offset
                begin, offset = change, after
    yield begin, end, offset


@lru_cache(maxsize=256)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """Return when in a year (UTC), its end included, the zone's offset changes, and to what."""
    weeks = _weeks(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    found = [_change(zone, *week) for week in weeks if len({_offset(zone, end) for end in week}) > 1]
    return tuple((change, _offset(zone, change)) for change in found)


def _weeks(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a stretch into weeks: no zone changes its offset twice in one."""
    low = start
    while low < end:
        high = min(low + WEEK, end)
        yield low, high
        low = high


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first second with the offset of `high`; one change lies between the two."""
    before = _offset(zone, low)
    while high - low > SECOND:
        middle = low + (high - low) / 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()

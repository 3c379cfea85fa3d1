"""What was said beside what came: chances that were published, week by week, and whether they held."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil, fsum
from typing import Final
from zlib import crc32

from nextorder.domain.backtest import LEAST_EVENTS, TOLERABLE
from nextorder.domain.published import PUBLISHED_HORIZONS, WINDOW_HORIZON
from nextorder.domain.shop import Numbers
from nextorder.scoring.interval import wilson

HORIZONS: Final = (*PUBLISHED_HORIZONS, WINDOW_HORIZON)
WEEK: Final = timedelta(days=7)
GRACE: Final = timedelta(days=2)
"""An order may come late by webhook; what none brought is fetched by the hour."""
MOST_KEPT: Final = 60
"""Windows of a horizon that are kept: more than a year of weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row of the score log, as far as it can be judged."""

    log_key: str
    at: datetime
    version: int
    model: str
    chances: Mapping[str, float]
    """By horizon, of those that were given."""
    closes_at: datetime | None = None
    """When the window of a one-order customer closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    One window of one horizon: whole weeks of saying, joined until 30 of those customers had ordered.

    `n` counts customers once each: who was asked about, what was expected of them, who ordered.
    """

    horizon: str
    """Days as text, or "window"."""
    first: date
    """The Monday, UTC, of the first week of saying."""
    until: date
    """The Monday after the last."""
    n: int = 0
    expected: float = 0.0
    """The sum of the chances that were said."""
    happened: int = 0
    """Customers who ordered within the horizon from the moment of saying."""
    models: tuple[str, ...] = ()
    """Names of those that said it."""

    @property
    def is_closed(self) -> bool:
        """Whether enough has happened to judge by."""
        return self.happened >= LEAST_EVENTS

    @property
    def ratio(self) -> float:
        """Expected over happened: 2 = twice as many were expected as came."""
        return self.expected / max(self.happened, 1)

    @property
    def ratio_range(self) -> tuple[float, float]:
        """The 80 % range of the ratio that so few customers leave open."""
        if not self.n:
            return 0.0, 0.0
        low, high = wilson(self.happened / self.n, self.n)
        return self.expected / (high * self.n), self.expected / max(low * self.n, 0.5)

    @property
    def is_off(self) -> bool:
        """Whether it is no use; of an open window, whether it is already sure to be."""
        low, high = TOLERABLE
        if self.is_closed:
            return not low <= self.ratio <= high
        return self.expected > high * LEAST_EVENTS


class Standing(StrEnum):
    """What the windows say of a horizon."""

    GOOD = "good"
    DRIFTS = "drifts"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that is kept of a shop's said and happened."""

    windows: tuple[Judged, ...] = ()
    """By horizon, the oldest first; the last of each may still be open."""
    begun: date | None = None
    """The Monday, UTC, from which weeks of saying are judged."""
    told: Mapping[str, Standing] = field(default_factory=dict)
    """Horizon -> what the merchant was last told of it."""

    def of(self, horizon: str) -> tuple[Judged, ...]:
        """Return a horizon's windows, the oldest first."""
        return tuple(one for one in self.windows if one.horizon == horizon)


def horizon_days(horizon: str, numbers: Numbers) -> int:
    """Return how long after the moment of saying the latest outcome may come."""
    if horizon != WINDOW_HORIZON:
        return int(horizon)
    return max(numbers.window.days, *(one.days for one in numbers.windows.values()), 0)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def judgeable_weeks(kept: Judgement, numbers: Numbers, as_of: datetime) -> Iterator[tuple[str, date]]:
    """Yield each horizon's weeks of saying, by Monday, that are not judged and whose outcomes are known."""
    if kept.begun is None:
        return
    for horizon in HORIZONS:
        windows = kept.of(horizon)
        monday = windows[-1].until if windows else kept.begun
        takes = WEEK + timedelta(days=horizon_days(horizon, numbers)) + GRACE
        while datetime.combine(monday, time(), UTC) + takes <= as_of:
            yield horizon, monday
            monday += WEEK


def first_said(
    rows: Iterable[Said], horizon: str, monday: date, numbers: Numbers, as_of: datetime
) -> Mapping[str, Said]:
    """
    Choose what counts of a week: of each customer whose turn it is, what was said first, by log_key.

    A score stands in the log when it changes: the first of a week is chosen without knowing what
    came, so a right forecast is right on it. Turns are as many weeks apart as the horizon is long,
    and one more: no order is counted twice, so 30 orders are 30 pieces of evidence. Any order
    and any copies of the rows choose the same.
    """
    turns = ceil((horizon_days(horizon, numbers) + WEEK.days) / WEEK.days)
    week = monday.toordinal() // WEEK.days
    chosen: dict[str, Said] = {}
    for row in rows:
        is_asked = horizon in row.chances and monday_of(row.at.astimezone(UTC).date()) == monday
        if horizon == WINDOW_HORIZON and row.closes_at:
            # said with a longer window than the shop's of now: what comes of it is not known yet
            is_asked = is_asked and row.closes_at + GRACE <= as_of
        if not is_asked or (crc32(row.log_key.encode()) - week) % turns:
            continue
        held = chosen.get(row.log_key)
        if held is None or (row.at, row.version) < (held.at, held.version):
            chosen[row.log_key] = row
    return chosen


def came(said: Said, horizon: str, ordered_at: Sequence[datetime]) -> bool:
    """Whether a counted order day began after the moment of saying and within the horizon."""
    closes_at = said.closes_at or said.at
    until = closes_at if horizon == WINDOW_HORIZON else said.at + timedelta(days=int(horizon))
    return any(said.at < at <= until for at in ordered_at)


def week_of(
    horizon: str,
    monday: date,
    said: Mapping[str, Said],
    ordered_at: Mapping[str, Sequence[datetime]],
) -> Judged:
    """
    Sum one week of saying.

    Args:
        horizon: One of `HORIZONS`.
        monday: The week's.
        said: What counts, by log_key.
        ordered_at: Order days of whoever still has a log_key, by it. Who was forgotten, deleted or
            merged into another has none: such rows are nobody's, and count on neither side.
    """
    known = [(one, ordered_at[key]) for key, one in sorted(said.items()) if key in ordered_at]
    return Judged(
        horizon=horizon,
        first=monday,
        until=monday + WEEK,
        n=len(known),
        expected=fsum(one.chances[horizon] for one, _ in known),
        happened=sum(came(one, horizon, days) for one, days in known),
        models=tuple(sorted({one.model for one, _ in known})),
    )


def joined(kept: Judgement, week: Judged) -> Judgement:
    """Add a horizon's next week: to the window that is open, or as a new one."""
    windows = kept.of(week.horizon)
    is_open = bool(windows) and not windows[-1].is_closed
    now = (*windows[:-1], _with(windows[-1], week)) if is_open else (*windows, week)
    others = tuple(one for one in kept.windows if one.horizon != week.horizon)
    return replace(kept, windows=(*others, *now[-MOST_KEPT:]))


def _with(window: Judged, week: Judged) -> Judged:
    return replace(
        window,
        until=week.until,
        n=window.n + week.n,
        expected=window.expected + week.expected,
        happened=window.happened + week.happened,
        models=tuple(sorted({*window.models, *week.models})),
    )


def off_twice(windows: Sequence[Judged]) -> tuple[Judged, ...]:
    """
    Return the two windows running for which a horizon is withheld now; empty = it is not.

    It is withheld when two closed ones running are both off, and comes back when two are good:
    what was said by a former model counts, too, or a shop with a new one each month would never
    have its longer horizons judged. A withheld horizon is said on in the log, and judged.

    Args:
        windows: Of one horizon, the oldest first. All are gone through, so that weeks which are
            judged together end in the same as one by one.
    """
    found: tuple[Judged, ...] = ()
    for pair in pairwise(one for one in windows if one.is_closed):
        off = [one.is_off for one in pair]
        if all(off):
            found = pair
        elif not any(off):
            found = ()
    return found


def standing_of(windows: Sequence[Judged]) -> Standing:
    """Return what a horizon's windows say of it, the oldest first; the last ones tell of a drift."""
    if off_twice(windows):
        return Standing.WITHHELD
    closed = [one for one in windows if one.is_closed]
    return Standing.DRIFTS if any(one.is_off for one in (*closed[-1:], *windows[-1:])) else Standing.GOOD

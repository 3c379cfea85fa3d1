"""
The shop's calendar: closures and big sales, which the hour-of-week clock cannot know.

    [[days]]
    name = "Black Week"
    first = 2026-11-23
    last = 2026-11-30          # left out: one day
    factor = 2.5               # orders against ordinary days; or closed = true; or as_last_year = true

`as_last_year` takes the factor from the shop's own orders 52 weeks before, the same weekdays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from nextorder.domain.declared import Declared
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import MarkedDays
from nextorder.scoring.clock import MARKED_WITHIN_DAYS, Marked

DAY: Final = timedelta(days=1)
YEAR: Final = timedelta(weeks=52)
AROUND: Final = timedelta(weeks=4)
"""So far on both sides the ordinary days lie that a sale is compared with."""
LEAST_EXPECTED: Final = 10.0
"""With fewer ordinary orders a factor would be noise."""
HIGHEST_FACTOR: Final = 100
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Beyond them a date is a slip, and a clock could run over."""
Wrong = Callable[[str, str], BadSettings]
"""Makes the error for a key and a reason, with the line."""
_KEYS: Final = frozenset({"name", "first", "last", "closed", "factor", "as_last_year"})
_ONE_OF: Final = ("closed", "factor", "as_last_year")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDays:
    """Marked days as the merchant wrote them."""

    days: MarkedDays
    as_last_year: bool = False
    """Its factor is still to be found."""


def read_calendar(text: str, named: str = "calendar") -> tuple[PlannedDays, ...]:
    """
    Read a calendar file of that name, by date.

    Raises:
        BadSettings: Something is wrong; the message names line and key.
    """
    document = Declared(text, named)
    tables = document.tables.pop("days", [])
    for key, value in document.tables.items():
        place = (key, "") if isinstance(value, dict | list) else ("", key)
        raise document.wrong(*place, "unknown; a calendar has tables [[days]]")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise document.wrong("days", "", "must be tables, [[days]]")
    found = [(_planned(document, table, nth), nth) for nth, table in enumerate(tables)]
    found.sort(key=lambda one: one[0].days.first)
    for (earlier, _), (later, nth) in pairwise(found):
        if later.days.first <= earlier.days.last:
            raise document.wrong("days", "first", f"lies in {earlier.days.name}", nth=nth)
    return tuple(planned for planned, _ in found)


def settled(plan: Sequence[PlannedDays], orders: Mapping[date, int]) -> tuple[MarkedDays, ...]:
    """
    Find the factors that are as last year.

    Args:
        plan: As read.
        orders: Order days of all customers by shop-local day; may be empty when nothing is as last year.

    Raises:
        BadSettings: The orders of a year ago do not tell.

    """
    exceptional = {day for planned in plan for day in _each(planned.days)}
    exceptional |= {day - YEAR for day in exceptional}
    return tuple(
        replace(one.days, factor=_as_last_year(one.days, orders, exceptional))
        if one.as_last_year
        else one.days
        for one in plan
    )


def ahead(calendar: Iterable[MarkedDays], zone: ZoneInfo, as_of: datetime) -> tuple[MarkedDays, ...]:
    """Return the marked days that the chances within 12 hours and 5 days touch."""
    until = as_of + timedelta(days=MARKED_WITHIN_DAYS)
    return tuple(days for days in calendar if (mark := marked(days, zone)).start < until and as_of < mark.end)


def marked(days: MarkedDays, zone: ZoneInfo) -> Marked:
    """Return marked days as a stretch between two local midnights."""
    start, end = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (days.first, days.last + DAY)
    )
    return Marked(start, end, days.factor)


def _planned(document: Declared, table: Mapping[str, Any], nth: int) -> PlannedDays:
    def wrong(key: str, reason: str) -> BadSettings:
        return document.wrong("days", key, reason, nth=nth)

    for key in table:
        if key not in _KEYS:
            raise wrong(key, "unknown key")
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise wrong("name", "must be words")
    first = _date(table, "first", wrong)
    last = _date(table, "last", wrong) if "last" in table else first
    if last < first:
        raise wrong("last", "must not be before first")
    said = [key for key in _ONE_OF if table.get(key, False) is not False]
    if len(said) != 1:
        raise wrong(said[-1] if said else "", f"exactly one of {', '.join(_ONE_OF)} must be given")
    days = MarkedDays(name=name, first=first, last=last, factor=_factor(table, said[0], wrong))
    return PlannedDays(days=days, as_last_year=said[0] == "as_last_year")


def _date(table: Mapping[str, Any], key: str, wrong: Wrong) -> date:
    day = table.get(key)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise wrong(key, "must be a date such as 2026-11-27")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise wrong(key, f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _factor(table: Mapping[str, Any], key: str, wrong: Wrong) -> float:
    value = table[key]
    if key != "factor":
        if value is not True:
            raise wrong(key, "must be true or false")
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= HIGHEST_FACTOR:
        raise wrong(key, f"must be a number above 0 and at most {HIGHEST_FACTOR}; closed = true for none")
    return float(value)


def _as_last_year(days: MarkedDays, orders: Mapping[date, int], exceptional: set[date]) -> float:
    """Return the orders of the same days last year over those of the same weekdays around them."""
    same = [day - YEAR for day in _each(days)]
    around = _each(replace(days, first=same[0] - AROUND, last=same[-1] + AROUND))
    ordinary = [day for day in around if day not in exceptional]
    if not orders or ordinary[0] < min(orders) or ordinary[-1] > max(orders):
        raise BadSettings(
            f"calendar: {days.name}: the orders held do not reach over last year's; give a factor"
        )
    expected = sum(
        _mean([orders.get(one, 0) for one in ordinary if one.weekday() == day.weekday()]) for day in same
    )
    if expected < LEAST_EXPECTED:
        raise BadSettings(f"calendar: {days.name}: too few orders around last year's days; give a factor")
    return round(sum(orders.get(day, 0) for day in same) / expected, 2)


def _each(days: MarkedDays) -> list[date]:
    return [days.first + n * DAY for n in range((days.last - days.first).days + 1)]


def _mean(counts: Sequence[int]) -> float:
    return sum(counts) / len(counts) if counts else 0.0

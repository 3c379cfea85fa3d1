"""How the page's sentences write counts, shares, ranges and amounts."""

import re
from datetime import date
from math import floor, log10
from typing import Final

from nextorder.domain.money import minor_digits
from nextorder.domain.phrases import MONTHS, in_percent
from nextorder.report.page import Estimate

percent: Final = in_percent
_PLURAL: Final = re.compile(r"s\b")
WITH_DECIMALS_BELOW: Final = 100
"""Of whole units: 4.20 EUR, but 12,340 EUR."""
ROUGH_WITH_DECIMALS_BELOW: Final = 10
"""Of whole units, where they are estimated: 4.20 EUR, but 43 EUR."""


def number(count: float) -> str:
    """Write how many: 12,340."""
    return f"{count:,.0f}"


def counted(count: float, one: str) -> str:
    """Write how many of what: 1 order, 1,204 orders."""
    return f"{number(count)} {one if round(count) == 1 else f'{one}s'}"


def of_unit(count: int, unit: str) -> str:
    """Write how many of a unit that begins with its plural: 1 day with an order, 3 days with an order."""
    return f"{number(count)} {_PLURAL.sub('', unit, count=1) if count == 1 else unit}"


def amount(minor: float, currency: str) -> str:
    """Write an amount of minor units: 4.20 EUR, 12,340 EUR."""
    digits = minor_digits(currency)
    whole = minor / 10**digits
    decimals = digits if abs(whole) < WITH_DECIMALS_BELOW else 0
    return f"{round(whole, decimals) + 0.0:,.{decimals}f} {currency}"


def roughly(minor: float, currency: str, within: float = 0.0) -> str:
    """Write an estimated amount of minor units, known to within so many: 139,696 EUR as 140,000 EUR."""
    digits = minor_digits(currency)
    unit = 10**digits
    whole, narrow = significant(minor / unit, within / unit), 0 < within < unit
    decimals = digits if narrow or 0 < abs(whole) < ROUGH_WITH_DECIMALS_BELOW else 0
    return f"{whole + 0.0:,.{decimals}f} {currency}"


def significant(value: float, within: float = 0.0) -> float:
    """
    Keep the two digits that can be known of an estimate, three where the first is a 1.

    More are kept of what is known to within less than they tell.
    """
    if not value:
        return 0.0
    place = floor(log10(abs(value)))
    known = (2 if abs(value) < 2 * 10.0**place else 1) - place
    return round(value, max(known, -floor(log10(within))) if within > 0 else known)


def estimated(told: Estimate, currency: str) -> tuple[str, str]:
    """Write an amount and its range, each as finely as the range is narrow; no range = an empty one."""
    if told.lo is None or told.hi is None:
        return roughly(told.value, currency), ""
    value, lo, hi = (roughly(end, currency, told.within) for end in (told.value, told.lo, told.hi))
    return value, from_to(lo, hi)


def from_to(first: str, last: str) -> str:
    """Write two ends, their unit once where it is the same."""
    _, space, unit = last.rpartition(" ")
    return f"{first.removesuffix(space + unit)} to {last}"


def month(day: date) -> str:
    """Write a month: May 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"

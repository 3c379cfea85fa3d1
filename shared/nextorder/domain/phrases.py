"""Words for numbers and days, the same wherever a reason is given."""

from datetime import datetime
from typing import Final

from nextorder.domain.published import shop_day
from nextorder.domain.shop import Shop

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not strftime's %B, which follows the machine's locale."""
TENTH: Final = 0.1
"""Shares below it are written with one decimal."""


def day_in_words(moment: datetime, shop: Shop) -> str:
    """Write the shop's calendar day of a moment: 3 March 2026."""
    day = shop_day(moment, shop.zone)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def percent(share: float) -> str:
    """Write a share: 0.15 as 15 %."""
    return f"{share * 100:g} %"


def in_percent(share: float) -> str:
    """Write a share that was counted: 0.153 as 15 %, 0.0234 as 2.3 %."""
    tenth_of_percent = round(share, 3)
    decimals = 1 if 0 < abs(tenth_of_percent) < TENTH else 0
    return f"{tenth_of_percent * 100:.{decimals}f} %"


def counted(count: int, one: str, many: str = "") -> str:
    """Write how many of something there are: 1 line, 2 lines, 1,204 lines."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"

"""Words for numbers and days, the same wherever a reason is given."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from nextorder.domain.published import shop_day
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores

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


def next_order_in_words(scores: Scores, zone: ZoneInfo, as_of: datetime) -> str:
    """Say by which days of the shop the next order is expected, or that none can be named."""
    moments = (scores.next_order_p20, scores.next_order_p50, scores.next_order_p80)
    early, about, late = (moment and shop_day(moment, zone).isoformat() for moment in moments)
    if scores.next_order_p50 is None:
        return "no day can be named for the next order"
    verb = "is" if scores.next_order_p50 > as_of else "was"
    return f"the next order {verb} expected about {about} (20 to 80 of 100: {early} to {late})"

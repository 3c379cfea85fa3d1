"""What of a verdict leaves the house: which segments, and in what steps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import copysign, floor, log10
from zoneinfo import ZoneInfo

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Quality, Segment, Verdict

PUBLISHED_HORIZONS = ("5", "30", "90")
"""In days; half a day stands at no destination: it is wrong by the morning."""
WINDOW_HORIZON = "window"
"""The horizon of a one-order customer's chance to come back before the second-order window closes."""
BANDS = frozenset({"life", "risk"})
"""Families that are never withheld for size: a small band is shown in its neighbour."""
LADDER = ("1", "1.25", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8")
NEWS = timedelta(days=7)
"""What is older by its own time is history: it counts as import and starts no flow."""
LADDER_FLOOR = 1e-4
"""A smaller probability is shown as 0: nobody acts on it, and it would step for ever."""
LIKELIEST = 0.99
"""No chance is told as certain."""
AMOUNT_FLOOR = 100
"""A smaller amount, minor units, is not told anew when it shrinks."""


def to_show(verdict: Verdict, shop: Shop) -> Verdict:
    """Return a verdict without amounts of a former currency, which are said again when it is reached anew."""
    verdict = without_withheld(verdict, shop)
    if verdict.scores is None or verdict.currency in ("", shop.currency):
        return verdict
    return replace(verdict, scores=verdict.scores.without_money)


def without_withheld(verdict: Verdict, shop: Shop) -> Verdict:
    """Leave out the chances that the shop has withheld; where all else is well the quality says so."""
    scores = verdict.scores
    if scores is None or not shop.withheld:
        return verdict
    given = {*scores.p_order, *([WINDOW_HORIZON] if scores.p_window else [])}
    if not given & shop.withheld.keys():
        return verdict
    left = {days: chance for days, chance in scores.p_order.items() if days not in shop.withheld}
    p_window = None if WINDOW_HORIZON in shop.withheld else scores.p_window
    quality = Quality.WITHHELD if verdict.quality is Quality.OK else verdict.quality
    return replace(verdict, scores=replace(scores, p_order=left, p_window=p_window), quality=quality)


def published_segments(
    verdict: Verdict, catalogue: Catalogue, shown_as: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """
    Name the segments a destination shows, sorted; of a held-out customer only the hold mark.

    `shown_as` are the shop's: a segment too small to act on is shown as what it rolls up into.
    """
    if verdict.held_out:
        return ("hold",)
    names = (segment_name(family, segment) for family, segment in verdict.segments.items())
    return tuple(sorted({shown_name(name, catalogue, shown_as or {}) for name in names} - {""}))


def shown_name(name: str, catalogue: Catalogue, shown_as: Mapping[str, str]) -> str:
    """
    Name what a segment is shown as; empty = it is not.

    A band of life or risk is never lost because its neighbour is switched off.
    """
    if not catalogue.on(name):
        return ""
    into = shown_as.get(name, name)
    if catalogue.on(into):
        return into
    return name if name.partition(":")[0] in BANDS else ""


def shown_stage(value: str, shown_as: Mapping[str, str]) -> str:
    """Return the value of life that a value is shown as; a stage is told even where its tag is off."""
    return shown_as.get(f"life:{value}", "").partition(":")[2] or value


def ladder(p: float) -> float:
    """Move a probability to the nearest of ten steps a decade, so that only a real change is sent."""
    return min(_rung(p), LIKELIEST) if p >= LADDER_FLOOR else 0.0


def worth_telling(amount: float) -> float:
    """Move an amount, minor units, to the same ladder: between its steps it is not told anew."""
    if abs(amount) < AMOUNT_FLOOR:
        return 0.0
    return copysign(_rung(abs(amount)), amount)


def _rung(number: float) -> float:
    decade, step = divmod(floor(10 * log10(number) + 0.5), 10)
    return float(f"{LADDER[step]}e{decade}")


def two_digits(amount: float) -> int:
    """Round an amount to two significant digits, unit unchanged."""
    return round(float(f"{amount:.1e}"))


def shop_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of a moment as the shop sees it."""
    return moment.astimezone(zone).date()


def segment_name(family: str, segment: Segment) -> str:
    """
    Name a segment as the catalogue does: `life:new`, `hold`.

    A key that is a whole name (`replenish:coffee`) keeps it, whatever its value says beside.
    """
    return f"{family}:{segment.value}" if segment.value and ":" not in family else family

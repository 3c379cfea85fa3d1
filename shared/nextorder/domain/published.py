"""What of a verdict leaves the house: which segments, in what steps, and when it may be told."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import floor, log10
from zoneinfo import ZoneInfo

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Scores, Segment, Verdict

PUBLISHED_HORIZONS = ("5", "30", "90")
"""In days; half a day is never stored anywhere: it is wrong by the morning."""
BANDS = frozenset({"life", "risk"})
"""Families that are never withheld for size: a small band is shown in its neighbour."""
LADDER = ("1", "1.25", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8")
NEWS = timedelta(days=7)
"""What is older by its own time is history: it counts as import and starts no flow."""
LADDER_FLOOR = 1e-4
"""A smaller probability is shown as 0: nobody acts on it, and it would step for ever."""


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
    shown = {_shown_name(name, catalogue, shown_as or {}) for name in names if catalogue.on(name)}
    return tuple(sorted(shown - {""}))


def _shown_name(name: str, catalogue: Catalogue, shown_as: Mapping[str, str]) -> str:
    """Follow a merger; a band of life or risk is never lost because its neighbour is switched off."""
    into = shown_as.get(name, name)
    if catalogue.on(into):
        return into
    return name if name.partition(":")[0] in BANDS else ""


def ladder(p: float) -> float:
    """Move a probability to the nearest of ten steps a decade, so that only a real change is sent."""
    if p < LADDER_FLOOR:
        return 0.0
    decade, step = divmod(floor(10 * log10(min(p, 1.0)) + 0.5), 10)
    return float(f"{LADDER[step]}e{decade}")


def two_digits(amount: float) -> int:
    """Round an amount to two significant digits, unit unchanged."""
    return round(float(f"{amount:.1e}"))


def shop_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of a moment as the shop sees it."""
    return moment.astimezone(zone).date()


def may_tell(verdict: Verdict) -> bool:
    """
    Whether a change of stage may start a flow: a live cause, not held out, consent on some channel.

    A stage that is older than the news was reached before: whoever has not heard of it is
    being filled in. Only a refund can take a customer back to an old one.
    """
    stage = verdict.segments.get("life")
    return (
        verdict.cause in MAY_START_FLOWS
        and not verdict.held_out
        and "subscribed" in verdict.consents.values()
        and stage is not None
        and (verdict.cause is Cause.REFUND or _is_news(stage, verdict.scored_at))
    )


def _is_news(stage: Segment, now: datetime | None) -> bool:
    return now is None or now - stage.since <= NEWS


def stage_event_id(shop: str, customer: str, stage: Segment) -> str:
    """Identify a change of stage by what and when, so that telling it again is the same event."""
    return f"{shop}:{customer}:stage:{stage.value}:{stage.since:%Y%m%dT%H%M%SZ}"


def fingerprint(verdict: Verdict, catalogue: Catalogue) -> str:
    """
    Hash what destinations show of a verdict, in its published steps.

    What only rides along (model, moment of scoring, consent) does not enter.
    """
    shown = [*published_segments(verdict, catalogue), f"absorbed {verdict.absorbed}"]
    if not verdict.held_out:
        stage = verdict.segments.get("life")
        shown += [str(stage and (stage.value, stage.since.isoformat(), stage.previous))]
        shown += [verdict.quality, *verdict.reasons, *map(str, _steps(verdict.scores))]
    return sha256("\n".join(shown).encode()).hexdigest()[:16]


def _steps(scores: Scores | None) -> Iterator[object]:
    if not scores:
        return
    for chance in (*map(scores.p_order.get, PUBLISHED_HORIZONS), scores.p_window):
        yield chance and tuple(map(ladder, (chance.value, chance.lo, chance.hi)))
    worth = scores.clv_gp2_365
    yield worth and tuple(map(two_digits, (worth.value, worth.lo, worth.hi)))
    yield two_digits(scores.gp2_to_date)
    yield from (scores.next_order_p20, scores.next_order_p50, scores.next_order_p80)
    yield from (scores.window_opens, scores.window_closes)


def segment_name(family: str, segment: Segment) -> str:
    """
    Name a segment as the catalogue does: `life:new`, `hold`.

    A key that is a whole name (`replenish:coffee`) keeps it, whatever its value says beside.
    """
    return f"{family}:{segment.value}" if segment.value and ":" not in family else family

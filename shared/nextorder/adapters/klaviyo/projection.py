"""A verdict in Klaviyo's words: profile properties, and the events that flows start from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nextorder.adapters.amounts import shown_amount
from nextorder.domain.catalogue import TIERS, Catalogue
from nextorder.domain.changes import Change, Desired, Event, EventKind, Value
from nextorder.domain.events import events_of, subjects_of
from nextorder.domain.published import ladder, published_segments, shop_day, shown_stage
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate

PREFIX: Final = "nextorder_"
"""What everyone's properties are called among us; `named` gives them the shop's own on their way out."""
BRAND: Final = "Nextorder"
METRICS: Final = {
    EventKind.HUMAN_TOUCH: "Nextorder Human Touch",
    EventKind.CART_PRIORITY: "Nextorder Cart Priority",
    EventKind.HOT_NOW: "Nextorder Hot Now",
    EventKind.DUE: "Nextorder Due To Replenish",
    EventKind.LATE: "Nextorder Late To Replenish",
    EventKind.WINDOW_CLOSING: "Nextorder Window Closing",
    EventKind.WINDOW_OPENED: "Nextorder Window Opened",
    EventKind.STAGE_CHANGED: "Nextorder Stage Changed",
    EventKind.TIER_CHANGED: "Nextorder Value Tier Changed",
}
CHANCES: Final = {"p_5d": "5", "p_30d": "30", "p_90d": "90"}
RIDERS: Final = frozenset({PREFIX + "model", PREFIX + "scored_at"})

_RANGED = (*CHANCES, "p_window", "clv_gp2_365")
NAMES: Final = (
    *(name + end for name in _RANGED for end in ("", "_lo", "_hi")),
    *("next_order_date", "next_order_from", "next_order_until", "window_opens", "window_closes"),
    *("gp2_to_date", "value_tier", "stage", "stage_prev", "stage_since", "segments"),
    *("affinity_1", "affinity_2", "incentive", "reason_1", "reason_2", "reason_3"),
    *("holdout", "quality", "model", "scored_at"),
)
"""All properties, without their prefix."""

Pairs = Iterator[tuple[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as Klaviyo's API takes it."""

    metric: str
    unique_id: str
    at: datetime
    properties: Mapping[str, Value]


def project(shop: Shop, verdict: Verdict | None, catalogue: Catalogue) -> Desired:
    """Say what a profile should show; of a held-out customer nothing but that."""
    if verdict is None:
        return Desired()
    if verdict.held_out:
        return Desired(attributes={PREFIX + "holdout": True})
    return Desired(
        attributes={PREFIX + name: value for name, value in _properties(shop, verdict, catalogue)},
        subjects=subjects_of(verdict, catalogue, shop.numbers),
        events=events_of(verdict, catalogue, shop.numbers, shop.in_force_since),
    )


def everything() -> Desired:
    """Return all properties that could ever be ours."""
    return Desired(attributes=dict.fromkeys((PREFIX + name for name in NAMES), ""))


def named(shop: Shop, change: Change) -> Change:
    """Give a change the shop's own names: two shops of one account may know the same person."""
    if (prefix := f"{shop.klaviyo_prefix}_") == PREFIX:
        return change
    own = {prefix + name.removeprefix(PREFIX): value for name, value in change.set.items()}
    return replace(change, set=own, unset=tuple(prefix + name.removeprefix(PREFIX) for name in change.unset))


def metric_of(shop: Shop, kind: EventKind) -> str:
    """Name an event's metric: "Nextorder Hot Now", or by the shop's own prefix."""
    own = shop.klaviyo_prefix.replace("_", " ").title()
    return METRICS[kind].replace(BRAND, own, 1)


def told(shop: Shop, customer: str, event: Event) -> Told:
    """Put an event in Klaviyo's words, without a `value`."""
    # NOTE: Klaviyo adds an event's `value` to its revenue reports; a forecast is none.
    return Told(
        metric=metric_of(shop, event.kind),
        unique_id=f"{shop.id}:{customer}:{event.id}",
        at=event.at,
        properties={
            name: _date(shop, value) if isinstance(value, datetime) else value
            for name, value in event.properties.items()
        },
    )


def _properties(shop: Shop, verdict: Verdict, catalogue: Catalogue) -> Pairs:
    yield "quality", verdict.quality.value
    for number, reason in enumerate(verdict.reasons[:3], 1):
        yield f"reason_{number}", reason
    if stage := verdict.segments.get("life"):
        yield from _stage(shop, stage)
    yield from _segments(published_segments(verdict, catalogue, shop.numbers.shown_as))
    for number, category in enumerate(verdict.affinities[:2], 1):
        yield f"affinity_{number}", category
    if verdict.incentive:
        yield "incentive", verdict.incentive
    if verdict.scores:
        yield from _scores(shop, verdict.scores)
    if verdict.model:
        yield "model", verdict.model
    if verdict.scored_at:
        yield "scored_at", f"{verdict.scored_at:%Y-%m-%dT%H:%M:%SZ}"


def _segments(shown: tuple[str, ...]) -> Pairs:
    """Name what is shown as tags elsewhere: Klaviyo builds segments on properties alone."""
    if shown:
        yield "segments", shown
    for tier in TIERS:
        if f"value:{tier}" in shown:
            yield "value_tier", tier


def _stage(shop: Shop, stage: Segment) -> Pairs:
    yield "stage", shown_stage(stage.value, shop.numbers.shown_as)
    yield "stage_since", _date(shop, stage.since)
    if stage.previous:
        yield "stage_prev", shown_stage(stage.previous, shop.numbers.shown_as)


def _scores(shop: Shop, scores: Scores) -> Pairs:
    for name, days in CHANCES.items():
        yield from _range(name, scores.p_order.get(days))
    yield from _range("p_window", scores.p_window)
    yield from _dates(shop, scores)
    if scores.gp2_to_date is not None:
        yield "gp2_to_date", shown_amount(scores.gp2_to_date, shop.currency)
    if worth := scores.clv_gp2_365:
        for end, amount in (("", worth.value), ("_lo", worth.lo), ("_hi", worth.hi)):
            yield f"clv_gp2_365{end}", shown_amount(amount, shop.currency)


def _range(name: str, chance: Estimate | None) -> Pairs:
    if chance:
        for end, p in (("", chance.value), ("_lo", chance.lo), ("_hi", chance.hi)):
            yield name + end, ladder(p)


def _dates(shop: Shop, scores: Scores) -> Pairs:
    moments = {
        "next_order_from": scores.next_order_p20,
        "next_order_date": scores.next_order_p50,
        "next_order_until": scores.next_order_p80,
        "window_opens": scores.window_opens,
        "window_closes": scores.window_closes,
    }
    for name, moment in moments.items():
        if moment:
            yield name, _date(shop, moment)


def _date(shop: Shop, moment: datetime) -> str:
    # NOTE: a bare date is midnight UTC to Klaviyo, and its flow starts a day early or late.
    # https://developers.klaviyo.com/en/docs/acceptable_date_and_timestamp_formats_for_profile_and_event_properties
    return f"{shop_day(moment, shop.zone)}T12:00:00"

"""A verdict in Klaviyo's words: profile properties, and the event of a change of stage."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from nextorder.adapters.amounts import shown_amount
from nextorder.domain.catalogue import TIERS, Catalogue
from nextorder.domain.changes import Desired, Event, Value
from nextorder.domain.published import ladder, may_tell, published_segments, shop_day, stage_event_id
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate

PREFIX: Final = "nextorder_"
STAGE_CHANGED: Final = "Nextorder Stage Changed"
CHANCES: Final = {"p_5d": "5", "p_30d": "30", "p_90d": "90"}
RIDERS: Final = frozenset({PREFIX + "model", PREFIX + "scored_at"})

_RANGED = (*CHANCES, "p_window", "clv_gp2_365")
NAMES: Final = (
    *(name + end for name in _RANGED for end in ("", "_lo", "_hi")),
    *("next_order_date", "next_order_from", "next_order_until", "window_opens", "window_closes"),
    *("gp2_to_date", "value_tier", "stage", "stage_prev", "stage_since"),
    *("reason_1", "reason_2", "reason_3", "holdout", "quality", "model", "scored_at"),
)
"""All properties, without their prefix."""

Pairs = Iterator[tuple[str, Value]]


def project(shop: Shop, customer: str, verdict: Verdict | None, catalogue: Catalogue) -> Desired:
    """Say what a profile should show; of a held-out customer nothing but that."""
    if verdict is None:
        return Desired()
    if verdict.held_out:
        return Desired(attributes={PREFIX + "holdout": True})

    stage = verdict.segments.get("life")
    return Desired(
        attributes={PREFIX + name: value for name, value in _properties(shop, verdict, catalogue)},
        stage=stage.value if stage else "",
        events=(stage_changed(shop, customer, verdict, stage),) if stage and may_tell(verdict) else (),
    )


def everything() -> Desired:
    """Return all properties that could ever be ours."""
    return Desired(attributes=dict.fromkeys((PREFIX + name for name in NAMES), ""))


def stage_changed(shop: Shop, customer: str, verdict: Verdict, stage: Segment) -> Event:
    """Tell a change of stage with all that a flow's filter needs, and without a `value`."""
    # NOTE: Klaviyo adds an event's `value` to its revenue reports; a forecast is none.
    return Event(
        name=STAGE_CHANGED,
        unique_id=stage_event_id(shop.id, customer, stage),
        at=stage.since,
        properties={
            "from": stage.previous,
            "to": stage.value,
            "stage": stage.value,
            "reason": stage.reason,
            "cause": verdict.cause.value,
            "holdout": False,
            **{f"consent_{channel}": word for channel, word in verdict.consents.items()},
            **_chance_of_stage(verdict.scores),
        },
    )


def _chance_of_stage(scores: Scores | None) -> Mapping[str, Value]:
    """Of the second order within the window for one-order customers, else of an order in 30 days."""
    chance = scores and (scores.p_window or scores.p_order.get("30"))
    if not chance:
        return {}
    return {"p": ladder(chance.value), "lo": ladder(chance.lo), "hi": ladder(chance.hi)}


def _properties(shop: Shop, verdict: Verdict, catalogue: Catalogue) -> Pairs:
    yield "quality", verdict.quality.value
    for number, reason in enumerate(verdict.reasons[:3], 1):
        yield f"reason_{number}", reason
    if stage := verdict.segments.get("life"):
        yield from _stage(shop, stage)
    for tier in TIERS:
        if f"value:{tier}" in published_segments(verdict, catalogue):
            yield "value_tier", tier
    if verdict.scores:
        yield from _scores(shop, verdict.scores)
    if verdict.model:
        yield "model", verdict.model
    if verdict.scored_at:
        yield "scored_at", f"{verdict.scored_at:%Y-%m-%dT%H:%M:%SZ}"


def _stage(shop: Shop, stage: Segment) -> Pairs:
    yield "stage", stage.value
    yield "stage_since", _date(shop, stage.since)
    if stage.previous:
        yield "stage_prev", stage.previous


def _scores(shop: Shop, scores: Scores) -> Pairs:
    for name, days in CHANCES.items():
        yield from _range(name, scores.p_order.get(days))
    yield from _range("p_window", scores.p_window)
    yield from _dates(shop, scores)
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

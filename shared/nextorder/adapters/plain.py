"""A verdict in plain words, which each destination renames in its own folder."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from nextorder.adapters.amounts import shown_amount
from nextorder.domain.capabilities import Needs
from nextorder.domain.catalogue import TIERS, Catalogue
from nextorder.domain.changes import Desired, Value
from nextorder.domain.events import SUBSCRIBED, events_of, subjects_of
from nextorder.domain.published import ladder, published_segments, shop_day, shown_stage
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate

RIDERS: Final = frozenset({"model", "scored_at"})
CHANCES: Final = {"p_5d": "5", "p_30d": "30", "p_90d": "90"}
_RANGED: Final = (*CHANCES, "p_window", "clv_gp2_365")
DATES: Final = ("next_order_date", "next_order_from", "next_order_until", "window_opens", "window_closes")
NUMBERS: Final = (*(name + end for name in _RANGED for end in ("", "_lo", "_hi")), "gp2_to_date")
NAMES: Final = (
    *NUMBERS,
    *DATES,
    *("value_tier", "stage", "stage_prev", "stage_since", "segments"),
    *("affinity_1", "affinity_2", "incentive", "reason_1", "reason_2", "reason_3"),
    *("holdout", "quality", "model", "scored_at"),
)
"""All attributes. Of `DATES` and `stage_since` the text is a date, of `scored_at` a moment."""

_CHANNELS: Final = {Needs.EMAIL: "email", Needs.SMS: "sms", Needs.ADS: "email"}
Pairs = Iterator[tuple[str, Value]]
DateText = Callable[[Shop, datetime], str]


def iso_day(shop: Shop, moment: datetime) -> str:
    """Write the shop's own calendar day: 2026-05-02."""
    return shop_day(moment, shop.zone).isoformat()


def project(
    shop: Shop,
    verdict: Verdict | None,
    catalogue: Catalogue,
    *,
    needs: Needs = Needs.NOTHING,
    date: DateText = iso_day,
) -> Desired:
    """
    Say what a destination should show: attributes by plain name, published segments as audiences.

    Of a held-out customer nothing but that; nothing at all of who has not given the consent that
    the destination needs.
    """
    if verdict is None or not may_show(verdict, needs):
        return Desired()
    names = frozenset(published_segments(verdict, catalogue, shop.numbers.shown_as))
    if verdict.held_out:
        return Desired(attributes={"holdout": True}, audiences=names)
    return Desired(
        attributes=dict(properties(shop, verdict, catalogue, date=date)),
        audiences=names,
        subjects=subjects_of(verdict, catalogue, shop.numbers),
        events=events_of(verdict, catalogue, shop.numbers, shop.in_force_since),
    )


def may_show(verdict: Verdict, needs: Needs) -> bool:
    """Whether the customer has given the consent that is needed."""
    return needs is Needs.NOTHING or verdict.consents.get(_CHANNELS[needs]) == SUBSCRIBED


def everything(catalogue: Catalogue) -> Desired:
    """Return all that could ever be shown, but for segments of families whose values are open."""
    return Desired(attributes=dict.fromkeys(NAMES, ""), audiences=frozenset(catalogue.entries))


def renamed(
    desired: Desired,
    *,
    attribute: Callable[[str], str] = str,
    audience: Callable[[str], str] = str,
) -> Desired:
    """Give it a destination's own names; whatever is called by an empty one is left out."""
    return replace(
        desired,
        attributes={new: value for name, value in desired.attributes.items() if (new := attribute(name))},
        audiences=frozenset(filter(None, map(audience, desired.audiences))),
    )


def each_apart(desired: Desired, prefix: str = "") -> Desired:
    """Tell memberships each by itself: neither as a list among the attributes nor as a whole family."""
    return renamed(
        desired,
        attribute=lambda name: "" if name == "segments" else name,
        audience=lambda name: "" if "*" in name else prefix + name,
    )


def properties(shop: Shop, verdict: Verdict, catalogue: Catalogue, *, date: DateText = iso_day) -> Pairs:
    """Yield the attributes of a customer who is not held out; dates as `date` writes them."""
    yield "quality", verdict.quality.value
    for number, reason in enumerate(verdict.reasons[:3], 1):
        yield f"reason_{number}", reason
    if stage := verdict.segments.get("life"):
        yield from _stage(shop, stage, date)
    yield from _segments(published_segments(verdict, catalogue, shop.numbers.shown_as))
    for number, category in enumerate(verdict.affinities[:2], 1):
        yield f"affinity_{number}", category
    if verdict.incentive:
        yield "incentive", verdict.incentive
    if verdict.scores:
        yield from _scores(shop, verdict.scores, date)
    if verdict.model:
        yield "model", verdict.model
    if verdict.scored_at:
        yield "scored_at", f"{verdict.scored_at:%Y-%m-%dT%H:%M:%SZ}"


def told(
    shop: Shop, properties: Mapping[str, Value | datetime], date: DateText = iso_day
) -> dict[str, Value]:
    """Return an event's properties, its moments written as `date` does."""
    return {
        name: date(shop, value) if isinstance(value, datetime) else value
        for name, value in properties.items()
    }


def _segments(shown: tuple[str, ...]) -> Pairs:
    """Name what is shown as tags elsewhere: some destinations build segments on attributes alone."""
    if shown:
        yield "segments", shown
    for tier in TIERS:
        if f"value:{tier}" in shown:
            yield "value_tier", tier


def _stage(shop: Shop, stage: Segment, date: DateText) -> Pairs:
    yield "stage", shown_stage(stage.value, shop.numbers.shown_as)
    yield "stage_since", date(shop, stage.since)
    if stage.previous:
        yield "stage_prev", shown_stage(stage.previous, shop.numbers.shown_as)


def _scores(shop: Shop, scores: Scores, date: DateText) -> Pairs:
    for name, days in CHANCES.items():
        yield from _range(name, scores.p_order.get(days))
    yield from _range("p_window", scores.p_window)
    moments = (
        scores.next_order_p50,
        scores.next_order_p20,
        scores.next_order_p80,
        scores.window_opens,
        scores.window_closes,
    )
    for name, moment in zip(DATES, moments, strict=True):
        if moment:
            yield name, date(shop, moment)
    if scores.gp2_to_date is not None:
        yield "gp2_to_date", shown_amount(scores.gp2_to_date, shop.currency)
    if worth := scores.clv_gp2_365:
        for end, amount in (("", worth.value), ("_lo", worth.lo), ("_hi", worth.hi)):
            yield f"clv_gp2_365{end}", shown_amount(amount, shop.currency)


def _range(name: str, chance: Estimate | None) -> Pairs:
    if chance:
        for end, p in (("", chance.value), ("_lo", chance.lo), ("_hi", chance.hi)):
            yield name + end, ladder(p)

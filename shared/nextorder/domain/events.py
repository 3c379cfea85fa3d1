"""The events of a verdict that a flow may start from, in no destination's words."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from nextorder.domain.catalogue import TIERS, Catalogue
from nextorder.domain.changes import Event, EventKind, Value
from nextorder.domain.published import NEWS, ladder, segment_name, shown_name, shown_stage
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Segment, Verdict
from nextorder.scoring.estimate import Estimate

SUBSCRIBED: Final = "subscribed"
IN_DANGER: Final = ("cooling", "at-risk")
TOUCH: Final = "touch"
_STEPS: Final = {
    ("new", "second-window"): EventKind.WINDOW_OPENED,
    ("second-window", "closing"): EventKind.WINDOW_CLOSING,
}
"""Steps of life that have an event of their own; it is told instead of the change of stage."""
_REPLENISH: Final = {"due": EventKind.DUE, "late": EventKind.LATE}

Told = Mapping[str, Value | datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A segment that came to stand and that a flow may start from, with what is told of it alone."""

    kind: EventKind
    subject: str
    segment: Segment
    properties: Told = field(default_factory=dict)


def subjects_of(verdict: Verdict, catalogue: Catalogue, numbers: Numbers) -> frozenset[str]:
    """Name the subjects of all events that a verdict has, whether they may be told or not."""
    return frozenset(occasion.subject for occasion in _occasions(verdict, catalogue, numbers))


def events_of(
    verdict: Verdict, catalogue: Catalogue, numbers: Numbers, in_force_since: datetime | None = None
) -> tuple[Event, ...]:
    """
    Return what may be told of a verdict; which of it is news depends on what was told before.

    What new numbers moved is never told, whatever happened to the customer since; nor what stood
    when they were frozen, or when other terms came in force: it may be these alone that show it, to
    whomever a fact brings here before a pass.
    """
    if not may_tell(verdict):
        return ()
    moved = _moved(verdict)
    own = (one for one in _occasions(verdict, catalogue, numbers) if one.segment.since not in moved)
    told = {**_situation(verdict, numbers.shown_as), **_consents(verdict)}
    settled_at = max(filter(None, (numbers.fitted_at, in_force_since)), default=None)
    return tuple(_event(one, verdict, told) for one in own if _is_fresh(one, verdict, settled_at))


def of_late(
    verdict: Verdict, numbers: Numbers, in_force_since: datetime | None, *, after: datetime
) -> Verdict:
    """
    Return a verdict with those segments alone that came to stand `after` a moment.

    As of events, neither what new numbers moved nor what stood when they were frozen, but for an
    order's stage.
    """
    settled_at = max(filter(None, (numbers.fitted_at, in_force_since)), default=after)
    begins = {"life": after} if verdict.cause is Cause.ORDER else {}
    moved = _moved(verdict)
    late = {
        key: segment
        for key, segment in verdict.segments.items()
        if segment.since > begins.get(key, max(after, settled_at)) and segment.since not in moved
    }
    return replace(verdict, segments=late)


def may_tell(verdict: Verdict) -> bool:
    """Whether anything may start a flow: a live cause, not held out, consent on some channel."""
    return (
        verdict.cause in MAY_START_FLOWS and not verdict.held_out and SUBSCRIBED in verdict.consents.values()
    )


def _moved(verdict: Verdict) -> Collection[datetime]:
    """Return the moments at which new numbers moved a segment."""
    return {at for moments in verdict.memory.moved.values() for at in moments} if verdict.memory else ()


def _is_fresh(occasion: Occasion, verdict: Verdict, settled_at: datetime | None) -> bool:
    """
    Whether it came to stand lately; whoever has not heard of what is older is being filled in.

    Only a refund can take a customer back to an old stage, and that is news. An order's webhook may
    come after a fit that the order was before: its stage is the order's, whatever the numbers are.
    """
    if occasion.kind is EventKind.STAGE_CHANGED and verdict.cause in {Cause.ORDER, Cause.REFUND}:
        return _is_news(occasion, verdict) or verdict.cause is Cause.REFUND
    stood_before = settled_at is not None and occasion.segment.since < settled_at
    return _is_news(occasion, verdict) and not stood_before


def _is_news(occasion: Occasion, verdict: Verdict) -> bool:
    since = occasion.segment.since
    return (verdict.scored_at or since) - since <= NEWS


def _event(occasion: Occasion, verdict: Verdict, told: Told) -> Event:
    segment = occasion.segment
    brought_back = None if _is_news(occasion, verdict) else verdict.scored_at
    return Event(
        kind=occasion.kind,
        subject=occasion.subject,
        since=segment.since,
        at=brought_back or segment.since,
        until=segment.until,
        properties={**told, "reason": segment.reason, **occasion.properties},
    )


def _situation(verdict: Verdict, shown_as: Mapping[str, str]) -> Told:
    """Tell what a flow filters by, whatever it starts from."""
    life = verdict.segments.get("life")
    return {
        "stage": shown_stage(life.value, shown_as) if life else "",
        "cause": verdict.cause.value,
        "holdout": False,
        "care": "care" in verdict.segments,
        **({"incentive": verdict.incentive} if verdict.incentive else {}),
    }


def _consents(verdict: Verdict) -> Told:
    return {f"consent_{channel}": word for channel, word in verdict.consents.items()}


def _occasions(verdict: Verdict, catalogue: Catalogue, numbers: Numbers) -> Iterator[Occasion]:
    """Name all that stands. A stage is told even where its tag is off, a segment only where it is shown."""
    if verdict.held_out:
        return
    for key, segment in verdict.segments.items():
        name = segment_name(key, segment)
        shown = shown_name(name, catalogue, numbers.shown_as)
        match key.partition(":")[0]:
            case "life":
                yield from _stage(segment, verdict, numbers.shown_as)
            case "risk":
                yield from _touch(segment, verdict, numbers)
            case "value":
                yield from _tier(segment, shown, catalogue, numbers.shown_as)
            case "cart" if shown:
                yield _cart(segment, verdict)
            case "buy" if shown == "buy:now":
                yield _hot_now(segment, verdict)
            case "replenish" if shown:
                yield from _replenish(key, segment)


def _stage(life: Segment, verdict: Verdict, shown_as: Mapping[str, str]) -> Iterator[Occasion]:
    """A stage that is shown as another has no event where nothing is seen to change."""
    came_from, to = (shown_stage(value, shown_as) for value in (life.previous, life.value))
    step = _STEPS.get((life.previous, life.value)) if to == life.value else None
    if not step and came_from == to:
        return
    yield Occasion(
        kind=step or EventKind.STAGE_CHANGED,
        subject=f"stage:{life.value}",
        segment=life,
        properties={"from": came_from, "to": to, **_chance("p", _of_stage(verdict))},
    )


def _touch(risk: Segment, verdict: Verdict, numbers: Numbers) -> Iterator[Occasion]:
    """Ask for a person: somebody who brought much is drifting away."""
    brought = (verdict.scores.gp2_to_date if verdict.scores else 0) or 0
    if risk.value in IN_DANGER and brought >= numbers.profit_rank > 0:
        yield Occasion(
            kind=EventKind.HUMAN_TOUCH, subject=TOUCH, segment=risk, properties={"risk": risk.value}
        )


def _tier(
    value: Segment, shown: str, catalogue: Catalogue, shown_as: Mapping[str, str]
) -> Iterator[Occasion]:
    """A tier is told; that somebody costs money is for the merchant alone."""
    came_from = shown_name(f"value:{value.previous}", catalogue, shown_as).removeprefix("value:")
    to = shown.removeprefix("value:")
    if to in TIERS and to != came_from:
        yield Occasion(
            kind=EventKind.TIER_CHANGED,
            subject=f"value:{value.value}",
            segment=value,
            properties={"from": came_from if came_from in TIERS else "", "to": to},
        )


def _cart(cart: Segment, verdict: Verdict) -> Occasion:
    """No link to the checkout: we do not keep it."""
    unaided = verdict.scores.p_unaided if verdict.scores else None
    return Occasion(
        kind=EventKind.CART_PRIORITY,
        subject=f"cart:{cart.value}",
        segment=cart,
        properties={"priority": cart.value, **({} if unaided is None else {"p_unaided": ladder(unaided)})},
    )


def _hot_now(buy: Segment, verdict: Verdict) -> Occasion:
    """The one place where a destination is told the chance within 12 hours: it is wrong by the morning."""
    chance = verdict.scores.p_order.get("0.5") if verdict.scores else None
    return Occasion(
        kind=EventKind.HOT_NOW, subject="buy:now", segment=buy, properties=_chance("p_12h", chance)
    )


def _replenish(key: str, segment: Segment) -> Iterator[Occasion]:
    if kind := _REPLENISH.get(segment.value):
        until = {"due_until": segment.until} if segment.until else {}
        yield Occasion(
            kind=kind,
            subject=f"{key}:{segment.value}",
            segment=segment,
            properties={"category": key.partition(":")[2], "due_from": segment.since, **until},
        )


def _of_stage(verdict: Verdict) -> Estimate | None:
    """
    Return the chance of the second order while its window is open, else of an order within 30 days.

    One that is withheld is not told, and no other stands in for it under the same name.
    """
    scores, at = verdict.scores, verdict.scored_at
    if scores is None:
        return None
    is_open = scores.window_closes and at and at < scores.window_closes
    return scores.p_window or (None if is_open else scores.p_order.get("30"))


def _chance(name: str, chance: Estimate | None) -> Told:
    if not chance:
        return {}
    return {name: ladder(chance.value), "lo": ladder(chance.lo), "hi": ladder(chance.hi)}

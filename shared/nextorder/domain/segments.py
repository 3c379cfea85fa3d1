"""Place a customer in every family: a pure function of facts, the shop's numbers and the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import OWN
from nextorder.domain.features import Features
from nextorder.domain.memory import kept, told
from nextorder.domain.placing import Family, Placing, Standing, Told
from nextorder.domain.recall import remembered
from nextorder.domain.segments_buy import buy
from nextorder.domain.segments_cart import cart
from nextorder.domain.segments_course import FARTHEST, value_before, whole_second
from nextorder.domain.segments_families import life_courses, life_of, risk_courses, value_courses
from nextorder.domain.segments_habits import promo, returns
from nextorder.domain.segments_love import love
from nextorder.domain.segments_overstock import overstock
from nextorder.domain.segments_own import own_segments
from nextorder.domain.segments_replenish import replenish
from nextorder.domain.segments_service import care, reach
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Memory, Segment

SUBSCRIBER = "subscriber"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """All families of one customer, and the next moment at which one changes by time alone."""

    segments: Mapping[str, Segment]
    due_at: datetime | None = None
    memory: Memory | None = None
    """What new numbers did, where there is a standing to respect."""
    is_fresh: bool = True
    """Whether the facts alone would place the customer just so."""


def place(placing: Placing) -> Placement:
    """
    Place a customer as if all facts had come in the order of their own times.

    At a fact the ways in decide; between facts each family only goes down, champion and
    value at their harder ways out. Numbers that changed since the last fact go on from where
    the customer stood. Reasons and the hold mark are not given here.
    """
    fresh = _placed(_answers(replace(placing, standing=None)), placing)
    standing = placing.standing
    if standing is None:
        return fresh
    kept = _placed(_respecting(placing, standing), placing)
    memory = remembered(placing, standing)
    is_fresh = kept == fresh and not (memory.moved or memory.lifted or standing.left)
    return replace(kept, memory=memory, is_fresh=is_fresh)


def _placed(told: Mapping[str, Told], placing: Placing) -> Placement:
    ends = [end for _, end in told.values() if end and end - placing.features.as_of <= FARTHEST]
    return Placement(
        segments={family: segment for family, (segment, _) in told.items() if segment},
        due_at=min(ends, default=None),
    )


def _answers(placing: Placing) -> Mapping[str, Told]:
    told = {key: answer for family in FAMILIES for key, answer in family(placing).items()}
    return {**told, **own_segments(placing, told)}


def _respecting(placing: Placing, standing: Standing) -> Mapping[str, Told]:
    """Tell all families on from where the customer stood, then the merchant's own by their answers."""
    ours = {key: one for key, one in standing.segments.items() if key.partition(":")[0] != OWN}
    own = {key: one for key, one in standing.segments.items() if key not in ours}
    told = _families_respecting(placing, replace(standing, segments=ours))
    if not own and not placing.catalogue.own:
        return told

    @cache
    def answers(moment: datetime) -> Mapping[str, Told]:
        then = replace(placing, features=replace(placing.features, as_of=moment), moved={}, lifted=set())
        return own_segments(then, _families_respecting(then, replace(standing, segments=ours)))

    return {**told, **kept(placing, replace(standing, segments=own), answers)}


def _families_respecting(placing: Placing, standing: Standing) -> Mapping[str, Told]:
    @cache
    def answers(moment: datetime) -> Mapping[str, Told]:
        then = replace(placing, standing=None, features=replace(placing.features, as_of=moment))
        return {key: one for family in FAMILIES[1:] for key, one in family(then).items()}

    return {**_course_families(placing), **kept(placing, standing, answers)}


def _course_families(placing: Placing) -> Mapping[str, Told]:
    """Life, risk and value: ladders that a customer only comes down between facts."""
    buyer, catalogue = placing.buyer, placing.catalogue
    return {
        "life": _life(placing),
        "risk": _risk(placing),
        "value": told(placing, "value", value_courses(buyer, catalogue)) if buyer else (None, None),
    }


def _life(placing: Placing) -> Told:
    features, buyer = placing.features, placing.buyer
    before = "prospect" if buyer and was_prospect(features, buyer) else ""
    courses = life_courses(buyer, placing.catalogue) if buyer else iter(())
    since, until = features.subscription_since, features.subscription_until
    if since and until and features.as_of < whole_second(until):
        previous = value_before(courses, since, before)
        return Segment(value=SUBSCRIBER, since=since, previous=previous), whole_second(until)
    answer = (
        told(_free_of_contract(placing), "life", courses, before)
        if buyer
        else (without_order_days(features, placing.shop), None)
    )
    return _from(whole_second(until), answer, SUBSCRIBER) if until else answer


def _risk(placing: Placing) -> Told:
    """A subscriber has no risk: the contract orders, not the customer."""
    buyer, until = placing.buyer, placing.features.subscription_until
    if buyer is None or (until and placing.features.as_of < whole_second(until)):
        return None, None
    answer = told(_free_of_contract(placing), "risk", risk_courses(buyer, placing.catalogue))
    return _from(whole_second(until), answer, "") if until else answer


def _free_of_contract(placing: Placing) -> Placing:
    """Place afresh who stood under a contract that has ended since."""
    life = placing.standing and placing.standing.segments.get("life")
    return replace(placing, standing=None) if life and life.value == SUBSCRIBER else placing


def _from(moment: datetime, told: Told, previous: str) -> Told:
    """Let a segment begin no earlier than a moment, at which another value ended."""
    segment, ends = told
    if segment and segment.since < moment:
        segment = replace(segment, since=moment, previous=previous)
    return segment, ends


def without_order_days(features: Features, shop: Shop) -> Segment | None:
    """A prospect, where consent is known; or a customer whose orders only Shopify knows."""
    if features.missing_orders > 1 and features.known_since:
        return Segment(value=life_of(features.missing_orders, shop), since=features.known_since)
    known_at = features.signed_up_at or features.consent_known_at
    if features.consents and known_at and not features.missing_orders and not features.subscription_until:
        return Segment(value="prospect", since=known_at)
    return None


def was_prospect(features: Features, buyer: Buyer) -> bool:
    """Whether consent was known before the first of all orders."""
    known_at = features.consent_known_at
    return known_at is not None and known_at < buyer.first_at and not features.missing_orders


FAMILIES: tuple[Family, ...] = (
    *(_course_families, cart, buy),
    *(replenish, love, promo, returns, reach, care, overstock),
)
"""Every family that can be placed; each in a module of its own. A merchant's own ones come after them."""

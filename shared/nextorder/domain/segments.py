"""Place a customer in every family: a pure function of facts, the shop's numbers and the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.placing import Family, Placing, Told
from nextorder.domain.segments_buy import buy
from nextorder.domain.segments_cart import cart
from nextorder.domain.segments_course import FARTHEST, tell, value_before, whole_second
from nextorder.domain.segments_families import life_courses, life_of, risk_courses, value_courses
from nextorder.domain.segments_habits import promo, returns
from nextorder.domain.segments_love import love
from nextorder.domain.segments_overstock import overstock
from nextorder.domain.segments_own import own_segments
from nextorder.domain.segments_replenish import replenish
from nextorder.domain.segments_service import care, reach
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment

SUBSCRIBER = "subscriber"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """All families of one customer, and the next moment at which one changes by time alone."""

    segments: Mapping[str, Segment]
    due_at: datetime | None = None


def place(placing: Placing) -> Placement:
    """
    Place a customer afresh, as if all facts had come in the order of their own times.

    At a fact the ways in decide; between facts each family only goes down, champion and
    value at their harder ways out. Reasons and the hold mark are not given here.
    """
    told = {key: answer for family in FAMILIES for key, answer in family(placing).items()}
    told |= own_segments(placing, told)
    ends = [end for _, end in told.values() if end and end - placing.features.as_of <= FARTHEST]
    return Placement(
        segments={family: segment for family, (segment, _) in told.items() if segment},
        due_at=min(ends, default=None),
    )


def _course_families(placing: Placing) -> Mapping[str, Told]:
    """Life, risk and value: ladders that a customer only comes down between facts."""
    features, buyer, catalogue = placing.features, placing.buyer, placing.catalogue
    return {
        "life": _life(features, placing.shop, buyer, catalogue),
        "risk": _risk(features, buyer, catalogue),
        "value": tell(value_courses(buyer, catalogue), features.as_of, "") if buyer else (None, None),
    }


def _life(features: Features, shop: Shop, buyer: Buyer | None, catalogue: Catalogue) -> Told:
    before = "prospect" if buyer and _was_prospect(features, buyer) else ""
    told = (
        tell(life_courses(buyer, catalogue), features.as_of, before)
        if buyer
        else (_without_order_days(features, shop), None)
    )
    since, until = features.subscription_since, features.subscription_until
    if not since or not until:
        return told
    if features.as_of >= whole_second(until):
        return _from(whole_second(until), told, SUBSCRIBER)
    previous = value_before(life_courses(buyer, catalogue), since, before) if buyer else ""
    return Segment(value=SUBSCRIBER, since=since, previous=previous), whole_second(until)


def _risk(features: Features, buyer: Buyer | None, catalogue: Catalogue) -> Told:
    """A subscriber has no risk: the contract orders, not the customer."""
    if not buyer:
        return None, None
    told = tell(risk_courses(buyer, catalogue), features.as_of, "")
    if not features.subscription_until:
        return told
    until = whole_second(features.subscription_until)
    return _from(until, told, "") if features.as_of >= until else (None, None)


def _from(moment: datetime, told: Told, previous: str) -> Told:
    """Let a segment begin no earlier than a moment, at which another value ended."""
    segment, ends = told
    if segment and segment.since < moment:
        segment = replace(segment, since=moment, previous=previous)
    return segment, ends


def _without_order_days(features: Features, shop: Shop) -> Segment | None:
    """A prospect, where consent is known; or a customer whose orders only Shopify knows."""
    if features.missing_orders > 1 and features.known_since:
        return Segment(value=life_of(features.missing_orders, shop), since=features.known_since)
    known_at = features.signed_up_at or features.consent_known_at
    if features.consents and known_at and not features.missing_orders and not features.subscription_until:
        return Segment(value="prospect", since=known_at)
    return None


def _was_prospect(features: Features, buyer: Buyer) -> bool:
    known_at = features.consent_known_at
    return known_at is not None and known_at < buyer.first_at and not features.missing_orders


FAMILIES: tuple[Family, ...] = (
    *(_course_families, cart, buy),
    *(replenish, love, promo, returns, reach, care, overstock),
)
"""Every family that can be placed; each in a module of its own. A merchant's own ones come after them."""

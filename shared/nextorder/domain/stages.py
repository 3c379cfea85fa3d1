"""Where a customer stood at moments that have passed: the rules of life and risk, without a whole verdict."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.own_window import with_own_window
from nextorder.domain.segments import SUBSCRIBER, was_prospect, without_order_days
from nextorder.domain.segments_course import Course, whole_second
from nextorder.domain.segments_families import FACTS_LOOKED_AT, life_courses, risk_courses
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel

Moments = Sequence[datetime]
Values = Sequence[str]
"""One a moment; empty = none."""


def stages(
    features: Features, shop: Shop, model: StoreModel, catalogue: Catalogue, moments: Moments
) -> tuple[Values, Values]:
    """
    Return life and risk at each of the falling moments, none of them after the features'.

    They are what `place` gives by the orders placed until then, as these are known now, and by
    the numbers of now; what earlier numbers did is not remembered.
    """
    nothing = [""] * len(moments)
    if features.withheld:
        return nothing, nothing
    if not features.order_days:
        return _under_contract(features, _never_ordered(features, shop, moments), moments), nothing
    buyer = Buyer(features=features, shop=with_own_window(features, shop), model=model)
    life, risk = _ordered(buyer, catalogue, moments)
    known_at = features.consent_known_at
    if known_at and was_prospect(features, buyer):
        early = [known_at <= moment < buyer.first_at for moment in moments]
        life = ["prospect" if is_early else value for value, is_early in zip(life, early, strict=True)]
    return _under_contract(features, life, moments), _under_contract(features, risk, moments, "")


def _never_ordered(features: Features, shop: Shop, moments: Moments) -> Values:
    told = without_order_days(features, shop)
    return [told.value if told and told.since <= moment else "" for moment in moments]


def _ordered(buyer: Buyer, catalogue: Catalogue, moments: Moments) -> tuple[Values, Values]:
    """Place a buyer at moments by the courses that hold then, so many at a time as courses look back."""
    life: list[str] = []
    risk: list[str] = []
    for place in range(0, len(moments), FACTS_LOOKED_AT):
        some = moments[place : place + FACTS_LOOKED_AT]
        placed = _by_latest_facts(buyer, some)
        life += _values(life_courses(placed, catalogue), some)
        risk += _values(risk_courses(placed, catalogue), some)
    return life, risk


def _by_latest_facts(buyer: Buyer, moments: Moments) -> Buyer:
    """Leave out the facts that place the customer at none of the moments: each makes a course."""
    features = buyer.features
    placed_at = sorted({*features.ordered_at, *features.refunded_at})
    latest = {placed_at[known - 1] for moment in moments if (known := bisect_right(placed_at, moment))}
    return replace(buyer, features=replace(features, ordered_at=tuple(sorted(latest)), refunded_at=()))


def _values(courses: Iterator[Course], moments: Moments) -> Iterator[str]:
    course = next(courses, None)
    for moment in moments:
        while course and course.start > moment:
            course = next(courses, None)
        yield course.at(moment) if course else ""


def _under_contract(features: Features, values: Values, moments: Moments, value: str = SUBSCRIBER) -> Values:
    """Replace what a customer is while a subscription orders for them."""
    since, until = features.subscription_since, features.subscription_until
    if not since or not until:
        return values
    end = whole_second(until)
    return [value if since <= moment < end else held for held, moment in zip(values, moments, strict=True)]

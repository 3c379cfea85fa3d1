"""overstock:<product>: whom to tell of a product that the merchant asked to move."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from nextorder.domain.affinity import latest_tastes
from nextorder.domain.buyer import Buyer
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_course import DAY, whole_second
from nextorder.domain.segments_families import is_given
from nextorder.domain.shop import Push
from nextorder.domain.verdict import Segment

LEAST_OVER_BASE: Final = 1.5
"""So many times likelier than anyone to buy the category."""
ACTIVE_KEPT: Final = 0.5


def overstock(placing: Placing) -> Mapping[str, Told]:
    """
    Place active buyers of the product's category, from the merchant's asking until a fortnight after.

    Who does not belong when it is asked may come in by an order; who is in stays to the end.
    """
    if not placing.buyer or not is_given("overstock", placing.shop.numbers):
        return {}
    told: dict[str, Told] = {}
    for push in sorted(placing.shop.pushes, key=lambda one: one.asked_at):
        answer = _told(push, placing, placing.buyer)
        if answer != (None, None):
            told.setdefault(f"overstock:{push.product}", answer)
    return told


def _told(push: Push, placing: Placing, buyer: Buyer) -> Told:
    as_of, days = placing.features.as_of, placing.catalogue.threshold("overstock:*", "days")
    until = whole_second(push.asked_at + days * DAY)
    since = _joined(push, placing, buyer) if as_of < until else None
    if since is None:
        return None, None
    if as_of < since:
        return None, since
    return Segment(value="", since=since, until=until), until


def _joined(push: Push, placing: Placing, buyer: Buyer) -> datetime | None:
    """Return when the customer was first a likely buyer, from the asking on."""
    later = (at for at in placing.features.ordered_at if at > push.asked_at)
    moments = (push.asked_at, *later)
    return next((whole_second(at) for at in moments if _is_likely(push.category, at, placing, buyer)), None)


def _is_likely(category: str, moment: datetime, placing: Placing, buyer: Buyer) -> bool:
    bought = (purchase for purchase in placing.features.purchases if purchase.at <= moment)
    tastes = latest_tastes(bought, placing.shop.numbers)
    likes = any(taste.category == category and taste.over_base >= LEAST_OVER_BASE for taste in tastes)
    return likes and _is_active(buyer, moment)


def _is_active(buyer: Buyer, moment: datetime) -> bool:
    age_days = buyer.age_days(moment)
    if len(buyer.days_by(moment)) + buyer.features.missing_orders == 1:
        return age_days <= buyer.shop.numbers.window.days
    return buyer.kept(moment)(age_days) >= ACTIVE_KEPT

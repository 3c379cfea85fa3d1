"""How a customer buys: with discounts or without, and how much of it comes back."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_course import DAY, whole_second
from nextorder.domain.segments_families import is_given
from nextorder.domain.verdict import Segment
from nextorder.scoring.beta import surely_above

PRIOR_ORDERS: Final = 5.0
"""So many orders of everyone's are added to the own before a return rate is judged."""
RETURNS: Final = "returns:high"


def promo(placing: Placing) -> Mapping[str, Told]:
    """Place by the share of discounted orders, order by order; nothing ends by time."""
    if not is_given("promo", placing.shop.numbers):
        return {}
    value, segment, discounted = "", None, 0
    for orders, purchase in enumerate(placing.features.purchases, start=1):
        discounted += purchase.discounted
        before, value = value, _promo_after(value, discounted, orders, placing)
        if value != before:
            segment = Segment(value=value, since=purchase.at, previous=before)
    return {"promo": (segment if value else None, None)}


def _promo_after(value: str, discounted: int, orders: int, placing: Placing) -> str:
    share = discounted / orders
    only, fullprice = (placing.catalogue.entries[f"promo:{one}"].thresholds for one in ("only", "fullprice"))
    if orders >= only["order_count"] and share >= only["share_out" if value == "only" else "share"]:
        return "only"
    if (
        orders >= fullprice["order_count"]
        and share <= fullprice["share_out" if value == "fullprice" else "share"]
    ):
        return "fullprice"
    return ""


def returns(placing: Placing) -> Mapping[str, Told]:
    """
    Place by the share of orders of which something came back, at each order and each return.

    In when the rate's 80 % range lies above twice the shop's; out when it no longer lies above
    1.5 times, though not before the shortest stay is over: that end comes by time.
    """
    numbers, entry = placing.shop.numbers, placing.catalogue.entries[RETURNS]
    if not is_given("returns", numbers) or not 0 < numbers.return_rate < 1:
        return {}
    entered_at = leaves_at = None
    for moment, came_back, orders in _returns(placing):
        if leaves_at and leaves_at <= moment:
            entered_at = leaves_at = None
        key = "over_store_out" if entered_at else "over_store"
        level = entry.thresholds[key] * numbers.return_rate
        is_high = surely_above(level, came_back, orders, mean=numbers.return_rate, weight=PRIOR_ORDERS)
        if entered_at and not is_high:
            leaves_at = max(moment, whole_second(entered_at + entry.flow_days * DAY))
        else:
            leaves_at = None
            entered_at = entered_at or (moment if is_high else None)
    if not entered_at or (leaves_at and leaves_at <= placing.features.as_of):
        return {}
    return {"returns": (Segment(value="high", since=entered_at, until=leaves_at), leaves_at)}


def _returns(placing: Placing) -> Iterator[tuple[datetime, int, int]]:
    """Yield each moment from the first return on, with orders by then and those that came back in part."""
    purchases = placing.features.purchases
    ordered_at = [purchase.at for purchase in purchases]
    returned_at = sorted(purchase.returned_at for purchase in purchases if purchase.returned_at)
    for moment in sorted({*ordered_at, *returned_at}):
        if returned_at and moment >= returned_at[0]:
            yield moment, bisect_right(returned_at, moment), bisect_right(ordered_at, moment)

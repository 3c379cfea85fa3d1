"""love:<category>: what a customer buys far more often than others do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from nextorder.domain.affinity import Taste, tastes
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_families import is_given
from nextorder.domain.verdict import Segment

LEAST_ORDERS: Final = 2
"""A single order is no habit."""


def love(placing: Placing) -> Mapping[str, Told]:
    """
    Place by the categories of all orders, order by order: one stays until it falls below its way out.

    At most two at once: a third waits until an order ends one of them. Nothing ends by time.
    """
    numbers = placing.shop.numbers
    if not is_given("love", numbers) or not numbers.category_shares:
        return {}
    loved = _loved(placing)
    return {f"love:{category}": (Segment(value="", since=since), None) for category, since in loved.items()}


def _loved(placing: Placing) -> Mapping[str, datetime]:
    """Return the categories that are loved after the last order, and since which order."""
    numbers = placing.shop.numbers
    at_most, way_out = (placing.catalogue.threshold("love:*", key) for key in ("at_most", "over_base_out"))
    loved: dict[str, datetime] = {}
    for purchase, found in tastes(placing.features.purchases, numbers):
        known = [taste for taste in found if taste.category in numbers.category_shares]
        entering = [t.category for t in known if t.category not in loved and _is_love(t, placing)]
        ended = {taste.category for taste in known if taste.over_base < way_out}
        loved = {category: since for category, since in loved.items() if category not in ended}
        loved |= dict.fromkeys(entering[: int(at_most) - len(loved)], purchase.at)
    return loved


def _is_love(taste: Taste, placing: Placing) -> bool:
    over_base, share = (placing.catalogue.threshold("love:*", key) for key in ("over_base", "share"))
    return taste.holding >= LEAST_ORDERS and taste.share >= share and taste.over_base > over_base

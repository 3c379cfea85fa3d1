"""love:<category>: what a customer buys far more often than others do."""

from collections.abc import Mapping
from datetime import datetime

from nextorder.domain.affinity import habits
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_families import is_given
from nextorder.domain.verdict import Segment


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
    keys = ("at_most", "over_base", "share", "over_base_out")
    at_most, way_in, share, way_out = (placing.catalogue.threshold("love:*", key) for key in keys)
    loved: dict[str, datetime] = {}
    for purchase, known in habits(placing.features.purchases, placing.shop.numbers):
        likely = [taste.category for taste in known if taste.share >= share and taste.over_base > way_in]
        entering = [category for category in likely if category not in loved]
        ended = {taste.category for taste in known if taste.over_base < way_out}
        loved = {category: since for category, since in loved.items() if category not in ended}
        loved |= dict.fromkeys(entering[: int(at_most) - len(loved)], purchase.at)
    return loved

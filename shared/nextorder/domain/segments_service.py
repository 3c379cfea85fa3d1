"""What a customer needs of the shop: care when something went wrong, another channel than e-mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.facts import Channel
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_course import DAY, whole_second
from nextorder.domain.segments_families import is_given
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment

DELAYED: Final = "care:delayed"
"""Named in the shop's withheld where orders are not marked as sent: then none is late."""
LEAST_DELAY_DAYS: Final = 10
"""A pre-order apart, nobody calls a parcel late before: two weekends and a working week."""
DELIVERY_TIMES: Final = 2
"""An order is delayed when it should have arrived twice over and has not even left."""
_REACHED: Final = frozenset({"subscribed", "unknown", "redacted"})
"""States of e-mail consent by which nobody is called unreached; of the last two nothing is known."""


def reach(placing: Placing) -> Mapping[str, Told]:
    """Place buyers whose consent on e-mail is known and is not given; clicks are not looked at yet."""
    features = placing.features
    told_at, state = features.email_told_at, dict(features.consents).get(Channel.EMAIL, "unknown")
    if not is_given("reach", placing.shop.numbers) or not features.order_days or not told_at:
        return {}
    if state in _REACHED:
        return {}
    since = whole_second(max(told_at, features.order_days[0].at))
    if features.as_of < since:
        return {"reach": (None, since)}
    return {"reach": (Segment(value="unreached", since=since), None)}


def care(placing: Placing) -> Mapping[str, Told]:
    """
    Place for 30 days after a return, a refund, or the day on which an order counts as delayed.

    One that comes before the end prolongs it. A delayed order that is sent after all is none.
    Notes are no source: none are kept.
    """
    if not is_given("care", placing.shop.numbers):
        return {}
    as_of, length = placing.features.as_of, placing.catalogue.threshold("care", "days") * DAY
    since, until = next((spell for spell in _spells(placing, length) if as_of < spell[1]), (None, None))
    if since is None or as_of < since:
        return {"care": (None, since)}
    return {"care": (Segment(value="", since=since, until=until), until)}


def delay_of(shop: Shop) -> timedelta:
    """Return how long after it was placed an order that has not left is delayed."""
    return max(DELIVERY_TIMES * shop.delivery_days, LEAST_DELAY_DAYS) * DAY


def _spells(placing: Placing, length: timedelta) -> Sequence[tuple[datetime, datetime]]:
    """Return from when to when something was wrong, rising, those that meet made one."""
    features, shop = placing.features, placing.shop
    unsent_at = () if DELAYED in shop.numbers.withheld else features.unsent_at
    delayed_at = (at + delay_of(shop) for at in unsent_at)
    spells: list[tuple[datetime, datetime]] = []
    for start in sorted(map(whole_second, (*features.troubled_at, *delayed_at))):
        meets = bool(spells) and start <= spells[-1][1]
        since = spells.pop()[0] if meets else start
        spells.append((since, start + length))
    return spells

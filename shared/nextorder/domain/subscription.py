"""A subscription as its renewals show it: since when it runs, and until when it is taken to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from nextorder.domain.facts import Order, OrderKind

CONTRACT_INTERVALS: Final = 1.5
"""So many of the own intervals after a renewal a subscription is taken for ended."""
SHORTEST_INTERVAL: Final = timedelta(days=7)
USUAL_INTERVAL: Final = timedelta(days=30)


def subscription_of(orders: Sequence[Order]) -> tuple[datetime | None, datetime | None]:
    """Find when the latest unbroken run of renewals began, and until when it is taken to last."""
    live = [order for order in orders if not order.test and order.cancelled_at is None]
    renewals = [order.placed_at for order in live if order.kind is OrderKind.RENEWAL]
    if not renewals:
        return None, None
    patience = max(_interval(live, renewals), SHORTEST_INTERVAL) * CONTRACT_INTERVALS
    since = renewals[-1]
    for earlier, later in pairwise(reversed(renewals)):
        if earlier - later > patience:
            break
        since = later
    return since, renewals[-1] + patience


def _interval(live: Sequence[Order], renewals: Sequence[datetime]) -> timedelta:
    """Take the median gap of the renewals; of a single one, the gap to the order before it."""
    gaps = [later - earlier for earlier, later in pairwise(renewals)]
    before = [order.placed_at for order in live if order.placed_at < renewals[0]]
    gaps = gaps or [renewals[0] - placed_at for placed_at in before[-1:]] or [USUAL_INTERVAL]
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps))

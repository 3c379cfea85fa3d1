"""What of a customer's state is news to a destination: a flow may start from it."""

from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.caps import DAY
from nextorder.domain.changes import Accepted, Desired, Event
from nextorder.domain.events import may_tell, of_late
from nextorder.domain.published import NEWS, to_show
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, State
from nextorder.ports import Destination
from nextorder.use_cases.planned import was_shown

UNDER_WAY: Final = timedelta(hours=1)
"""What came so shortly before going a step further may still be on its way, and is told."""


def events_for(
    desired: Desired, state: State | None, held: Accepted | None, live_since: datetime | None
) -> tuple[Event, ...]:
    """To a destination that never showed the customer only an order of theirs since it is live is news."""
    if was_shown(held):
        return desired.events
    if state is None or state.verdict.cause is not Cause.ORDER:
        return ()
    if live_since is None:
        return desired.events
    return tuple(event for event in desired.events if event.at > live_since - UNDER_WAY)


def joined_anew(
    shop: Shop, state: State | None, held: Accepted | None, destination: Destination, as_of: datetime
) -> frozenset[str]:
    """
    Name the audiences that a flow may start from when they are joined: they came to stand lately.

    By a fact or by time, since the destination came as far as it is; as of events, what a pause has
    held is news for a day. It depends on no path and no try: whatever failed or overtook what
    before, flows start from the same.
    """
    if state is None or state.run or not may_tell(state.verdict):
        return frozenset()
    if not was_shown(held) and state.verdict.cause is not Cause.ORDER:
        return frozenset()
    live_since = shop.live(destination.name).since
    held_until = min(shop.resumed_at, as_of - DAY) if shop.resumed_at else None
    after = max(filter(None, (as_of - NEWS, live_since, held_until)))
    late = of_late(state.verdict, shop.numbers, shop.in_force_since, after=after)
    return destination.project(shop, to_show(late, shop)).audiences

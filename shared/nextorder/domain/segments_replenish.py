"""replenish:<category>: the time has come at which a category is usually bought again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_course import whole_second
from nextorder.domain.segments_families import is_given
from nextorder.domain.verdict import Segment

AT_MOST: Final = 2
"""Categories at once: each starts a flow of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """From the order of a category to its next: when it is due, when late, and when that ends."""

    category: str
    due_at: datetime
    late_at: datetime
    ends_at: datetime
    is_open: bool
    """Whether the next order has not come."""


def replenish(placing: Placing) -> Mapping[str, Told]:
    """
    Place by the days since each category's last order: due, then late, then out; an order ends it.

    At most two categories at once, first come, first served: what is in is never pushed out, so
    each enters and leaves once an episode. A third waits until one of them ends.
    """
    told = {
        f"replenish:{episode.category}": _told(episode, since, placing.features.as_of)
        for episode, since in _entered(placing)
        if episode.is_open
    }
    return {key: answer for key, answer in told.items() if answer != (None, None)}


def came_due(placing: Placing) -> Iterator[tuple[str, datetime]]:
    """Yield each category that came due, or will if no order comes, with the moment."""
    return ((episode.category, since) for episode, since in _entered(placing) if since < episode.late_at)


def _told(episode: Episode, since: datetime, as_of: datetime) -> Told:
    if as_of >= episode.ends_at:
        return None, None
    if as_of < since:
        return None, since
    if as_of < episode.late_at:
        return Segment(value="due", since=since, until=episode.late_at), episode.late_at
    previous = "due" if since < episode.late_at else ""
    began = max(since, episode.late_at)
    return Segment(value="late", since=began, previous=previous, until=episode.ends_at), episode.ends_at


def _entered(placing: Placing) -> Iterator[tuple[Episode, datetime]]:
    """Yield the episodes in which a category came due in one of the two places, and since when."""
    running: list[datetime] = []
    for episode in sorted(_episodes(placing), key=lambda one: (one.due_at, one.category)):
        running = sorted(end for end in running if end > episode.due_at)
        since = running[-AT_MOST] if len(running) >= AT_MOST else episode.due_at
        if since < episode.ends_at:
            yield episode, since
        running.append(episode.ends_at)


def _episodes(placing: Placing) -> Iterator[Episode]:
    """Yield one for each order of a category that was not bought again before it was due."""
    shop = placing.shop
    if not is_given("replenish", shop.numbers):
        return
    ordered_at: Mapping[str, list[datetime]] = defaultdict(list)
    for purchase in placing.features.purchases:
        for category in purchase.categories:
            ordered_at[category].append(purchase.at)
    for category, gaps in shop.numbers.gaps.items():
        days = (gaps.day_40, gaps.day_75, gaps.day_95)
        waits = [timedelta(days=max(day, shop.delivery_days)) for day in days]
        for at, again_at in pairwise([*ordered_at.get(category, ()), None]):
            if at is not None and waits[0] < waits[2]:
                due_at, late_at, out_at = (whole_second(at + wait) for wait in waits)
                ends_at = min(out_at, again_at) if again_at else out_at
                if due_at < ends_at:
                    yield Episode(
                        category=category,
                        due_at=due_at,
                        late_at=late_at,
                        ends_at=ends_at,
                        is_open=again_at is None,
                    )

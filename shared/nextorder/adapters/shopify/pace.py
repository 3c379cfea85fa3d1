"""Keeping to our share of a shop's cost bucket, learnt from what Shopify says with each reply."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nextorder.domain.errors import RetryLater

SHARE: Final = 0.5
"""Of the bucket and of what it restores: two publishers serve a destination."""


@dataclass(slots=True)
class _Bucket:
    """One shop's as this worker may use it: `points` at a moment, filling by `rate` up to `size`."""

    size: float
    rate: float
    points: float
    at: float

    def fill(self, now: float) -> None:
        self.points = min(self.size, self.points + max(0.0, now - self.at) * self.rate)
        self.at = now


class Pace:
    """
    Waits before a request that our share cannot pay yet, so that nobody is throttled for us.

    https://shopify.dev/docs/api/usage/limits . The sizes come from `extensions.cost.throttleStatus`,
    so that every plan is met; before a shop's first reply nothing is known, and nothing waits.

    Args:
        clock: Seconds.
        sleep: Waits.
        longest_seconds: A longer wait is left to the caller, as RetryLater; 0 = every one.
        share: Of bucket and rate; the others take theirs meanwhile.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        longest_seconds: float = 0.0,
        share: float = SHARE,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._longest_seconds = longest_seconds
        self._share = share
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, shop: str, points: int) -> None:
        """
        Take points for a request, after waiting until our share has them.

        Raises:
            RetryLater: That would be longer than may be waited here; with the seconds it takes.
        """
        bucket = self._buckets.get(shop)
        if bucket is None:
            return
        bucket.fill(self._clock())
        # what costs more than our share ever holds may go when that is full
        missing = min(float(points), bucket.size) - bucket.points
        if missing > 0:
            seconds = missing / bucket.rate
            if seconds > self._longest_seconds:
                raise RetryLater("our share of shopify's bucket is spent", seconds=seconds)
            self._sleep(seconds)
            bucket.fill(self._clock())
        bucket.points -= points

    def learn(self, shop: str, points: int, answer: Mapping[str, Any]) -> None:
        """Read from a reply what the request for which `points` were taken did cost, and what is left."""
        cost = (answer.get("extensions") or {}).get("cost") or {}
        told = cost.get("throttleStatus") or {}
        if not told.get("restoreRate"):
            return
        now = self._clock()
        size = self._share * float(told["maximumAvailable"])
        known = self._buckets.get(shop)
        if known is None:
            known = _Bucket(size=size, rate=0.0, points=size, at=now)
            points = 0
        known.fill(now)
        used = cost.get("actualQueryCost") or 0
        # NOTE: what others have taken is seen here only: nobody has more than there is
        left = min(known.points + points - used, float(told["currentlyAvailable"]), size)
        rate = self._share * float(told["restoreRate"])
        self._buckets[shop] = _Bucket(size=size, rate=rate, points=left, at=now)

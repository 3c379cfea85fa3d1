"""Klaviyo's rate limits: fixed windows of a second and a minute, for the whole account."""

import math
from collections import defaultdict
from collections.abc import Callable

from tests.fakes.klaviyo.contract import Operation

BURST_SECONDS, STEADY_SECONDS = 1, 60


class Windows:
    """Counts requests by operation in the current second and the current minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])

    def retry_after(self, operation: Operation) -> int | None:
        """Return the seconds to wait, None when the request is let in and counted."""
        for seconds, most in ((STEADY_SECONDS, operation.steady), (BURST_SECONDS, operation.burst)):
            if self._used(operation, seconds) >= most:
                return self._rest(seconds)
        for seconds in (STEADY_SECONDS, BURST_SECONDS):
            self._counts[operation.name, seconds][1] += 1
        return None

    def headers(self, operation: Operation) -> dict[str, str]:
        """Return how much of the minute is left."""
        left = max(0, operation.steady - self._used(operation, STEADY_SECONDS))
        return {
            "RateLimit-Limit": str(operation.steady),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self._rest(STEADY_SECONDS)),
        }

    def _used(self, operation: Operation, seconds: int) -> int:
        window, count = int(self._clock() // seconds), self._counts[operation.name, seconds]
        if count[0] != window:
            count[:] = [window, 0]
        return count[1]

    def _rest(self, seconds: int) -> int:
        return max(1, math.ceil(seconds - self._clock() % seconds))

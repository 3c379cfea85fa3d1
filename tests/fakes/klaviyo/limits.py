"""Klaviyo's rate limits: fixed windows of a second, a minute and a day, for the whole account."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from tests.fakes.klaviyo.contract import Operation

BURST_SECONDS, STEADY_SECONDS, DAY_SECONDS = 1, 60, 86_400


PREDICTIONS_BURST, PREDICTIONS_STEADY = 10, 150


def of_predictions(operation: Operation) -> Operation:
    """Return the operation as it is limited where Klaviyo's own predictions are asked for."""
    name = f"{operation.name}+predictive_analytics"
    return replace(operation, name=name, burst=PREDICTIONS_BURST, steady=PREDICTIONS_STEADY)


class Windows:
    """Counts requests by operation in the current second, minute and day; boundless = none is too many."""

    def __init__(self, clock: Callable[[], float], *, boundless: bool = False) -> None:
        self._clock = clock
        self._boundless = boundless
        self._counts: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])

    def retry_after(self, operation: Operation) -> int | None:
        """Return the seconds to wait, None when the request is let in and counted."""
        limits = {
            DAY_SECONDS: operation.daily,
            STEADY_SECONDS: operation.steady,
            BURST_SECONDS: operation.burst,
        }
        for seconds, most in limits.items():
            if not self._boundless and most is not None and self._used(operation, seconds) >= most:
                return self._rest(seconds)
        for seconds in limits:
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

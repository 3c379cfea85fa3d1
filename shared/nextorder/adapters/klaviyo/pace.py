"""Keeping to our share of an account's limits, which Klaviyo tells with each reply."""

import time
from collections.abc import Callable, Mapping
from typing import Final

MINUTE_SECONDS: Final = 60.0
AT_ONCE_SECONDS: Final = 10.0
"""What our share gives in so long may be asked at once: one customer waits for nothing."""
LIMIT: Final = "RateLimit-Limit"
"""Requests of one kind that an account may make a minute."""
Kind = tuple[str, str, str]


class Pace:
    """
    Waits before a request for which our share has no room, so that what else asks this account has.

    https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling . Limits are by operation
    and for all keys of an account together; before the first reply nothing is known, and nothing waits.

    Args:
        share: Of every limit: this worker's.
        clock: Seconds.
        sleep: Waits.
    """

    def __init__(
        self,
        *,
        share: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._share = share
        self._clock = clock
        self._sleep = sleep
        self._gaps: dict[Kind, float] = {}
        self._due_at: dict[Kind, float] = {}
        """When the next request would come if all came evenly."""

    def wait(self, account: str, method: str, path: str) -> None:
        """Wait until our share has room for a request of this kind."""
        kind = _kind(account, method, path)
        now = self._clock()
        due = max(now, self._due_at.get(kind, now))
        if due > now + AT_ONCE_SECONDS:
            self._sleep(due - now - AT_ONCE_SECONDS)
        self._due_at[kind] = due + self._gaps.get(kind, 0.0)

    def learn(self, account: str, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Read the limit from a reply; one that is refused as too much tells none."""
        limit = headers.get(LIMIT, "")
        if limit.isdigit() and int(limit):
            self._gaps[_kind(account, method, path)] = MINUTE_SECONDS / (int(limit) * self._share)


def _kind(account: str, method: str, path: str) -> Kind:
    """Name the kind by its collection: what we ask of one by the same method has the same limit."""
    return account, method, path.split("/")[2]

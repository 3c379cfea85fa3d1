"""Waiting for a busy platform, within a bound."""

from collections.abc import Callable
from typing import TypeVar

from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater, Untried

Answer = TypeVar("Answer")
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0


class Patience:
    """
    Tries again as the other side asks, until `seconds` of waiting are spent.

    Only for calls that may be repeated safely.
    """

    def __init__(self, sleep: Callable[[float], None], *, seconds: float) -> None:
        self._sleep = sleep
        self._left = seconds
        self.asked = 0
        """How many calls; trying one again is no other."""

    def ask(self, call: Callable[[], Answer]) -> Answer:
        """
        Return the call's answer; its last RetryLater is raised when patience has run out, Untried at once.

        Once an outcome was unknown it stays so, whatever a later try was told.
        """
        self.asked += 1
        own_wait = FIRST_WAIT_SECONDS
        unknown: OutcomeUnknown | None = None
        while True:
            try:
                return call()
            except Untried as no_use:
                raise unknown or no_use from None
            except RetryLater as busy:
                unknown = busy if isinstance(busy, OutcomeUnknown) else unknown
                self.wait(own_wait if busy.seconds is None else busy.seconds, unknown or busy)
                own_wait = min(2 * own_wait, LONGEST_WAIT_SECONDS)
            except NeedsHuman as no:
                if unknown:
                    raise unknown from no
                raise

    def wait(self, seconds: float, otherwise: RetryLater) -> None:
        """Sleep; raise `otherwise` at once when that would take longer than what is left."""
        if seconds >= self._left:
            self._left = 0.0
            raise otherwise
        self._left -= max(seconds, 0.1)
        self._sleep(seconds)

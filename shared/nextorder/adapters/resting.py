"""Leaving a destination alone that has just cost a worker its time, so that the others of its queue go on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from nextorder.domain.errors import RetryLater

SLOW_SECONDS: Final = 3.0
"""A refusal is quicker; what takes longer and then fails without a word is a platform that hangs."""
REST_SECONDS: Final = 60.0


class Resting:
    """
    One worker's memory of who hangs, as long as its process lives.

    Each minute one message more finds out whether the destination answers again; the others wait
    without a call, so that a tenth of the worker's time is lost at most.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    @contextmanager
    def watch(self, destination: str, shop: str) -> Iterator[None]:
        """
        Enter this around what is asked of a shop's destination: another shop's may be another address.

        Raises:
            RetryLater: It rests; with the seconds until it is tried again.
        """
        began = self._clock()
        left = self._until.get((destination, shop), began) - began
        if left > 0:
            raise RetryLater(f"{destination} rests, since it did not answer", seconds=left)
        try:
            yield
        except RetryLater as busy:
            # who says when to come back has answered
            if busy.seconds is None and self._clock() - began >= SLOW_SECONDS:
                self._until[destination, shop] = self._clock() + REST_SECONDS
            raise

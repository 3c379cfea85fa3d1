"""What waits to be sent, cut into what a destination takes at once: by rows and by bytes."""

from collections import deque
from collections.abc import Callable, Iterable

from nextorder.domain.capabilities import Capabilities
from nextorder.domain.changes import Change
from nextorder.use_cases.planned import Publication


class Loads:
    """
    Plans in the order in which they came.

    Args:
        capabilities: Of the destination.
        weigh: Says how many bytes a change adds to a request.
    """

    def __init__(self, capabilities: Capabilities, weigh: Callable[[Change], int]) -> None:
        self._most_rows = capabilities.most_rows
        self._most_bytes = capabilities.most_bytes
        self._job_from = capabilities.job_from
        self._most_in_turn = capabilities.most_in_turn
        self._weigh = weigh
        self._waiting: deque[tuple[Publication, int]] = deque()
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, plans: Iterable[Publication]) -> None:
        """Let plans wait behind the others."""
        for plan in plans:
            weight = 0 if self._most_bytes is None else self._weigh(plan.change)
            self._waiting.append((plan, weight))
            self._bytes += weight

    @property
    def is_full(self) -> bool:
        """Whether as much waits as the destination takes at once."""
        return len(self._waiting) >= self._most_rows or self._exceeds(self._bytes)

    def take(self) -> list[Publication]:
        """Return the next load; one that is too heavy by itself goes alone, for the destination to refuse."""
        load: list[Publication] = []
        taken = 0
        most = self._most_rows if len(self._waiting) >= self._job_from else self._most_in_turn
        while self._waiting and len(load) < most:
            plan, weight = self._waiting[0]
            if load and self._exceeds(taken + weight):
                break
            self._waiting.popleft()
            load.append(plan)
            taken += weight
        self._bytes -= taken
        return load

    def _exceeds(self, size: int) -> bool:
        return self._most_bytes is not None and size > self._most_bytes

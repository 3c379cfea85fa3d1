"""What the comparison of said and happened needs from the outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from nextorder.domain.judged import Judgement, Said


class SaidLog(Protocol):
    """What was said of customers, by random keys of theirs."""

    def first_day(self, shop: str) -> date | None:
        """Return the first day of which something is logged."""
        ...

    def week(self, shop: str, monday: date) -> Iterator[Said]:
        """Yield at least all that was said in a week, in any order, some of it twice."""
        ...

    def of_customer(
        self, shop: str, log_key: str, has_time: Callable[[], bool]
    ) -> tuple[Sequence[Mapping[str, Any]], bool]:
        """Return what was said of one customer, the oldest first, and whether that is all."""
        ...


class Judgements(Protocol):
    """What is kept of a shop's said and happened; `save` leaves alone what another has written meanwhile."""

    def load(self, shop: str) -> Judgement | None: ...
    def save(self, shop: str, now: Judgement, *, replaces: Judgement | None) -> bool: ...

"""A look at everyone of a shop, spread over a day, and the sizes it counts on its way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final

EVERY: Final = timedelta(days=7)
"""The published numbers move by themselves: so often everyone is looked at without another reason."""
SPREAD: Final = timedelta(hours=24)
TICK: Final = timedelta(minutes=15)
"""How often the schedule lets a pass go on."""
CUSTOMERS: Final = "customers"
"""The size of everyone: no segment has this name."""
_FEWEST: Final = 10
"""Of a shop whose size nobody has counted yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """
    One pass over everyone of a shop: who would be told otherwise now is woken.

    It begins as soon as the shop's terms are others than those of the last pass, and a week after that.
    """

    terms: str
    """What verdicts rest on beside facts and clock, by the name that `terms_of` gives it."""
    started_at: datetime
    a_tick: int
    """Customers in a quarter of an hour, so that all take a day."""
    after: str = ""
    """The customer who was looked at last."""
    looked_at: int = 0
    woken: int = 0
    nudged: int = 0
    """Messages to destinations that are behind."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSizes:
    """How many customers each segment is shown for, and when all were last counted one by one."""

    counts: Mapping[str, int]
    """Key = segment, and `CUSTOMERS` for all of whom something is said."""
    reckoned_at: datetime


def is_due(last: Pass | None, terms: str, as_of: datetime) -> bool:
    """Tell whether a pass has to begin; one under way for other terms begins again."""
    if last is None or last.terms != terms:
        return True
    return last.ended_at is not None and as_of - last.ended_at >= EVERY


def spread(customers: int) -> int:
    """Return how many customers a tick takes, so that all of them take a day."""
    return max(ceil(customers * (TICK / SPREAD)), _FEWEST)


def sizes_of(shown: Iterable[Sequence[str]]) -> Counter[str]:
    """Count customers by the segments they are shown in, each as `State.shown_in` names them."""
    return Counter(name for names in shown for name in (*names, CUSTOMERS))

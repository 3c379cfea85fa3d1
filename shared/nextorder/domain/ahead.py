"""Facts from the future: what bears a moment that has not come yet, and when it begins to count."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from nextorder.domain.facts import Checkout, Order, Refund, ShopFact, StoredFact

CLOCKS_DIFFER: Final = timedelta(days=1)
"""A moment further ahead is no clock that runs fast, nor a zone mixed up: it is a wrong date."""
_SECOND: Final = timedelta(seconds=1)

_Fact = TypeVar("_Fact", bound=StoredFact)


def known_by(facts: Iterable[_Fact], moment: datetime) -> tuple[_Fact, ...]:
    """Leave out orders, refunds and checkouts from after a moment."""
    return tuple(fact for fact in facts if not is_after(fact, moment))


def is_after(fact: StoredFact | ShopFact, moment: datetime) -> bool:
    """Tell whether a fact happened later than a moment, by its own time."""
    return isinstance(fact, Order | Refund | Checkout) and fact.placed_at > moment


def counts_from(facts: Iterable[StoredFact], as_of: datetime) -> datetime | None:
    """Return when the next of those that lie too far ahead begins to count, rounded up to the second."""
    ahead = [
        fact.placed_at
        for fact in facts
        if isinstance(fact, Order | Refund | Checkout) and fact.placed_at > as_of + CLOCKS_DIFFER
    ]
    return _whole_second(min(ahead) - CLOCKS_DIFFER) if ahead else None


def _whole_second(moment: datetime) -> datetime:
    return moment if not moment.microsecond else moment.replace(microsecond=0) + _SECOND

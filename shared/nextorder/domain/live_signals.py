"""Live signals: moments from which on an order within hours can be told, and how likely it then is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nextorder.domain.placing import Placing
from nextorder.domain.segments_cart import history_at, rates_of

SIGNAL_HOURS: Final = 12
NO_LIVE_SIGNALS: Final = "orders alone cannot tell 12 hours"
"""Why buy:now is withheld where no checkouts are seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that happens now: a checkout is opened."""

    at: datetime
    chance: float
    """P(order within 12 hours), given the signal."""


def signals(placing: Placing) -> list[Signal]:
    """Return every signal of a customer, by time; those to come are solved moments like any other."""
    return sorted(_all(placing), key=lambda signal: (signal.at, signal.chance))


def _all(placing: Placing) -> Iterable[Signal]:
    yield from _checkouts(placing)


def _checkouts(placing: Placing) -> Iterator[Signal]:
    """Yield one a checkout, with the cart's own rates at its opening."""
    features = placing.features
    if not features.checkouts:
        return
    rates = rates_of(placing.shop.numbers)
    for opened in features.checkouts:
        chance = rates.completes_within(history_at(features, opened.at), 0.0, SIGNAL_HOURS)
        yield Signal(at=opened.at, chance=chance)

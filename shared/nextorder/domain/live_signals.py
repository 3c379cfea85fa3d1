"""Live signals: moments from which on an order within hours can be told, and how likely it then is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import expm1, log
from typing import Final

from nextorder.domain.placing import Placing
from nextorder.domain.segments_cart import history_at, rates_of
from nextorder.domain.segments_replenish import came_due
from nextorder.domain.shop import Gaps
from nextorder.scoring.predict import BuyingHistory, p_active

SIGNAL_HOURS: Final = 12
HALF_A_DAY: Final = 0.5
STILL_TO_COME: Final = (1.0 - 0.75) / (1.0 - 0.40)
"""Of the repeated orders that come after a category's 40 % point, those after its 75 % point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that happens now: a checkout is opened, a category is due."""

    at: datetime
    chance: float
    """P(order within 12 hours), given the signal."""


def signals(placing: Placing) -> list[Signal]:
    """Return every signal of a customer, by time; those to come are solved moments like any other."""
    return sorted(_all(placing), key=lambda signal: (signal.at, signal.chance))


def _all(placing: Placing) -> Iterable[Signal]:
    yield from _checkouts(placing)
    yield from _due(placing)


def _checkouts(placing: Placing) -> Iterator[Signal]:
    """Yield one a checkout, with the cart's own rates at its opening."""
    features = placing.features
    if not features.checkouts:
        return
    rates = rates_of(placing.shop.numbers)
    for opened in features.checkouts:
        chance = rates.completes_within(history_at(features, opened.at), 0.0, SIGNAL_HOURS)
        yield Signal(at=opened.at, chance=chance)


def _due(placing: Placing) -> Iterator[Signal]:
    """Yield one a category that comes due: its rhythm, if the customer still is one."""
    buyer = placing.buyer
    if buyer is None:
        return
    for category, at in came_due(placing):
        days = buyer.days_by(at)
        history = BuyingHistory(
            repeat_days=len(days) - 1,
            first_to_last_days=buyer.age_days(days[-1].at),
            tenure_days=buyer.age_days(at),
        )
        returns = p_active(buyer.model, history)
        yield Signal(at=at, chance=returns * within_half_a_day(placing.shop.numbers.gaps[category]))


def within_half_a_day(gaps: Gaps) -> float:
    """Return the share of those who are due and will come back that does so within 12 hours."""
    days = max(gaps.day_75 - gaps.day_40, HALF_A_DAY)
    return -expm1(log(STILL_TO_COME) * HALF_A_DAY / days)

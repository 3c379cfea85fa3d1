"""Count a store's habits: what is bought again at a rhythm, what is common, how much comes back."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import log1p
from typing import Final, NamedTuple

from nextorder.domain.affinity import NO_CATEGORY
from nextorder.domain.carried import is_margin_told, why_no_returns, why_no_value
from nextorder.domain.features import Features
from nextorder.domain.purchases import Purchase
from nextorder.domain.segments_service import DELAYED, delay_of
from nextorder.domain.shop import Gaps, Numbers, Shop
from nextorder.training.window import RECENT_DAYS

DAY: Final = timedelta(days=1)
YEAR: Final = 365.0
COMMONEST: Final = 8
LEAST_GAPS: Final = 100
"""Then the 40 % point is known to five of the hundred, and RHYTHM is reached by chance in 4 of 100 fits."""
RHYTHM: Final = 1.5
"""So many times more of those still waiting order on a day between the 40 % and 75 % points than before."""
FOLLOWED: Final = 2.0
"""100 waits began so many times the 95 % point ago, or a year: a young shop sees its short gaps alone."""
NOT_MARKED: Final = 0.5
"""Where more than this share of the parcels that should have left have not, they are not marked as sent."""


class Wait(NamedTuple):
    """From an order day that holds a category to the next, or to today where none has come."""

    days: float
    came: bool
    began_days: float
    """So many days ago: as long as the wait could have become."""


def gaps_of(everyone: Iterable[Features]) -> Mapping[str, Gaps]:
    """
    Return the replenishment gaps of each category that is bought again at a rhythm.

    A gap is the time between successive order days of one customer that hold the category. Its
    points are those of who comes back within a year: the smallest day with F(day) >= q F(365),
    F one minus the Kaplan-Meier survival (Kaplan and Meier, JASA 53(282), 1958), since the
    long gaps of today's waiting are not seen yet. Without at least 100 gaps, or where the daily
    chance is not clearly higher when due than before, a date says nothing: the category has none.
    """
    waits = waits_of(everyone)
    found = {category: _gaps(waits[category]) for category in sorted(waits)}
    return {category: gaps for category, gaps in found.items() if gaps}


def waits_of(everyone: Iterable[Features]) -> Mapping[str, Sequence[Wait]]:
    """Return each category's waits, those that are over and those that still run."""
    waits: Mapping[str, list[Wait]] = defaultdict(list)
    for features in everyone:
        if not features.withheld:
            for category, wait in _waits(features):
                waits[category].append(wait)
    return waits


def days_by(waits: Sequence[Wait], *points: float) -> Sequence[float]:
    """Return the days by which shares of those who come back within a year have; 0 where none does."""
    came = _came_within_year(waits)
    return [_day_of(came, point) for point in points]


def category_shares(everyone: Iterable[Features]) -> Mapping[str, float]:
    """Return the share of counted orders that hold a category, of the eight commonest."""
    orders, holding = 0, Counter[str]()
    for purchase in _purchases(everyone):
        orders += 1
        holding.update(category for category in purchase.categories if category != NO_CATEGORY)
    commonest = sorted(holding, key=lambda category: (-holding[category], category))[:COMMONEST]
    return {category: holding[category] / orders for category in commonest}


def return_rate(everyone: Iterable[Features]) -> float:
    """Return the share of counted orders of which something came back; 0 without orders."""
    came_back = [purchase.returned_at is not None for purchase in _purchases(everyone)]
    return sum(came_back) / len(came_back) if came_back else 0.0


def withheld_families(everyone: Sequence[Features], numbers: Numbers, shop: Shop) -> Mapping[str, str]:
    """
    Say which families, or parts of one, the shop's data cannot carry, and why.

    Args:
        everyone: All customers.
        numbers: With gaps, category_shares and return_rate as just counted.
        shop: Its terms, for when a parcel is late.
    """
    no_categories = "" if numbers.category_shares else "The products have neither a type nor a category."
    no_rhythm = "" if numbers.gaps else "No category is bought again at a rhythm by enough customers."
    no_signal = (
        "" if numbers.gaps or any(f.checkouts for f in everyone) else "Orders alone cannot tell 12 hours."
    )
    reasons = {
        "love": no_categories,
        "overstock": no_categories,
        "replenish": no_categories or no_rhythm,
        "buy:now": no_signal,
        "returns": _no_returns(everyone) if numbers.return_rate else "No order has come back yet.",
        "value": _no_value(everyone, shop),
        "reach": "" if any(f.email_told_at for f in everyone) else "No consent on e-mail is known.",
        DELAYED: "" if _marks_parcels(everyone, shop) else "Orders are not marked as sent.",
    }
    return {family: why for family, why in reasons.items() if why}


def _no_value(everyone: Iterable[Features], shop: Shop) -> str:
    buyers = [one for one in everyone if one.order_days and not one.withheld]
    if not buyers:
        return ""
    history = max(one.as_of for one in buyers) - min(one.order_days[0].at for one in buyers)
    sold, guessed = sum(one.sold for one in buyers), sum(one.guessed for one in buyers)
    return why_no_value(history / DAY, 0.0 if sold <= 0 or is_margin_told(shop.costs) else guessed / sold)


def _no_returns(everyone: Iterable[Features]) -> str:
    known = [one for one in everyone if not one.withheld]
    return why_no_returns(sum(one.bare_refunds for one in known), sum(len(one.refunded_at) for one in known))


def _waits(features: Features) -> Iterator[tuple[str, Wait]]:
    """Yield a customer's waits by category; the last is still running."""
    last_at: dict[str, datetime] = {}
    for purchase in _recent(features):
        place = bisect_right(features.order_days, purchase.at, key=lambda day: day.at)
        day_at = features.order_days[place - 1].at
        for category in purchase.categories:
            if category != NO_CATEGORY and last_at.get(category) != day_at:
                if category in last_at:
                    yield category, _wait(last_at[category], day_at, features.as_of, came=True)
                last_at[category] = day_at
    for category, at in last_at.items():
        yield category, _wait(at, features.as_of, features.as_of, came=False)


def _wait(begins: datetime, ends: datetime, as_of: datetime, *, came: bool) -> Wait:
    return Wait(days=(ends - begins) / DAY, came=came, began_days=(as_of - begins) / DAY)


def _gaps(waits: Sequence[Wait]) -> Gaps | None:
    count = sum(wait.came for wait in waits)
    if count < LEAST_GAPS:
        return None
    came = _came_within_year(waits)
    within_year = came[-1][1] if came else 0.0
    day_40, day_75, day_95 = (_day_of(came, point) for point in (0.40, 0.75, 0.95))
    if not 0 < day_40 < day_75 or not _is_rhythm(within_year, day_40, day_75):
        return None
    if sum(wait.began_days >= min(FOLLOWED * day_95, YEAR) for wait in waits) < LEAST_GAPS:
        return None
    return Gaps(n=count, day_40=round(day_40, 1), day_75=round(day_75, 1), day_95=round(day_95, 1))


def _came_within_year(waits: Sequence[Wait]) -> Sequence[tuple[float, float]]:
    return [(day, share) for day, share in _came_by(waits) if day <= YEAR]


def _day_of(came: Sequence[tuple[float, float]], point: float) -> float:
    return next((day for day, share in came if share >= point * came[-1][1]), 0.0)


def _came_by(waits: Sequence[Wait]) -> Iterator[tuple[float, float]]:
    """Yield each day at which someone came back, with the Kaplan-Meier share who have by then."""
    waiting, survival = len(waits), 1.0
    for day, ended in groupby(sorted(waits), key=lambda wait: wait.days):
        seen = [wait.came for wait in ended]
        if any(seen):
            survival *= 1 - sum(seen) / waiting
            yield day, 1 - survival
        waiting -= len(seen)


def _is_rhythm(within_year: float, day_40: float, day_75: float) -> bool:
    """Compare the mean daily chance of who is still waiting when due with that before; 1 = memoryless."""
    before = -log1p(-0.40 * within_year)
    due = -log1p(-0.75 * within_year) - before
    return due / (day_75 - day_40) >= RHYTHM * before / day_40


def _marks_parcels(everyone: Iterable[Features], shop: Shop) -> bool:
    """Whether the shop tells the platform what it has sent: of most orders that are old enough, it has."""
    orders = unsent = 0
    for features in everyone:
        by = features.as_of - delay_of(shop)
        orders += bisect_right(features.ordered_at, by)
        unsent += bisect_right(features.unsent_at, by)
    return unsent <= NOT_MARKED * orders


def _purchases(everyone: Iterable[Features]) -> Iterator[Purchase]:
    for features in everyone:
        if not features.withheld:
            yield from _recent(features)


def _recent(features: Features) -> Sequence[Purchase]:
    """Return the purchases of the last three years."""
    since = features.as_of - RECENT_DAYS * DAY
    return features.purchases[bisect_right(features.purchases, since, key=lambda one: one.at) :]

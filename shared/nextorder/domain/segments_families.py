"""The ways of life, risk and value: one course a fact, the latest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from math import sqrt
from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import LIFE_BY_AGE, RISKS, TIERS, Catalogue
from nextorder.domain.features import OrderDay
from nextorder.domain.segments_course import Course
from nextorder.domain.shop import Numbers, Shop

ENOUGH_SECOND_ORDERS: Final = 50
"""Below it a shop has too little history for anything but life by order days, and hold."""
RANKED: Final = (
    "buy",
    "care",
    "cart",
    "love",
    "overstock",
    "promo",
    "reach",
    "replenish",
    "returns",
    "risk",
    "value",
)
"""Families of which nothing is given below it."""
FACTS_LOOKED_AT: Final = 24
"""So many facts back a value's beginning is followed; held for longer, it counts from there."""
Z80: Final = 1.2815515655446004
"""Standard normal quantile at 0.9."""


def life_courses(buyer: Buyer, catalogue: Catalogue) -> Iterator[Course]:
    """Life by order days and age; orders that only Shopify counts are older than ours."""
    missing = buyer.features.missing_orders
    for moment in _facts(buyer):
        order_days = len(buyer.days_by(moment)) + missing
        if order_days == 1:
            yield _by_age(buyer, moment, catalogue)
        else:
            ladder = _champion(buyer, moment, life_of(order_days, buyer.shop), catalogue)
            yield _by_ways_in(ladder, moment)


def life_of(order_days: int, shop: Shop) -> str:
    """Return repeat or loyal."""
    return "loyal" if order_days >= shop.loyal_order_days else "repeat"


def risk_courses(buyer: Buyer, catalogue: Catalogue) -> Iterator[Course]:
    """Risk by chance_kept, from the second order day on."""
    if not has_enough_history(buyer.shop.numbers):
        return
    values = ("", *RISKS[:-1])
    levels = [catalogue.threshold(f"risk:{value}", "chance_kept") for value in RISKS]
    back = {
        v: catalogue.threshold(f"risk:{below}", "refit_back") for v, below in zip(values, RISKS, strict=True)
    }
    rungs = tuple(zip(values, levels, strict=True))
    for moment in _facts(buyer):
        if len(buyer.days_by(moment)) > 1:
            yield _risk(buyer, moment, rungs, back)


def value_courses(buyer: Buyer, catalogue: Catalogue) -> Iterator[Course]:
    """Value by rank of clv_gp2_365: up by the ways in at a fact, down by the ways out in between."""
    if not is_given("value", buyer.shop.numbers) or buyer.unpriced:
        return
    tiers = _tiers(buyer.shop.numbers, catalogue)
    for moment in _facts(buyer):
        if _loses_money(buyer, moment, int(catalogue.threshold("value:negative", "order_days"))):
            yield _level(buyer, moment, "negative")
        else:
            yield _by_ways_in(_value(buyer, moment, tiers), moment)


def has_enough_history(numbers: Numbers) -> bool:
    """Whether the shop has seen enough second orders for more than life by order days."""
    return numbers.second_orders >= ENOUGH_SECOND_ORDERS


def is_given(family: str, numbers: Numbers) -> bool:
    """Whether the shop's history and its data carry a family."""
    return has_enough_history(numbers) and family not in numbers.withheld


def _facts(buyer: Buyer) -> Iterator[datetime]:
    """Return the moments that placed the customer, the latest first."""
    features = buyer.features
    moments = sorted({*features.ordered_at, *features.refunded_at}, reverse=True)
    return islice((moment for moment in moments if moment >= buyer.first_at), FACTS_LOOKED_AT)


def _by_ways_in(ladder: Course, moment: datetime) -> Course:
    """Start where a fact lifts the customer to, from below."""
    return ladder.down_from(ladder.lifted(ladder.rest, moment), moment)


def _level(buyer: Buyer, moment: datetime, value: str) -> Course:
    return Course(start=moment, origin=buyer.first_at, rest=value)


def _by_age(buyer: Buyer, moment: datetime, catalogue: Catalogue) -> Course:
    close_days = buyer.shop.numbers.window.days
    rungs = tuple(
        (value, -catalogue.threshold(f"life:{value}", "until_share_of_c") * close_days)
        for value in LIFE_BY_AGE
    )
    return Course(
        start=moment, origin=buyer.first_at, rungs=rungs, rest="missed", curve=lambda age_days: -age_days
    )


def _risk(
    buyer: Buyer, moment: datetime, rungs: Sequence[tuple[str, float]], back: Mapping[str, float]
) -> Course:
    """Return the way down from no risk; new numbers take a customer back only above `back`."""
    kept = buyer.kept(moment)
    return Course(
        start=moment,
        origin=buyer.first_at,
        rungs=tuple(rungs),
        rest=RISKS[-1],
        curve=kept,
        lifts=lambda value, age_days: kept(age_days) > back[value],
    )


def _value(buyer: Buyer, moment: datetime, tiers: Sequence[tuple[str, int, int]]) -> Course:
    """Return the way down through the tiers."""
    worth = buyer.worth(moment)
    ways_in = {tier: way_in for tier, way_in, _ in tiers}
    return Course(
        start=moment,
        origin=buyer.first_at,
        rungs=tuple((tier, way_out) for tier, _, way_out in tiers),
        rest="",
        curve=worth,
        lifts=lambda tier, age_days: 0 < ways_in[tier] <= worth(age_days),
    )


def _champion(buyer: Buyer, moment: datetime, base: str, catalogue: Catalogue) -> Course:
    """Return the champion's way; it ends at whichever limit falls first."""

    def number(key: str) -> float:
        return catalogue.threshold("life:champion", key)

    numbers, order_days = buyer.shop.numbers, len(buyer.days_by(moment))
    way_in, way_out = (rank(numbers, number(key)) for key in ("clv_rank", "clv_rank_out"))
    may_rank = has_enough_history(numbers) and not buyer.unpriced
    if way_in is None or way_out is None or way_in <= 0 or not may_rank:
        return _level(buyer, moment, base)
    kept, worth = buyer.kept(moment), buyer.worth(moment)
    may_be = (
        order_days >= number("order_days") and buyer.features.return_share <= numbers.return_share_top_decile
    )
    return Course(
        start=moment,
        origin=buyer.first_at,
        rungs=(("champion", 1.0),),
        rest=base,
        curve=_lesser(kept, number("chance_kept_out"), worth, way_out),
        lifts=lambda _, age_days: (
            may_be and kept(age_days) >= number("chance_kept") and worth(age_days) >= way_in
        ),
    )


def _lesser(
    kept: Callable[[float], float], least_kept: float, worth: Callable[[float], float], least_worth: int
) -> Callable[[float], float]:
    """Return a curve that is below 1 when either falls short; the costly one is asked last."""

    def margin(age_days: float) -> float:
        share = kept(age_days) / least_kept
        return share if share < 1 or least_worth <= 0 else min(share, worth(age_days) / least_worth)

    return margin


def rank(numbers: Numbers, share: float) -> int | None:
    """Return the frozen clv_gp2_365 at a top share, whatever way its key is written."""
    return next((worth for key, worth in numbers.clv_ranks.items() if float(key) == share), None)


def _tiers(numbers: Numbers, catalogue: Catalogue) -> Sequence[tuple[str, int, int]]:
    """Return the tiers, best first, with the ways in and out in minor units."""
    found = []
    for tier in TIERS:
        way_in, way_out = (
            rank(numbers, catalogue.threshold(f"value:{tier}", key)) for key in ("clv_rank", "clv_rank_out")
        )
        if way_in is not None and way_out is not None:
            found.append((tier, way_in, way_out))
    return found


def _loses_money(buyer: Buyer, moment: datetime, least_order_days: int) -> bool:
    """Whether profit to date is negative, and the margin rate surely so: its 80 % upper bound."""
    days = buyer.days_by(moment)
    is_now = len(days) == len(buyer.features.order_days)
    to_date = buyer.features.gp2_to_date if is_now else sum(day.profit for day in days)
    return len(days) >= least_order_days and to_date < 0 and _upper_margin(days) < 0


def _upper_margin(days: Sequence[OrderDay]) -> float:
    """
    Return the upper end of the 80 % range of profit over revenue: a ratio of sums, linearised.

    See Cochran, "Sampling Techniques", 3rd edition, 1977, section 6.4.
    """
    revenue, profit, n = sum(day.revenue for day in days), sum(day.profit for day in days), len(days)
    if revenue <= 0:
        return -1.0 if profit < 0 else 1.0
    rate = profit / revenue
    squares = sum((day.profit - rate * day.revenue) ** 2 for day in days)
    return rate + Z80 * sqrt(squares * n / (n - 1)) / revenue

"""Customers made of purchases, before a shop whose numbers carry every family of habits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from nextorder.domain.features import Features, OrderDay
from nextorder.domain.placing import Family, Placing, Told
from nextorder.domain.purchases import Purchase
from nextorder.domain.shop import Gaps, Shop
from tests.unit.shop_cases import CATALOGUE, DAY, NUMBERS, SHOP, START

HOUR = timedelta(hours=1)
SHARES = {"tea": 0.10, "pots": 0.08, "cups": 0.05, "toys": 0.02}
GAPS = {
    "tea": Gaps(n=500, day_40=20, day_75=30, day_95=50),
    "pots": Gaps(n=200, day_40=22, day_75=40, day_95=60),
    "cups": Gaps(n=150, day_40=24, day_75=45, day_95=80),
}


def a_shop(**numbers: Any) -> Shop:
    known: dict[str, Any] = {"category_shares": SHARES, "gaps": GAPS, "return_rate": 0.1}
    return replace(SHOP, numbers=replace(NUMBERS, **(known | numbers)))


ENOUGH = a_shop()


def day(days: float) -> datetime:
    return START + timedelta(seconds=round(days * 86_400))


def a_purchase(
    days: float, *categories: str, discounted: bool = False, returned: float | None = None
) -> Purchase:
    return Purchase(
        at=day(days),
        categories=tuple(sorted(categories)),
        discounted=discounted,
        returned_at=None if returned is None else day(returned),
    )


def a_buyer(purchases: Iterable[Purchase], days: float, **more: Any) -> Features:
    """Describe who made these purchases, as of so many days after START; one a day."""
    by_time = tuple(sorted(purchases, key=lambda one: one.at))
    known: dict[str, Any] = {
        "order_days": tuple(OrderDay(at=one.at, revenue=5_000, profit=2_000) for one in by_time),
        "ordered_at": tuple(one.at for one in by_time),
        "orders": len(by_time),
        "purchases": by_time,
    }
    return Features(customer="7", as_of=day(days), **(known | more))


def placing_of(features: Features, shop: Shop = ENOUGH) -> Placing:
    return Placing(features=features, shop=shop, buyer=None, catalogue=CATALOGUE)


def told_of(
    family: Family, purchases: Iterable[Purchase], days: float, shop: Shop = ENOUGH
) -> Mapping[str, Told]:
    return family(placing_of(a_buyer(purchases, days), shop))


def held(told: Mapping[str, Told]) -> dict[str, tuple[str, float]]:
    """Return key -> value and since in days after START, of what holds."""
    return {
        key: (segment.value, (segment.since - START) / DAY) for key, (segment, _) in told.items() if segment
    }

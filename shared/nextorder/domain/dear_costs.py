"""Unit costs far above what a unit was sold at: the cost of a whole pack, or a slip of the pen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nextorder.domain.cost_file import CostFile
from nextorder.domain.facts import Order
from nextorder.domain.payments import is_money_due
from nextorder.domain.shop import Shop

FAR_ABOVE: Final = 3
"""Times the mean price: what is sold off below its cost is seldom given away at a third of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dear:
    """One word of a list that is hardly meant; amounts of one unit, minor units."""

    line: int
    variant: str
    cost: int
    price: int
    """The mean that it was sold at, without tax."""


def mean_prices(orders: Iterable[Order], shop: Shop) -> Mapping[str, Fraction]:
    """Return what a unit of each variant was sold at, without tax, over orders in the shop's currency."""
    revenue: dict[str, int] = {}
    units: dict[str, int] = {}
    for order in orders:
        if order.test or order.currency not in ("", shop.currency) or not is_money_due(order):
            continue
        for line in order.lines:
            revenue[line.variant] = revenue.get(line.variant, 0) + line.revenue
            units[line.variant] = units.get(line.variant, 0) + line.quantity
    return {variant: Fraction(revenue[variant], sold) for variant, sold in units.items() if sold > 0}


def dear_costs(found: CostFile, prices: Mapping[str, Fraction]) -> Sequence[Dear]:
    """Return the words whose cost is far above the price; without sales for money nothing is doubted."""
    return [
        Dear(line=line, variant=word.variant, cost=word.unit_cost, price=round(price))
        for line, word in zip(found.lines, found.words, strict=True)
        if (price := prices.get(word.variant)) and word.unit_cost and word.unit_cost > FAR_ABOVE * price > 0
    ]

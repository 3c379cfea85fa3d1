"""Which variants sold most while nobody has said what they cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nextorder.domain.facts import Order
from nextorder.domain.payments import is_money_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One variant's sales without a known cost; revenue in minor units, without tax."""

    variant: str
    """Empty = lines that name none, which no list of costs can reach."""
    category: str
    units: int
    revenue: int


def missing_costs(orders: Iterable[Order]) -> Sequence[Missing]:
    """Sum up lines without a unit cost by variant, the most sold first."""
    found: dict[str, Missing] = {}
    for order in orders:
        if order.test or not is_money_due(order):
            continue
        for line in order.lines:
            if line.unit_cost is None and not line.gift_card:
                held = found.get(line.variant)
                found[line.variant] = Missing(
                    variant=line.variant,
                    category=line.category,
                    units=line.quantity + (held.units if held else 0),
                    revenue=line.revenue + (held.revenue if held else 0),
                )
    return sorted(found.values(), key=lambda one: (-one.revenue, -one.units, one.variant))

"""What each counted order tells of habits: its categories, its discount, what came back of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nextorder.domain.facts import Order, Refund, Restock

DISCOUNTED_FROM: Final = 0.05
"""Share of the subtotal from which a discount is a reason to buy and not a rounding."""
_CAME_BACK: Final = frozenset({Restock.RETURN, Restock.LEGACY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What one counted order tells of habits."""

    at: datetime
    categories: tuple[str, ...] = ()
    """Distinct, sorted, of the goods in it; gift cards are none."""
    discounted: bool = False
    """Whether the discount was at least 5 % of the subtotal."""
    returned_at: datetime | None = None
    """When something of it first came back."""


def purchases_of(counted: Iterable[Order], refunds: Mapping[str, Sequence[Refund]]) -> tuple[Purchase, ...]:
    """Describe the counted orders, in the order given."""
    return tuple(_purchase(order, refunds.get(order.id, ())) for order in counted)


def is_discounted(order: Order) -> bool:
    """Whether the discount was a reason to buy."""
    return order.discount > 0 and order.discount >= DISCOUNTED_FROM * order.subtotal


def came_back(refund: Refund) -> bool:
    """Whether goods were sent back, not only money."""
    return refund.returned or any(line.restock in _CAME_BACK for line in refund.lines)


def _purchase(order: Order, refunds: Sequence[Refund]) -> Purchase:
    return Purchase(
        at=order.placed_at,
        categories=tuple(sorted({line.category for line in order.lines if not line.gift_card})),
        discounted=is_discounted(order),
        returned_at=min((refund.placed_at for refund in refunds if came_back(refund)), default=None),
    )

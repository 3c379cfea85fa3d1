"""Which orders are decisions to buy: only these make order days and enter the fit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from nextorder.domain.facts import Order, OrderKind, Refund
from nextorder.domain.ledger import given_back
from nextorder.domain.payments import is_money_due
from nextorder.domain.shop import Shop

REGRET_DAYS: Final = 30
"""An order that is wholly refunded within these days was no purchase; later, it was one."""


def is_counted(order: Order, refunds: Iterable[Refund], shop: Shop) -> bool:
    """
    Tell whether an order counts as a decision to buy; refunds are its own, in any order.

    A gift card's sale counts (someone decided to buy), an exchange and a renewal never,
    a wholesale order where the shop says so. Money is the ledger's matter.
    """
    real = not order.test and is_money_due(order) and order.total > 0
    return real and _is_decision(order, shop) and not _soon_undone(order, refunds)


def _is_decision(order: Order, shop: Shop) -> bool:
    if order.kind is OrderKind.WHOLESALE:
        return shop.count_wholesale
    return order.kind is OrderKind.SALE


def _soon_undone(order: Order, refunds: Iterable[Refund]) -> bool:
    deadline = order.placed_at + timedelta(days=REGRET_DAYS)
    early = [refund for refund in refunds if refund.placed_at <= deadline]
    return bool(early) and (_all_units_back(order, early) or _all_money_back(order, early))


def _all_units_back(order: Order, refunds: Sequence[Refund]) -> bool:
    back: Counter[str] = Counter()
    for refund in refunds:
        for line in refund.lines:
            back[line.line] += line.quantity
    return bool(order.lines) and all(back[line.id] >= line.quantity for line in order.lines)


def _all_money_back(order: Order, refunds: Sequence[Refund]) -> bool:
    charged = order.shipping + sum(line.revenue for line in order.lines)
    back = sum(given_back(order, refund, gift_cards=True) for refund in refunds)
    return 0 < charged <= back

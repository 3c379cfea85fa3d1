"""Whether an order is paid, and what taking the money cost."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from nextorder.domain.facts import Order, Payment
from nextorder.domain.money import round_half_up
from nextorder.domain.shop import Costs

FEE_FREE_GATEWAYS: Final = frozenset(
    {
        "gift_card",
        "shopify_store_credit",
        "cash",
        "manual",
        "bank deposit",
        "money order",
        "cash on delivery (cod)",
    }
)
"""Ways to pay, lower case, that cost the shop no processor's fee."""

_PAID: Final = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
_NOT_ALL_GIVEN_BACK: Final = frozenset({"paid", "partially_refunded"})
_AUTHORIZED: Final = "authorized"
_TAKEN: Final = frozenset({"sale", "capture"})


def is_money_due(order: Order) -> bool:
    """Whether the order stands and is at least partly paid or authorised."""
    stands = order.cancelled_at is None and not order.deleted
    return stands and (order.financial_status in _PAID or order.financial_status == _AUTHORIZED)


def is_money_kept(order: Order) -> bool:
    """Whether a cancelled order was paid in full and not all of it given back."""
    return order.cancelled_at is not None and order.financial_status in _NOT_ALL_GIVEN_BACK


def payment_fees(order: Order, payments: Iterable[Payment], costs: Costs) -> int:
    """
    Return what the processors kept, in minor units: their own figure, else the configured rate.

    Known payments are charged one by one; before any is known, the order's total is.
    A fee is not given back with a refund, as with the large processors.
    """
    taken = [payment for payment in payments if payment.kind in _TAKEN]
    if not taken:
        expected = order.financial_status in _PAID or is_money_due(order)
        return _fee_on(Decimal(order.total), costs) if expected and not order.fee_free else 0
    return sum(_fee_of(payment, taken, order, costs) for payment in taken)


def _fee_of(payment: Payment, taken: Sequence[Payment], order: Order, costs: Costs) -> int:
    if payment.gateway.lower() in FEE_FREE_GATEWAYS:
        return 0
    if payment.fee is not None:
        return payment.fee
    return _fee_on(_in_shop_currency(payment, taken, order), costs)


def _in_shop_currency(payment: Payment, taken: Sequence[Payment], order: Order) -> Decimal:
    """A transaction names the buyer's currency alone: its share of the order's total stands in."""
    if payment.currency in ("", order.currency):
        return Decimal(payment.amount)
    whole = sum(other.amount for other in taken)
    return Decimal(order.total) * payment.amount / whole if whole else Decimal()


def _fee_on(amount: Decimal, costs: Costs) -> int:
    return round_half_up(amount * costs.payment_rate) + costs.payment_fixed if amount > 0 else 0

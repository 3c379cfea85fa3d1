"""Refund, transaction and return bodies -> facts that name an order."""

from collections.abc import Sequence
from typing import Final

from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import Payment, Refund, RefundLine, Restock, Return
from nextorder.domain.messages import Noted, Reading
from nextorder.domain.money import portion
from nextorder.domain.payments import FEE_FREE_GATEWAYS

_SHIPPING_REFUND: Final = "shipping_refund"
_ANY_AMOUNT: Final = 10**18
"""Stands for a sum in the buyer's currency that cannot be compared: all of it is on its way."""
_RETURN_STATUS: Final = {
    "returns/request": "requested",
    "returns/approve": "open",
    "returns/reopen": "open",
    "returns/update": "open",
    "returns/decline": "declined",
    "returns/cancel": "canceled",
    "returns/close": "closed",
}


def read_refund(body: Node, envelope: Envelope) -> Reading:
    """Read refunds/create."""
    return Reading(facts=(refund_of(body, envelope, order=body.id_of("order_id", "")),))


def refund_of(body: Node, envelope: Envelope, *, order: str) -> Refund:
    """Read one refund, alone or inside its order: both give the same fact."""
    body.require("refund_line_items")
    at = envelope.clock(body, "processed_at", "created_at")
    currency = _currency(body, envelope.currency)
    adjustments = body.children("order_adjustments")
    shipping, shipping_tax = _shipping(body, adjustments, currency)
    return Refund(
        id=body.id_of(),
        order=order,
        placed_at=at,
        updated_at=at,
        lines=_lines(body, currency),
        shipping=shipping,
        shipping_tax=shipping_tax,
        adjustment=_adjustment(body, adjustments, currency),
        duties=body.amount("total_duties", currency),
        returned=body.child("return") is not None,
    )


def is_tip(line: Node) -> bool:
    """Tell a tip from an order line."""
    # NOTE: Only tips carry this field, and it may be null even there.
    return line.has("tip_payment_gateway")


def read_transaction(body: Node, envelope: Envelope) -> Reading:
    """Read order_transactions/create; what failed, waits or is a test moved no money."""
    order = body.id_of("order_id", "")
    if body.text("status").lower() != "success" or body.flag("test"):
        return Reading(commands=(Noted(why="a transaction that moved no money"),))
    # NOTE: The body has no shop amount: `amount` is in `currency`, which is the buyer's. A webhook
    # has no fee either; where the transaction was asked for, it stands beside, in the shop's currency.
    currency = body.currency("currency", envelope.currency)
    gateway = body.text("gateway")
    free = body.flag("manual_payment_gateway") or gateway.lower() in FEE_FREE_GATEWAYS
    payment = Payment(
        id=body.id_of(),
        order=order,
        updated_at=envelope.clock(body, "processed_at", "created_at"),
        kind=body.text("kind").lower(),
        gateway=gateway,
        amount=body.money("amount", currency),
        currency="" if currency == envelope.currency else currency,
        fee=0 if free else _fee(body, envelope.currency),
    )
    return Reading(facts=(payment,))


def _fee(body: Node, currency: str) -> int | None:
    return body.money("fee", currency) if body.has("fee") else None


def read_return(body: Node, envelope: Envelope) -> Reading:
    """Read returns/*: the body names the return, its order and its status; money comes with a refund."""
    order = body.child("order")
    fact = Return(
        id=body.id_of(),
        order=order.id_of() if order else body.id_of("order_id", ""),
        updated_at=envelope.clock(body, "updated_at"),
        status=body.text("status").lower() or _RETURN_STATUS[envelope.topic],
        units=sum(line.units("quantity", 0) for line in body.children("return_line_items")),
    )
    return Reading(facts=(fact,))


def _currency(body: Node, default: str) -> str:
    """A refund names no currency of its own; its sums do."""
    duties = body.child("total_duties_set")
    shop = duties.child("shop_money") if duties else None
    return shop.currency("currency_code", default) if shop else default


def _lines(body: Node, currency: str) -> tuple[RefundLine, ...]:
    lines = []
    for back in body.children("refund_line_items"):
        sold = back.child("line_item")
        if sold is None or not is_tip(sold):
            lines.append(_line(back, sold, currency))
    return tuple(sorted(lines, key=lambda line: (int(line.line), line.quantity, line.revenue)))


def _line(back: Node, sold: Node | None, currency: str) -> RefundLine:
    return RefundLine(
        line=sold.id_of() if sold else back.id_of("line_item_id", ""),
        quantity=back.units("quantity"),
        revenue=back.amount("subtotal", currency),
        restock=_restock(back),
        tax=back.amount("total_tax", currency),
    )


def _restock(back: Node) -> Restock:
    word = back.text("restock_type").lower()
    try:
        return Restock(word) if word else Restock.NO_RESTOCK
    except ValueError as error:
        raise back.bad("restock_type", f"expected one of {', '.join(Restock)}") from error


def _shipping(body: Node, adjustments: Sequence[Node], currency: str) -> tuple[int, int]:
    """Return shipping given back and the tax in it; newer versions drop the adjustment, older have both."""
    old = [each for each in adjustments if each.text("kind") == _SHIPPING_REFUND]
    if old:
        # NOTE: An adjustment is negative when the shop gives, and its tax comes on top.
        return -sum(each.amount("amount", currency, signed=True) for each in old), 0
    lines = body.children("refund_shipping_lines")
    amount = sum(line.amount("subtotal_amount", currency) for line in lines)
    return amount, sum(_shipping_tax(line, currency) for line in lines)


def _shipping_tax(back: Node, currency: str) -> int:
    if back.has("tax_amount_set"):
        return back.amount("tax_amount", currency)
    line = back.child("shipping_line")
    if line is None:
        return 0
    tax = sum(each.amount("price", currency) for each in line.children("tax_lines"))
    return portion(tax, back.amount("subtotal_amount", currency), line.amount("discounted_price", currency))


def _adjustment(body: Node, adjustments: Sequence[Node], currency: str) -> int:
    kept = sum(
        each.amount("amount", currency, signed=True)
        for each in adjustments
        if each.text("kind") != _SHIPPING_REFUND
    )
    # NOTE: What is still on its way is booked as kept by the shop until it arrives.
    on_its_way = sum(_pending(each, currency) for each in body.children("transactions"))
    return min(on_its_way, kept) - kept if kept > 0 else -kept


def _pending(transaction: Node, currency: str) -> int:
    if transaction.text("status").lower() != "pending" or transaction.text("kind").lower() != "refund":
        return 0
    foreign = transaction.currency("currency", currency) != currency
    return _ANY_AMOUNT if foreign else transaction.money("amount", currency)

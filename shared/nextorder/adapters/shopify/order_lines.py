"""The lines of an order body, goods and shipping, in money without tax."""

from collections import Counter
from collections.abc import Mapping, Sequence

from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import OrderLine, Refund
from nextorder.domain.money import portion


def lines_of(
    lines: Sequence[Node], refunds: Sequence[Refund], currency: str, *, taxes_included: bool
) -> tuple[OrderLine, ...]:
    """
    Read lines after discounts, without tax and without units that an edit took away.

    `lines` are an order's without tips, `refunds` the order's own. They come out by id: a bulk
    operation gives them in any order, and a fact is one fact whoever told it.
    """
    refunded = Counter[str]()
    for refund in refunds:
        for back in refund.lines:
            refunded[back.line] += back.quantity
    read = (_line(line, refunded, currency, taxes_included=taxes_included) for line in lines)
    return tuple(sorted((line for line in read if line.quantity > 0), key=lambda line: int(line.id)))


def _line(line: Node, refunded: Mapping[str, int], currency: str, *, taxes_included: bool) -> OrderLine:
    identity, quantity = line.id_of(), line.units("quantity")
    # Units that an edit took away are neither refunded nor current; discounts and taxes of the
    # line still speak of all its units.
    back = refunded.get(identity, 0)
    edited = quantity - back - line.units("current_quantity", max(0, quantity - back))
    kept = quantity - max(0, edited)
    revenue = _net(line, line.amount("price", currency) * quantity, currency, taxes_included=taxes_included)
    return OrderLine(
        id=identity,
        product=line.maybe_id("product_id"),
        variant=line.maybe_id("variant_id"),
        quantity=kept,
        revenue=portion(revenue, kept, quantity),
        gift_card=line.flag("gift_card"),
    )


def shipping_of(lines: Sequence[Node], currency: str, *, taxes_included: bool) -> int:
    """Read what was charged for shipping, after discounts and without tax."""
    return sum(_shipping_line(line, currency, taxes_included=taxes_included) for line in lines)


def _shipping_line(line: Node, currency: str, *, taxes_included: bool) -> int:
    if line.has("discount_allocations") or not line.has("discounted_price"):
        return _net(line, line.amount("price", currency), currency, taxes_included=taxes_included)
    tax = _tax(line, currency) if taxes_included else 0
    return max(0, line.amount("discounted_price", currency) - tax)


def _net(line: Node, price: int, currency: str, *, taxes_included: bool) -> int:
    """Take discounts and included taxes off; rounding at the shop must not make it negative."""
    discount = sum(each.amount("amount", currency) for each in line.children("discount_allocations"))
    return max(0, price - discount - (_tax(line, currency) if taxes_included else 0))


def _tax(line: Node, currency: str) -> int:
    return sum(tax.amount("price", currency) for tax in line.children("tax_lines"))

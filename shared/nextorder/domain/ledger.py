"""
The profit ledger: gross profit 2 of one order, from its facts and the shop's configured costs.

Every amount is whole minor units of the shop's currency. Each part of a profit is summed
exactly and rounded once, half up, so that the parts always add up to the profit.

What the rules of the platform leave open is settled here:
- Taxes, tips and duties charged on top are never the shop's money: neither revenue nor cost.
- A test or deleted order never happened. One that is voided or not yet paid has no revenue, a
  cancelled one what was paid and not given back. The goods of all these are still on the shelf,
  and the fee of a captured payment remains.
- Duties inside the prices are paid by the shop and stay paid after a refund. Duties charged on
  top become the shop's when it gives them back for goods that had left.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nextorder.domain.facts import Order, OrderLine, Payment, Refund, RefundLine, Restock
from nextorder.domain.money import round_half_up
from nextorder.domain.payments import is_money_due, is_money_kept, payment_fees
from nextorder.domain.shop import Costs

_BACK_ON_SHELF: Final = frozenset({Restock.RETURN, Restock.LEGACY})
_NEVER_LEFT: Final = frozenset({Restock.CANCEL})
_NOTHING: Final = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profit:
    """What one order brought and cost."""

    gross_revenue: int = 0
    """Items and shipping after discounts, without tax, before refunds."""
    refunded: int = 0
    goods: int = 0
    """Cost of goods kept by the buyer or lost."""
    parcels: int = 0
    """Outbound shipping, picking and packing."""
    returns: int = 0
    """Return shipping, handling, and the share of returned goods that cannot be sold again."""
    fees: int = 0
    duties: int = 0
    costs_known: bool = True
    """Whether no unit cost had to be guessed from a margin."""
    sold: int = 0
    """Revenue of goods, before refunds."""
    guessed: int = 0
    """Of it, of goods of which nobody has told a cost, nor a margin of their category."""

    def __add__(self, other: "Profit") -> "Profit":
        """Return what both brought and cost."""
        return Profit(
            gross_revenue=self.gross_revenue + other.gross_revenue,
            refunded=self.refunded + other.refunded,
            goods=self.goods + other.goods,
            parcels=self.parcels + other.parcels,
            returns=self.returns + other.returns,
            fees=self.fees + other.fees,
            duties=self.duties + other.duties,
            costs_known=self.costs_known and other.costs_known,
            sold=self.sold + other.sold,
            guessed=self.guessed + other.guessed,
        )

    @property
    def revenue(self) -> int:
        """Items and shipping after discounts and refunds, without tax."""
        return self.gross_revenue - self.refunded

    @property
    def gp2(self) -> int:
        """Gross profit 2: all costs that the order and its returns cause, marketing excluded."""
        return self.revenue - self.goods - self.parcels - self.returns - self.fees - self.duties


def profit_of_order(
    order: Order, refunds: Iterable[Refund], payments: Iterable[Payment], costs: Costs
) -> Profit:
    """Work out gross profit 2 of one order; refunds and payments are its own, in any order."""
    if order.test or order.deleted:
        return Profit()
    costs = costs.of(order.country)
    fees = payment_fees(order, payments, costs)
    back = tuple(refunds)
    charged = order.shipping + sum(line.revenue for line in _sold(order))
    refunded = sum(given_back(order, refund) for refund in back)
    if not is_money_due(order):
        # nothing was sold, so nothing came back: what is kept is all that was ever revenue
        kept = max(0, charged - refunded) if is_money_kept(order) else 0
        return Profit(gross_revenue=kept, fees=fees)

    goods, spoiled = _cost_of_goods(order, back, costs)
    return Profit(
        gross_revenue=charged,
        refunded=refunded,
        goods=round_half_up(goods),
        parcels=costs.outbound_shipping + costs.pick_pack if _parcel_left(order, back) else 0,
        returns=round_half_up(spoiled) + _cost_of_returns(order, back, costs),
        fees=fees,
        duties=_duties(order, back),
        costs_known=all(line.unit_cost is not None for line in _sold(order)),
        sold=sum(line.revenue for line in _sold(order)),
        guessed=sum(line.revenue for line in _sold(order) if is_guessed(line, costs)),
    )


def is_guessed(line: OrderLine, costs: Costs) -> bool:
    """Whether the default margin stands in for what a line costs."""
    return line.unit_cost is None and line.category not in costs.margin_by_category


def given_back(order: Order, refund: Refund, *, gift_cards: bool = False) -> int:
    """
    Return what a refund took from the order's revenue, without tax; never negative.

    Refunded gift cards count only on request, since selling them was no revenue either.
    """
    # NOTE: While a refund's payment is pending, Shopify books all of it, tax included, as a
    # discrepancy in the shop's favour. A refund that fails keeps that booking: nothing went out.
    cards = frozenset() if gift_cards else frozenset(line.id for line in order.lines if line.gift_card)
    lines = sum(_without_tax(order, line) for line in refund.lines if line.line not in cards)
    shipping = refund.shipping - (refund.shipping_tax if order.taxes_included else 0)
    return max(0, lines + shipping + refund.adjustment)


def _without_tax(order: Order, line: RefundLine) -> int:
    return line.revenue - line.tax if order.taxes_included else line.revenue


def _sold(order: Order) -> Sequence[OrderLine]:
    return [line for line in order.lines if not line.gift_card]


def _units(refunds: Iterable[Refund], restocks: frozenset[Restock]) -> Mapping[str, int]:
    """Return units by line; defaults to none."""
    units: dict[str, int] = defaultdict(int)
    for refund in refunds:
        for line in refund.lines:
            if line.restock in restocks:
                units[line.line] += line.quantity
    return units


def _cost_of_goods(order: Order, refunds: Sequence[Refund], costs: Costs) -> tuple[Decimal, Decimal]:
    never_left = _units(refunds, _NEVER_LEFT)
    on_shelf = _units(refunds, _BACK_ON_SHELF)
    gone, spoiled = _NOTHING, _NOTHING
    for line in _sold(order):
        sent = max(0, line.quantity - never_left[line.id])
        returned = min(sent, on_shelf[line.id])
        gone += _cost(line, sent - returned, costs)
        if returned:
            spoiled += _cost(line, returned, costs) * costs.unsellable_share
    return gone, spoiled


def _cost(line: OrderLine, units: int, costs: Costs) -> Decimal:
    if line.unit_cost is not None:
        return Decimal(line.unit_cost) * units
    margin = costs.margin_by_category.get(line.category, costs.default_margin)
    return Decimal(line.revenue) * (1 - margin) * units / line.quantity if line.quantity else Decimal()


def _parcel_left(order: Order, refunds: Sequence[Refund]) -> bool:
    never_left = _units(refunds, _NEVER_LEFT)
    return order.ships and any(line.quantity > never_left[line.id] for line in _sold(order))


def _cost_of_returns(order: Order, refunds: Iterable[Refund], costs: Costs) -> int:
    each = costs.return_handling + (costs.return_shipping if order.ships else 0)
    return each * sum(_came_back(refund) for refund in refunds)


def _came_back(refund: Refund) -> bool:
    return refund.returned or any(line.restock in _BACK_ON_SHELF for line in refund.lines)


def _duties(order: Order, refunds: Iterable[Refund]) -> int:
    if order.duties:
        return order.duties
    return sum(refund.duties for refund in refunds if not _all_cancelled(refund))


def _all_cancelled(refund: Refund) -> bool:
    return bool(refund.lines) and all(line.restock in _NEVER_LEFT for line in refund.lines)

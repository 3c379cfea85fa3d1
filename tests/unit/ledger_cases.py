"""
The usual order of the ledger's cases, and what is left of it from the body to the cent.

The usual basket: 2 mugs at 20.00 that cost 6.00 each, tea at 15.00 that costs 4.00, shipping 5.00.
The usual costs: fee 3 % + 0.25, parcel 4.95 + picking 1.50, return parcel 3.50 + handling 1.00,
a tenth of what comes back cannot be sold again, margin 50 % where a cost is not known.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from nextorder.adapters.shopify.read import read
from nextorder.domain.counting import is_counted
from nextorder.domain.facts import Order, Payment, Refund
from nextorder.domain.ledger import Profit, profit_of_order
from nextorder.domain.shop import Costs, Shop
from tests.unit.payloads import Body, a_line, a_refund, an_order, refunded, refunded_shipping

SHOP = Shop(id="example.myshopify.com", currency="EUR")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
COSTS = Costs(
    payment_rate=Decimal("0.03"),
    payment_fixed=25,
    outbound_shipping=495,
    return_shipping=350,
    pick_pack=150,
    return_handling=100,
    unsellable_share=Decimal("0.10"),
    default_margin=Decimal("0.50"),
)
UNIT_COSTS = {"1": 600, "2": 400}
MUGS = a_line(1, "20.00", 2)
TEA = a_line(2, "15.00")


def usual_order(**fields: Any) -> Body:
    return an_order(MUGS, TEA, **({"total": "60.00"} | fields))


def order_in(body: Body) -> Order:
    facts = read("orders/updated", body, triggered_at=NOW, currency="EUR").facts
    order = next(fact for fact in facts if isinstance(fact, Order))
    lines = tuple(replace(line, unit_cost=UNIT_COSTS.get(line.id)) for line in order.lines)
    return replace(order, lines=lines)


def refund_in(body: Body) -> Refund:
    (refund,) = read("refunds/create", body, triggered_at=NOW, currency="EUR").facts
    assert isinstance(refund, Refund)
    return refund


def payment_in(body: Body) -> Payment:
    (payment,) = read("order_transactions/create", body, triggered_at=NOW, currency="EUR").facts
    assert isinstance(payment, Payment)
    return payment


def profit(order: Body, *refunds: Body, payments: tuple[Body, ...] = ()) -> Profit:
    return profit_of_order(
        order_in(order),
        [refund_in(refund) for refund in refunds],
        [payment_in(payment) for payment in payments],
        COSTS,
    )


def counted(order: Body, *refunds: Body, shop: Shop = SHOP) -> bool:
    return is_counted(order_in(order), [refund_in(refund) for refund in refunds], shop)


def everything_back(at: str = "2026-03-12T09:00:00+01:00") -> Body:
    lines = (refunded(MUGS, 2, "40.00"), refunded(TEA, 1, "15.00"))
    return a_refund(*lines, refund_shipping_lines=[refunded_shipping("5.00")], at=at)

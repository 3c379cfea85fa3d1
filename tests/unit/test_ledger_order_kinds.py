"""
Gross profit 2 and the order day by where an order comes from and what it is.

Each worked out by hand; the usual basket and costs stand in `ledger_cases`.
"""

from dataclasses import replace

import pytest

from nextorder.adapters.shopify.read import read
from nextorder.domain.counting import is_counted
from nextorder.domain.facts import Order, OrderKind
from nextorder.domain.ledger import Profit, profit_of_order
from tests.unit.ledger_cases import (
    COSTS,
    MUGS,
    NOW,
    SHOP,
    TEA,
    counted,
    order_in,
    profit,
    refund_in,
    usual_order,
)
from tests.unit.payloads import Body, a_line, a_refund, a_transaction, an_order


def test_a_test_order_never_happened() -> None:
    assert profit(usual_order(test=True), payments=(a_transaction(1, "60.00"),)) == Profit()
    assert not counted(usual_order(test=True))


def test_a_deleted_order_never_happened() -> None:
    gone = replace(order_in(usual_order()), deleted=True)
    assert profit_of_order(gone, [], [], COSTS) == Profit()
    assert not is_counted(gone, [], SHOP)


def test_a_guest_order_is_money_of_nobody_we_know() -> None:
    reading = read("orders/create", usual_order(customer=None), triggered_at=NOW)
    (order,) = reading.facts
    assert isinstance(order, Order)
    assert order.customer is None
    assert reading.contact is None
    assert profit(usual_order(customer=None)).gp2 == 3550


def test_an_order_at_the_till_is_carried_home() -> None:
    """55.00 in cash, no parcel, no fee: 55.00 - 16.00 = 39.00."""
    till = usual_order(source_name="pos", shipping_lines=[], payment_gateway_names=["cash"], total="55.00")
    assert profit(till).gp2 == 3900
    assert counted(till)


def test_an_order_at_the_till_that_is_sent_home_is_a_parcel() -> None:
    assert profit(usual_order(source_name="pos")).parcels == 645


def test_a_draft_order_is_an_order() -> None:
    draft = usual_order(source_name="shopify_draft_order")
    assert profit(draft).gp2 == 3550
    assert counted(draft)


def test_a_download_is_no_parcel() -> None:
    """60.00 - 16.00 - 2.05 = 41.95."""
    lines = (line | {"requires_shipping": False} for line in (MUGS, TEA))
    assert profit(an_order(*lines, total="60.00")).gp2 == 4195


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"name": "EXC-1001"}, OrderKind.EXCHANGE),
        ({"tags": "spring, Exchange Order"}, OrderKind.EXCHANGE),
        ({"tags": "Loop Exchange, LE:Exchange"}, OrderKind.SALE),
        ({"source_name": "subscription_contract"}, OrderKind.RENEWAL),
        ({"source_name": "subscription_contract_checkout_one"}, OrderKind.RENEWAL),
        ({"tags": "Subscription, Subscription Recurring Order"}, OrderKind.RENEWAL),
        ({"tags": "Subscription, Subscription First Order"}, OrderKind.SALE),
        ({"company": {"id": 1, "location_id": 2}}, OrderKind.WHOLESALE),
    ],
)
def test_the_kind_of_an_order(fields: Body, kind: OrderKind) -> None:
    """Its money is money whatever its kind; only a sale is a decision to buy."""
    order = usual_order(**fields)
    assert order_in(order).kind is kind
    assert profit(order).gp2 == 3550
    assert counted(order) is (kind is OrderKind.SALE)


def test_wholesale_counts_where_the_shop_says_so() -> None:
    order = usual_order(company={"id": 1, "location_id": 2})
    assert counted(order, shop=replace(SHOP, count_wholesale=True))
    assert not counted(usual_order(name="EXC-1"), shop=replace(SHOP, count_wholesale=True))


def test_ids_beyond_what_a_double_holds_stay_exact() -> None:
    mugs = a_line(9007199254740993, "20.00", 2)
    order = an_order(mugs, total="45.00", id=820982911946154500)
    order["admin_graphql_api_id"] = "gid://shopify/Order/820982911946154508"
    read_back = order_in(order)
    assert read_back.id == "820982911946154508"
    assert read_back.lines[0].id == "9007199254740993"
    assert refund_in(a_refund(order_id=9007199254740995)).order == "9007199254740995"

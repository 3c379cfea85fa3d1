"""
Gross profit 2 by how an order was paid: gift cards, fees, currencies, not at all.

Each worked out by hand; the usual basket and costs stand in `ledger_cases`.
"""

from dataclasses import replace

import pytest

from nextorder.domain.ledger import Profit, profit_of_order
from tests.unit.ledger_cases import COSTS, MUGS, TEA, counted, order_in, payment_in, profit, usual_order
from tests.unit.payloads import (
    Body,
    a_line,
    a_refund,
    a_tip,
    a_transaction,
    adjustment,
    an_order,
    money,
    refunded,
    refunded_shipping,
    shipping,
)


def test_a_gift_card_sold_is_a_debt_and_no_revenue() -> None:
    """50.00 taken: only the fee 1.75 has happened; and its refund takes no revenue."""
    card = a_line(3, "50.00", gift_card=True, requires_shipping=False)
    order = an_order(card, shipping_lines=[], total="50.00")
    assert profit(order) == Profit(fees=175)
    assert profit(order, a_refund(refunded(card, 1, "50.00", "no_restock"))) == Profit(fees=175)
    assert counted(order)
    assert not counted(order, a_refund(refunded(card, 1, "50.00", "no_restock")))


def test_a_gift_card_redeemed_is_revenue_without_a_fee() -> None:
    """35.50 + 2.05 = 37.55, before and after its transaction is known."""
    order = usual_order(payment_gateway_names=["gift_card"])
    assert profit(order).gp2 == 3755
    assert profit(order, payments=(a_transaction(1, "60.00", gateway="gift_card"),)).gp2 == 3755
    assert counted(order)


def test_a_gift_card_and_a_card() -> None:
    """Fee on 40.00 alone: 1.45; 60.00 - 16.00 - 6.45 - 1.45 = 36.10."""
    paid = (a_transaction(1, "20.00", gateway="gift_card"), a_transaction(2, "40.00"))
    assert (
        profit(usual_order(payment_gateway_names=["gift_card", "shopify_payments"]), payments=paid).gp2
        == 3610
    )


def test_a_known_fee_stands_and_an_authorisation_costs_nothing_beside_its_capture() -> None:
    """60.00 - 16.00 - 6.45 - 1.87 = 35.68."""
    authorised = payment_in(a_transaction(1, "60.00", kind="authorization"))
    captured = replace(payment_in(a_transaction(2, "60.00", kind="capture")), fee=187)
    assert profit_of_order(order_in(usual_order()), [], [authorised, captured], COSTS).gp2 == 3568


def test_a_tip_is_no_revenue() -> None:
    """Total 65.00: fee 2.20; 60.00 - 16.00 - 6.45 - 2.20 = 35.35; given back, it changes nothing."""
    tip = a_tip(3, "5.00")
    order = an_order(MUGS, TEA, tip, total="65.00")
    assert profit(order).gp2 == 3535
    assert profit(order, a_refund(refunded(tip, 1, "5.00", "no_restock"))).gp2 == 3535


def test_a_buyer_who_pays_in_another_currency() -> None:
    """The shop's money counts, and the fee is on the 60.00 EUR behind 66.00 USD: 35.50."""
    mugs = a_line(1, "20.00", 2) | {"price_set": money("20.00", buyer=("22.00", "USD"))}
    order = an_order(mugs, TEA, total="60.00", presentment_currency="USD")
    order["total_price_set"] = money("60.00", buyer=("66.00", "USD"))
    assert profit(order, payments=(a_transaction(1, "66.00", currency="USD"),)).gp2 == 3550


def cancelled(financial_status: str) -> Body:
    return usual_order(cancelled_at=CANCELLED_AT, financial_status=financial_status)


CANCELLED_AT = "2026-03-02T12:00:00+01:00"
GOODS_CANCELLED = (refunded(MUGS, 2, "40.00", "cancel"), refunded(TEA, 1, "15.00", "cancel"))


def test_a_cancelled_order_leaves_the_fee_of_the_captured_payment() -> None:
    """Refunded after capture, 60.00 - 40.00 - 15.00 - 5.00 = 0: -2.05; its goods never left."""
    back = a_refund(*GOODS_CANCELLED, refund_shipping_lines=[refunded_shipping("5.00")])
    assert profit(cancelled("refunded"), back) == Profit(fees=205)
    assert not counted(cancelled("refunded"), back)


def test_a_cancelled_order_is_refunded_before_its_refund_is_known() -> None:
    assert profit(cancelled("refunded")) == Profit(fees=205)


def test_a_cancelled_order_keeps_what_the_shop_kept() -> None:
    """60.00 - 55.00 = 5.00 shipping kept; - 2.05 = 2.95; its goods never left."""
    order, back = cancelled("partially_refunded"), a_refund(*GOODS_CANCELLED)
    assert profit(order, back) == Profit(gross_revenue=500, fees=205)
    assert profit(order, back).gp2 == 295
    assert not counted(order, back)


def test_a_cancelled_order_of_which_the_shop_kept_a_fee() -> None:
    """60.00 - 55.00 - 5.00 + 12.00 kept by a discrepancy = 12.00; - 2.05 = 9.95."""
    shipping_back = [refunded_shipping("5.00")]
    back = a_refund(
        *GOODS_CANCELLED, refund_shipping_lines=shipping_back, order_adjustments=[adjustment("12.00")]
    )
    assert profit(cancelled("partially_refunded"), back).revenue == 1200
    assert profit(cancelled("partially_refunded"), back).gp2 == 995


def test_what_is_kept_of_prices_with_tax_has_none() -> None:
    """48.00 of 60.00 without tax; mugs back 40.00 - 8.00 = 32.00: 16.00 kept."""
    order = an_order(
        a_line(1, "20.00", 2, taxes=["8.00"]),
        a_line(2, "15.00", taxes=["3.00"]),
        shipping_lines=[shipping("5.00", taxes=["1.00"])],
        taxes_included=True,
        total="60.00",
        cancelled_at=CANCELLED_AT,
        financial_status="partially_refunded",
    )
    assert profit(order, a_refund(refunded(MUGS, 2, "40.00", "cancel", tax="8.00"))).revenue == 1600


def test_a_cancelled_order_that_was_paid_and_never_refunded_is_all_kept() -> None:
    """60.00 - 2.05 = 57.95."""
    assert profit(cancelled("paid")) == Profit(gross_revenue=6000, fees=205)


@pytest.mark.parametrize("status", ["voided", "pending", "authorized", "expired"])
def test_a_cancelled_order_that_was_never_captured_is_nothing(status: str) -> None:
    assert profit(cancelled(status)) == Profit()


@pytest.mark.parametrize("status", ["voided", "pending", "expired", None])
def test_an_order_that_nobody_paid_is_nothing_yet(status: str | None) -> None:
    assert profit(usual_order(financial_status=status)) == Profit()
    assert not counted(usual_order(financial_status=status))


@pytest.mark.parametrize("status", ["authorized", "partially_paid", "paid", "partially_refunded", "refunded"])
def test_an_order_at_least_partly_paid_or_authorised_counts(status: str) -> None:
    assert counted(usual_order(financial_status=status))
    assert profit(usual_order(financial_status=status)).gp2 == 3550

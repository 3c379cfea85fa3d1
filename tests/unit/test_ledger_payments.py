"""
Gross profit 2 by how an order was paid: gift cards, fees, currencies, not at all.

Each worked out by hand; the usual basket and costs stand in `ledger_cases`.
"""

from dataclasses import replace

import pytest

from nextorder.domain.ledger import Profit, profit_of_order
from tests.unit.ledger_cases import COSTS, MUGS, TEA, counted, order_in, payment_in, profit, usual_order
from tests.unit.payloads import a_line, a_refund, a_tip, a_transaction, an_order, money, refunded


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


def test_a_cancelled_order_leaves_the_fee_of_the_captured_payment() -> None:
    """Refunded after capture: -2.05; its goods never left."""
    lines = (refunded(MUGS, 2, "40.00", "cancel"), refunded(TEA, 1, "15.00", "cancel"))
    order = usual_order(cancelled_at="2026-03-02T12:00:00+01:00", financial_status="refunded")
    assert profit(order, a_refund(*lines)) == Profit(fees=205)
    assert not counted(order)


@pytest.mark.parametrize("status", ["voided", "pending", "expired", None])
def test_an_order_that_nobody_paid_is_nothing_yet(status: str | None) -> None:
    assert profit(usual_order(financial_status=status)) == Profit()
    assert not counted(usual_order(financial_status=status))


def test_an_order_cancelled_before_capture_has_no_fee() -> None:
    order = usual_order(cancelled_at="2026-03-02T12:00:00+01:00", financial_status="authorized")
    assert profit(order) == Profit()


@pytest.mark.parametrize("status", ["authorized", "partially_paid", "paid", "partially_refunded", "refunded"])
def test_an_order_at_least_partly_paid_or_authorised_counts(status: str) -> None:
    assert counted(usual_order(financial_status=status))
    assert profit(usual_order(financial_status=status)).gp2 == 3550

"""
Gross profit 2 of orders from which money or goods went back.

Each worked out by hand; the usual basket and costs stand in `ledger_cases`.
"""

import pytest

from nextorder.domain.ledger import Profit
from tests.unit.ledger_cases import MUGS, TEA, counted, everything_back, profit, usual_order
from tests.unit.payloads import Body, a_refund, a_transaction, adjustment, refunded, refunded_shipping


def test_a_partial_refund_restocked() -> None:
    """60.00 - 20.00; kept goods 10.00; return 6.00 x 10 % + 3.50 + 1.00 = 5.10; 16.40; fee stays."""
    back = profit(usual_order(), a_refund(refunded(MUGS, 1, "20.00")))
    assert back == Profit(
        gross_revenue=6000, refunded=2000, goods=1000, parcels=645, returns=510, fees=205, sold=5500
    )
    assert back.gp2 == 1640
    assert counted(usual_order(), a_refund(refunded(MUGS, 1, "20.00")))


def test_a_full_refund_restocked_costs_parcels_fee_and_what_cannot_be_sold_again() -> None:
    """0.00 - 6.45 - (16.00 x 10 % + 4.50 = 6.10) - 2.05 = -14.60."""
    assert profit(usual_order(), everything_back()).revenue == 0
    assert profit(usual_order(), everything_back()).gp2 == -1460


def test_a_full_refund_within_thirty_days_undoes_the_order_day_and_a_later_one_does_not() -> None:
    assert not counted(usual_order(), everything_back(at="2026-04-01T11:15:00+02:00"))
    assert counted(usual_order(), everything_back(at="2026-04-01T11:15:01+02:00"))


@pytest.mark.parametrize(
    "said",
    [
        {"refund_shipping_lines": [refunded_shipping("5.00")]},
        {"order_adjustments": [adjustment("-5.00", "shipping_refund")]},
        {
            "refund_shipping_lines": [refunded_shipping("5.00")],
            "order_adjustments": [adjustment("-5.00", "shipping_refund")],
        },
    ],
    ids=["the new way", "the old way", "both ways at once"],
)
def test_a_refund_of_shipping_counts_once_however_it_is_said(said: Body) -> None:
    """35.50 - 5.00 = 30.50; nothing came back."""
    assert profit(usual_order(), a_refund(**said)).gp2 == 3050


def test_money_given_back_without_goods() -> None:
    """A goodwill of 3.00: 35.50 - 3.00 = 32.50."""
    assert profit(usual_order(), a_refund(order_adjustments=[adjustment("-3.00")])).gp2 == 3250


def test_all_money_given_back_for_kept_goods_undoes_the_order_day() -> None:
    """60.00 - 60.00 - 16.00 - 6.45 - 2.05 = -24.50."""
    gift = a_refund(order_adjustments=[adjustment("-60.00")])
    assert profit(usual_order(), gift).gp2 == -2450
    assert not counted(usual_order(), gift)


def test_a_restocking_fee_is_kept() -> None:
    """Of 20.00 only 18.00 go back: 16.40 + 2.00 = 18.40."""
    back = a_refund(refunded(MUGS, 1, "20.00"), order_adjustments=[adjustment("2.00")])
    assert profit(usual_order(), back).gp2 == 1840


def test_a_refund_whose_payment_is_pending_is_booked_as_kept_and_yet_given() -> None:
    """20.00 and 5.00 tax are on their way: the same 16.40 as once they have arrived."""
    on_its_way = a_transaction(8001, "25.00", kind="refund", status="pending")
    back = refunded(MUGS, 1, "20.00", tax="5.00")
    pending = a_refund(back, order_adjustments=[adjustment("25.00")], transactions=[on_its_way])
    assert profit(usual_order(), pending).gp2 == 1640
    dollars = on_its_way | {"amount": "27.50", "currency": "USD"}
    assert profit(usual_order(), pending | {"transactions": [dollars]}).gp2 == 1640


def test_a_refund_that_failed_gave_nothing_back() -> None:
    """The goods are back, the money stayed: 35.50 + 6.00 - 5.10 = 36.40."""
    failed = a_transaction(8001, "25.00", kind="refund", status="failure")
    back = refunded(MUGS, 1, "20.00", tax="5.00")
    refund = a_refund(back, order_adjustments=[adjustment("25.00")], transactions=[failed])
    assert profit(usual_order(), refund).gp2 == 3640


def test_a_return_that_is_not_restocked_is_lost() -> None:
    """60.00 - 20.00 - goods 16.00 - 6.45 - return 4.50 - 2.05 = 11.00."""
    broken = a_refund(refunded(MUGS, 1, "20.00", "no_restock")) | {"return": {"id": 3}}
    assert profit(usual_order(), broken).gp2 == 1100


def test_goods_that_may_be_kept_cause_no_return() -> None:
    """60.00 - 20.00 - 16.00 - 6.45 - 2.05 = 15.50."""
    assert profit(usual_order(), a_refund(refunded(MUGS, 1, "20.00", "no_restock"))).gp2 == 1550


def test_goods_cancelled_before_they_left_cost_nothing() -> None:
    """60.00 - 20.00 - 10.00 - 6.45 - 2.05 = 21.50."""
    assert profit(usual_order(), a_refund(refunded(MUGS, 1, "20.00", "cancel"))).gp2 == 2150


def test_no_parcel_leaves_when_every_unit_is_cancelled() -> None:
    """The shop kept 5.00 of shipping: 5.00 - 2.05 = 2.95."""
    lines = (refunded(MUGS, 2, "40.00", "cancel"), refunded(TEA, 1, "15.00", "cancel"))
    assert profit(usual_order(), a_refund(*lines)).gp2 == 295
    assert not counted(usual_order(), a_refund(*lines))

"""Which orders are decisions to buy, by the facts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.domain.counting import is_counted
from nextorder.domain.facts import Order, OrderKind, OrderLine, Refund, RefundLine
from nextorder.domain.shop import Shop

PLACED_AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
SHOP = Shop(id="example.myshopify.com")
ORDER = Order(
    id="1",
    customer="7",
    placed_at=PLACED_AT,
    updated_at=PLACED_AT,
    currency="EUR",
    lines=(OrderLine(id="11", quantity=2, revenue=4000), OrderLine(id="12", quantity=1, revenue=1500)),
    shipping=500,
    total=6000,
)


def a_refund(days: int, *lines: RefundLine, adjustment: int = 0) -> Refund:
    at = PLACED_AT + timedelta(days=days)
    return Refund(id=str(days), order="1", placed_at=at, updated_at=at, lines=lines, adjustment=adjustment)


def test_a_paid_order_counts() -> None:
    assert is_counted(ORDER, [], SHOP)


@pytest.mark.parametrize(
    "change",
    [
        {"test": True},
        {"deleted": True},
        {"cancelled_at": PLACED_AT},
        {"total": 0},
        {"financial_status": "pending"},
        {"financial_status": "voided"},
        {"financial_status": "expired"},
        {"financial_status": "a word of tomorrow"},
        {"kind": OrderKind.EXCHANGE},
        {"kind": OrderKind.RENEWAL},
        {"kind": OrderKind.WHOLESALE},
    ],
    ids=str,
)
def test_what_is_no_decision_to_buy_does_not_count(change: dict[str, object]) -> None:
    assert not is_counted(replace(ORDER, **change), [], SHOP)  # type: ignore[arg-type]


def test_the_switch_for_wholesale_moves_wholesale_alone() -> None:
    shop = replace(SHOP, count_wholesale=True)
    assert is_counted(replace(ORDER, kind=OrderKind.WHOLESALE), [], shop)
    assert not is_counted(replace(ORDER, kind=OrderKind.RENEWAL), [], shop)


def test_goods_that_all_come_back_in_parts_within_thirty_days_undo_the_order() -> None:
    """Shipping is kept, and yet nothing was bought."""
    mugs, tea = (
        RefundLine(line="11", quantity=2, revenue=4000),
        RefundLine(line="12", quantity=1, revenue=1500),
    )
    assert not is_counted(ORDER, [a_refund(3, mugs), a_refund(30, tea)], SHOP)
    assert is_counted(ORDER, [a_refund(3, mugs), a_refund(31, tea)], SHOP)


def test_a_partial_refund_keeps_the_order() -> None:
    assert is_counted(ORDER, [a_refund(3, RefundLine(line="11", quantity=1, revenue=2000))], SHOP)


def test_all_money_back_undoes_the_order_whatever_became_of_the_goods() -> None:
    assert not is_counted(ORDER, [a_refund(3, adjustment=6000)], SHOP)
    assert is_counted(ORDER, [a_refund(3, adjustment=5999)], SHOP)


def test_an_order_of_which_no_line_is_known_can_still_count() -> None:
    assert is_counted(replace(ORDER, lines=()), [a_refund(3, adjustment=100)], SHOP)

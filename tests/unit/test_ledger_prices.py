"""
Gross profit 2 by what stands on an order: taxes, discounts, shipping, duties, edits, costs.

Each worked out by hand; the usual basket and costs stand in `ledger_cases`.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from nextorder.domain.ledger import Profit, profit_of_order
from tests.unit.ledger_cases import COSTS, MUGS, TEA, counted, everything_back, order_in, profit, usual_order
from tests.unit.payloads import Body, a_line, a_refund, an_order, money, refunded, shipping


def test_a_usual_order() -> None:
    """60.00 - goods 16.00 - parcel 6.45 - fee (60.00 x 3 % + 0.25 = 2.05) = 35.50."""
    assert profit(usual_order()) == Profit(gross_revenue=6000, goods=1600, parcels=645, fees=205, sold=5500)
    assert profit(usual_order()).gp2 == 3550
    assert counted(usual_order())


def test_taxes_on_top_are_no_revenue_but_the_fee_is_on_them_too() -> None:
    """25 % on 60.00: total 75.00, fee 2.50; 60.00 - 16.00 - 6.45 - 2.50 = 35.05."""
    order = an_order(
        a_line(1, "20.00", 2, taxes=["10.00"]),
        a_line(2, "15.00", taxes=["3.75"]),
        shipping_lines=[shipping("5.00", taxes=["1.25"])],
        total="75.00",
    )
    assert profit(order).gp2 == 3505


def test_taxes_in_the_prices_are_taken_out() -> None:
    """40.00 - 8.00 + 15.00 - 3.00 + 5.00 - 1.00 = 48.00; - 16.00 - 6.45 - 2.05 = 23.50."""
    assert profit(_with_taxes_included()).revenue == 4800
    assert profit(_with_taxes_included()).gp2 == 2350


def test_a_refund_of_prices_with_tax_gives_back_what_was_revenue() -> None:
    """One mug: 20.00 - 4.00 tax = 16.00 of the 48.00; kept goods 10.00; returned 0.60 + 4.50."""
    back = profit(_with_taxes_included(), a_refund(refunded(MUGS, 1, "20.00", tax="4.00")))
    assert back.revenue == 3200
    assert back.gp2 == 3200 - 1000 - 645 - 510 - 205


def _with_taxes_included() -> Body:
    return an_order(
        a_line(1, "20.00", 2, taxes=["8.00"]),
        a_line(2, "15.00", taxes=["2.00", "1.00"]),
        shipping_lines=[shipping("5.00", taxes=["1.00"])],
        taxes_included=True,
        total="60.00",
    )


def test_discounts_of_a_line_and_of_the_order() -> None:
    """Mugs 40.00 - 4.00 - 2.00, tea 15.00 - 1.50, 5.00: 52.50; fee 1.575 -> 1.58 + 0.25; 28.22."""
    order = an_order(
        a_line(1, "20.00", 2, discounts=["4.00", "2.00"]),
        a_line(2, "15.00", discounts=["1.50"]),
        total_discounts="7.50",
        total="52.50",
    )
    assert profit(order).revenue == 5250
    assert profit(order).gp2 == 5250 - 1600 - 645 - 183 == 2822
    assert (order_in(order).discount, order_in(order).subtotal) == (750, 5500)


def test_free_shipping_is_shipping_with_a_discount() -> None:
    """55.00 - 16.00 - 6.45 - (1.65 + 0.25) = 30.65: the parcel still costs."""
    free = usual_order(shipping_lines=[shipping("5.00", discounts=["5.00"])], total="55.00")
    assert profit(free).gp2 == 3065


def test_a_shipping_line_taken_off_by_an_edit_is_not_charged() -> None:
    gone = shipping("9.00") | {"is_removed": True}
    assert order_in(usual_order(shipping_lines=[shipping("5.00"), gone])).shipping == 500


def test_duties_on_top_pass_through() -> None:
    """Total 66.00: fee 2.23; 60.00 - 16.00 - 6.45 - 2.23 = 35.32."""
    assert profit(_with_duties(total="66.00")).gp2 == 3532


def test_duties_inside_the_prices_are_the_shops() -> None:
    """35.50 - 6.00 = 29.50."""
    assert profit(_with_duties(duties_included=True, total="60.00")).gp2 == 2950


def test_duties_given_back_after_customs_took_them_are_the_shops() -> None:
    """All back with 6.00 duties: - 6.45 - 6.10 - 2.23 - 6.00 = -20.78; cancelled before: none."""
    back = everything_back() | {"total_duties_set": money("6.00")}
    assert profit(_with_duties(total="66.00"), back).gp2 == -2078
    cancelled = a_refund(refunded(TEA, 1, "15.00", "cancel"), total_duties_set=money("6.00"))
    assert profit(_with_duties(total="66.00"), cancelled).duties == 0


def _with_duties(**fields: Any) -> Body:
    return usual_order(original_total_duties_set=money("6.00"), **fields)


def test_units_taken_off_by_an_edit_are_gone() -> None:
    """One mug left of two: 20.00 + 15.00 + 5.00 - 10.00 - 6.45 - 1.45 = 22.10."""
    order = an_order(a_line(1, "20.00", 2, current_quantity=1), TEA, total="40.00")
    assert profit(order).gp2 == 2210


def test_refunded_units_are_not_mistaken_for_edited_ones() -> None:
    """Three mugs, one refunded, one edited away, one left: two were sold."""
    mugs = a_line(1, "20.00", 3, current_quantity=1, discounts=["6.00"])
    refund = a_refund(refunded(mugs, 1, "18.00"))
    (line,) = order_in(an_order(mugs, total="60.00", refunds=[refund])).lines
    assert (line.quantity, line.revenue) == (2, 3600)


def test_an_order_edited_down_to_nothing_does_not_count() -> None:
    order = an_order(a_line(1, "20.00", 2, current_quantity=0), shipping_lines=[], total="40.00")
    assert profit(order) == Profit()
    assert not counted(order)


def test_an_order_for_nothing_costs_what_it_costs() -> None:
    """- 16.00 - 6.45 = -22.45: no revenue, no fee, and no decision to buy."""
    order = an_order(
        a_line(1, "20.00", 2, discounts=["40.00"]),
        a_line(2, "15.00", discounts=["15.00"]),
        shipping_lines=[],
        total="0.00",
    )
    assert profit(order).gp2 == -2245
    assert not counted(order)


def test_a_missing_unit_cost_is_guessed_and_said() -> None:
    """Mugs known 12.00, soap 9.99 guessed at 50 %: 4.995 -> goods 17.00 (half up)."""
    order = order_in(an_order(MUGS, a_line(4, "9.99"), total="54.99"))
    guessed = profit_of_order(order, [], [], COSTS)
    assert (guessed.goods, guessed.costs_known) == (1700, False)
    by_category = replace(COSTS, margin_by_category={"other": Decimal("0.20")})
    assert profit_of_order(order, [], [], by_category).goods == 1200 + 799
    assert profit(usual_order()).costs_known


def test_currencies_without_or_with_three_decimals() -> None:
    yen = an_order(a_line(1, "2000", 2, currency="JPY"), shipping_lines=[], total="4000", currency="JPY")
    dinar = an_order(a_line(1, "1.250", 2, currency="KWD"), shipping_lines=[], total="2.500", currency="KWD")
    assert (order_in(yen).lines[0].revenue, order_in(yen).total) == (4000, 4000)
    assert (order_in(dinar).lines[0].revenue, order_in(dinar).total) == (2500, 2500)

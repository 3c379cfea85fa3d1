"""
Gross profit 2 of the cases that shops meet, from the body to the cent, each worked out by hand.

The usual basket: 2 mugs at 20.00 that cost 6.00 each, tea at 15.00 that costs 4.00, shipping 5.00.
The usual costs: fee 3 % + 0.25, parcel 4.95 + picking 1.50, return parcel 3.50 + handling 1.00,
a tenth of what comes back cannot be sold again, margin 50 % where a cost is not known.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from nextorder.adapters.shopify.read import read
from nextorder.domain.counting import is_counted
from nextorder.domain.facts import Order, OrderKind, Payment, Refund
from nextorder.domain.ledger import Profit, profit_of_order
from nextorder.domain.shop import Costs, Shop
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


def test_a_usual_order() -> None:
    """60.00 - goods 16.00 - parcel 6.45 - fee (60.00 x 3 % + 0.25 = 2.05) = 35.50."""
    assert profit(usual_order()) == Profit(gross_revenue=6000, goods=1600, parcels=645, fees=205)
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


def test_a_partial_refund_restocked() -> None:
    """60.00 - 20.00; kept goods 10.00; return 6.00 x 10 % + 3.50 + 1.00 = 5.10; 16.40; fee stays."""
    back = profit(usual_order(), a_refund(refunded(MUGS, 1, "20.00")))
    assert back == Profit(gross_revenue=6000, refunded=2000, goods=1000, parcels=645, returns=510, fees=205)
    assert back.gp2 == 1640
    assert counted(usual_order(), a_refund(refunded(MUGS, 1, "20.00")))


def test_a_full_refund_restocked_costs_parcels_fee_and_what_cannot_be_sold_again() -> None:
    """0.00 - 6.45 - (16.00 x 10 % + 4.50 = 6.10) - 2.05 = -14.60."""
    assert profit(usual_order(), _everything_back()).revenue == 0
    assert profit(usual_order(), _everything_back()).gp2 == -1460


def test_a_full_refund_within_thirty_days_undoes_the_order_day_and_a_later_one_does_not() -> None:
    assert not counted(usual_order(), _everything_back(at="2026-04-01T11:15:00+02:00"))
    assert counted(usual_order(), _everything_back(at="2026-04-01T11:15:01+02:00"))


def _everything_back(at: str = "2026-03-12T09:00:00+01:00") -> Body:
    lines = (refunded(MUGS, 2, "40.00"), refunded(TEA, 1, "15.00"))
    return a_refund(*lines, refund_shipping_lines=[refunded_shipping("5.00")], at=at)


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


def test_duties_on_top_pass_through() -> None:
    """Total 66.00: fee 2.23; 60.00 - 16.00 - 6.45 - 2.23 = 35.32."""
    assert profit(_with_duties(total="66.00")).gp2 == 3532


def test_duties_inside_the_prices_are_the_shops() -> None:
    """35.50 - 6.00 = 29.50."""
    assert profit(_with_duties(duties_included=True, total="60.00")).gp2 == 2950


def test_duties_given_back_after_customs_took_them_are_the_shops() -> None:
    """All back with 6.00 duties: - 6.45 - 6.10 - 2.23 - 6.00 = -20.78; cancelled before: none."""
    back = _everything_back() | {"total_duties_set": money("6.00")}
    assert profit(_with_duties(total="66.00"), back).gp2 == -2078
    cancelled = a_refund(refunded(TEA, 1, "15.00", "cancel"), total_duties_set=money("6.00"))
    assert profit(_with_duties(total="66.00"), cancelled).duties == 0


def _with_duties(**fields: Any) -> Body:
    return usual_order(original_total_duties_set=money("6.00"), **fields)


def test_a_buyer_who_pays_in_another_currency() -> None:
    """The shop's money counts, and the fee is on the 60.00 EUR behind 66.00 USD: 35.50."""
    mugs = a_line(1, "20.00", 2) | {"price_set": money("20.00", buyer=("22.00", "USD"))}
    order = an_order(mugs, TEA, total="60.00", presentment_currency="USD")
    order["total_price_set"] = money("60.00", buyer=("66.00", "USD"))
    assert profit(order, payments=(a_transaction(1, "66.00", currency="USD"),)).gp2 == 3550


def test_a_test_order_never_happened() -> None:
    assert profit(usual_order(test=True), payments=(a_transaction(1, "60.00"),)) == Profit()
    assert not counted(usual_order(test=True))


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


def test_currencies_without_or_with_three_decimals() -> None:
    yen = an_order(a_line(1, "2000", 2, currency="JPY"), shipping_lines=[], total="4000", currency="JPY")
    dinar = an_order(a_line(1, "1.250", 2, currency="KWD"), shipping_lines=[], total="2.500", currency="KWD")
    assert (order_in(yen).lines[0].revenue, order_in(yen).total) == (4000, 4000)
    assert (order_in(dinar).lines[0].revenue, order_in(dinar).total) == (2500, 2500)

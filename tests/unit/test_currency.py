"""A shop that changed its currency: old orders are worth what the merchant says, or nothing is said."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import TIERS
from nextorder.domain.currency import Exchange, exchange, profit_in, retold
from nextorder.domain.facts import Order, OrderLine, Payment, Refund, RefundLine, Restock, StoredFact
from nextorder.domain.features import Features
from nextorder.domain.ledger import profit_of_order
from nextorder.domain.placing import Placing
from nextorder.domain.segments import place
from nextorder.domain.shop import Costs, Incentives, Rate, Shop
from nextorder.domain.verdict import Quality
from tests.unit.own_cases import catalogue_with
from tests.unit.shop_cases import GOOD, MODEL, NUMBERS, SHOP, START, an_order, features_of, values, verdict_of

COSTS = Costs(payment_rate=Decimal("0.03"), payment_fixed=25, outbound_shipping=495, return_handling=100)
IN_DOLLARS = tuple(replace(order, currency="USD") for order in GOOD)


def shop_in(currency: str, rate: str = "", *, of: str = "USD", **fields: Any) -> Shop:
    rates = (Rate(currency=of, into=currency, rate=Decimal(rate)),) if rate else ()
    return replace(SHOP, **{"currency": currency, "rates": rates, **fields})


def money(features: Features) -> tuple[int, int, list[tuple[int, int]]]:
    days = [(day.revenue, day.profit) for day in features.order_days]
    return features.net_revenue, features.gp2_to_date, days


def test_an_amount_is_converted_between_the_smallest_units_of_both_currencies() -> None:
    into_yen, into_dinars = (exchange("USD", shop_in(one, "152.5")) for one in ("JPY", "KWD"))

    assert into_yen == Exchange("JPY", Decimal("1.525"))
    assert into_yen.amount(1_000) == 1_525
    assert into_dinars is not None
    assert into_dinars.amount(100) == 152_500


def test_a_half_is_rounded_away_from_zero_for_what_was_paid_and_for_what_went_back() -> None:
    half = Exchange("EUR", Decimal("0.5"))

    assert (half.amount(5), half.amount(-5)) == (3, -3)


def test_an_order_of_the_shops_own_currency_needs_no_rate() -> None:
    assert money(features_of(*GOOD, days=100)) == money(
        features_of(*GOOD, days=100, shop=shop_in("EUR", "9"))
    )
    assert features_of(*GOOD, days=100).unpriced == ""


def test_a_rate_into_another_currency_is_no_rate() -> None:
    shop = replace(shop_in("EUR"), rates=(Rate(currency="USD", into="SEK", rate=Decimal(10)),))

    assert features_of(*IN_DOLLARS, days=100, shop=shop).unpriced


AMOUNT = st.integers(0, 5_000).map(lambda units: 2 * units)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Order, list[Refund], list[Payment]]:
    lines = tuple(
        OrderLine(
            id=str(number),
            quantity=draw(st.integers(1, 4)),
            revenue=draw(AMOUNT),
            unit_cost=draw(st.none() | AMOUNT),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    order = replace(
        an_order(0),
        currency="USD",
        lines=lines,
        shipping=draw(AMOUNT),
        duties=draw(AMOUNT),
        total=draw(AMOUNT),
        taxes_included=draw(st.booleans()),
        financial_status=draw(st.sampled_from(["paid", "pending", "partially_refunded"])),
    )
    back = RefundLine(
        line="0", quantity=1, revenue=draw(AMOUNT), tax=draw(AMOUNT), restock=draw(st.sampled_from(Restock))
    )
    refund = Refund(
        id="r",
        order=order.id,
        placed_at=START,
        updated_at=START,
        lines=(back,),
        shipping=draw(AMOUNT),
        adjustment=-draw(AMOUNT),
        duties=draw(AMOUNT),
    )
    payment = Payment(
        id="p",
        order=order.id,
        updated_at=START,
        kind="sale",
        gateway="shopify_payments",
        amount=draw(AMOUNT),
        currency=draw(st.sampled_from(["", "USD"])),
        fee=draw(st.none() | AMOUNT),
    )
    return order, draw(st.sampled_from([[], [refund]])), draw(st.sampled_from([[], [payment]]))


@given(histories(), st.sampled_from([("EUR", "0.5", 1, 2), ("EUR", "3", 3, 1), ("JPY", "50", 1, 2)]))
def test_a_converted_store_equals_the_same_store_in_one_currency_at_that_rate(
    history: tuple[Order, list[Refund], list[Payment]], at: tuple[str, str, int, int]
) -> None:
    """
    All amounts are even, so that each converts exactly; then so must what is summed of them.

    Shares of an amount are rounded in the shop's own currency, as in a store that never had another.
    """
    currency, rate, times, over = at
    order, refunds, payments = history
    costs = replace(COSTS, payment_rate=Decimal("0.5"), unsellable_share=Decimal("0.5"))

    def own(minor: int) -> int:
        return minor * times // over

    lines = tuple(
        replace(
            one, revenue=own(one.revenue), unit_cost=None if one.unit_cost is None else own(one.unit_cost)
        )
        for one in order.lines
    )
    in_one = replace(
        order,
        currency=currency,
        lines=lines,
        shipping=own(order.shipping),
        duties=own(order.duties),
        total=own(order.total),
    )
    back = [
        replace(
            one,
            lines=tuple(replace(each, revenue=own(each.revenue), tax=own(each.tax)) for each in one.lines),
            shipping=own(one.shipping),
            adjustment=-own(-one.adjustment),
            duties=own(one.duties),
        )
        for one in refunds
    ]
    paid = [
        replace(one, amount=own(one.amount), currency="", fee=None if one.fee is None else own(one.fee))
        for one in payments
    ]

    shop = replace(shop_in(currency, rate), costs=costs)

    assert profit_in(shop, order, refunds, payments) == profit_of_order(in_one, back, paid, costs)


@given(st.lists(st.sampled_from(["USD", "EUR"]), min_size=5, max_size=5))
def test_a_customer_of_two_epochs_is_who_they_would_be_in_one(epochs: list[str]) -> None:
    pairs = list(zip(GOOD, epochs, strict=True))
    mixed = [replace(_doubled(one) if code == "USD" else one, currency=code) for one, code in pairs]

    told = features_of(*mixed, days=100, shop=shop_in("EUR", "0.5"))

    assert money(told) == money(features_of(*GOOD, days=100))
    assert bool(told.converted) is ("USD" in epochs)


def _doubled(order: Order) -> Order:
    lines = tuple(replace(one, revenue=2 * one.revenue, unit_cost=4_000) for one in order.lines)
    return replace(order, lines=lines, total=2 * order.total)


def test_a_payment_in_the_shops_new_currency_is_taken_as_it_is() -> None:
    order = replace(an_order(0), currency="USD")
    paid = Payment(
        id="p", order="0", updated_at=START, kind="sale", gateway="card", amount=4_000, currency="EUR"
    )
    shop = replace(shop_in("EUR", "0.5"), costs=Costs(payment_rate=Decimal("0.1"), payment_fixed=0))

    found = profit_in(shop, order, [], [paid])

    assert found is not None
    assert found.fees == 400


def test_without_a_rate_nothing_is_said_of_value_and_why() -> None:
    verdict, _ = verdict_of(*IN_DOLLARS, days=85)
    before, _ = verdict_of(*GOOD, days=85)

    assert values(before)["life"] == "champion"
    assert values(before)["value"] in TIERS
    assert values(verdict)["life"] == "loyal"
    assert "value" not in verdict.segments
    assert verdict.scores is not None
    assert before.scores is not None
    assert verdict.scores.clv_gp2_365 is None
    assert verdict.scores.gp2_to_date is None
    assert verdict.scores.p_order == before.scores.p_order
    assert verdict.quality is Quality.LOW
    assert verdict.reasons[-1] == "Nothing is said of value: no rate is given for orders in USD."


def test_one_order_that_no_rate_converts_withholds_the_value_of_all() -> None:
    features = features_of(*GOOD[:-1], IN_DOLLARS[-1], days=100)

    assert "USD" in features.unpriced
    assert features.net_revenue == sum(order.total for order in GOOD[:-1])


def test_a_test_order_in_another_currency_is_no_reason_to_withhold_anything() -> None:
    assert features_of(*GOOD, replace(IN_DOLLARS[0], id="t", test=True), days=100).unpriced == ""


def test_whoever_was_converted_is_told_so() -> None:
    verdict, _ = verdict_of(*IN_DOLLARS, days=85, shop=shop_in("EUR", "0.92"))

    assert verdict.quality is Quality.OK
    assert verdict.reasons[-1] == "Orders in another currency are converted: those in USD at 0.92 EUR."


def test_numbers_of_another_currency_rank_nobody_until_the_next_fit() -> None:
    shop = shop_in("EUR", numbers=replace(NUMBERS, currency="USD"))

    verdict, _ = verdict_of(*GOOD, days=85, shop=shop)

    assert "value" not in verdict.segments
    assert verdict.scores is not None
    assert verdict.scores.clv_gp2_365 is None
    assert verdict.reasons[-1].endswith("the shop's own numbers are in USD until the next fit.")


def test_costs_that_were_told_in_another_currency_are_converted_too() -> None:
    costs = Costs(payment_rate=Decimal(0), payment_fixed=0, outbound_shipping=500)
    shop = shop_in(
        "EUR", "0.5", costs=costs, told_in="USD", incentives=Incentives(light_cost=300, strong_cost=500)
    )

    assert retold(shop).costs.outbound_shipping == 250
    assert retold(shop).incentives.strong_cost == 250
    assert retold(shop).told_in == "EUR"
    assert retold(retold(shop)) == retold(shop)
    parcel = profit_in(shop, GOOD[0], [], [])
    assert parcel is not None
    assert parcel.parcels == 250


def test_costs_that_nothing_converts_withhold_everyones_value() -> None:
    shop = shop_in("EUR", told_in="USD")

    assert features_of(*GOOD, days=100, shop=shop).unpriced == (
        "Nothing is said of value: costs were told in USD and no rate is given."
    )
    assert retold(shop) == shop


@pytest.mark.parametrize("condition", ["gp2_to_date < 500000", "net_revenue > 1", "clv_gp2_365 in top 50 %"])
def test_no_condition_on_money_holds_for_whom_nothing_is_said_of_it(condition: str) -> None:
    assert is_mine(*GOOD, condition=condition)
    assert not is_mine(*IN_DOLLARS, condition=condition)


def is_mine(*facts: StoredFact, condition: str) -> bool:
    features = features_of(*facts, days=85)
    buyer = Buyer(features=features, shop=SHOP, model=MODEL)
    placing = Placing(features=features, shop=SHOP, buyer=buyer, catalogue=catalogue_with(condition))
    return "own:mine" in place(placing).segments

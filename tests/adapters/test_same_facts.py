"""
What GraphQL gives makes the same facts as the webhooks do.

The store holds a webhook's body; its documents are executed against the official schema and what
they give is translated back. GraphQL does not mark tips and a shipping refund's adjustment, which
are told by what is around them, and leaves out the ids of deleted products; where a fact differs
for that, import and webhook win or lose by `updated_at` alone.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.shopify.nodes import order_body
from nextorder.adapters.shopify.read import read
from nextorder.adapters.shopify.tellings import readings
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import Order, Payment, Refund, SignUp, StoredFact
from nextorder.domain.shop import Shop
from tests.adapters.node_cases import NOW, AskedShop, asked, from_node, from_webhook, payments_in
from tests.adapters.recorded_payloads import FILES, bodies_in
from tests.unit.payloads import (
    Body,
    a_customer,
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

RECORDED = [
    pytest.param(body, id=f"{path.name}:{place}")
    for path in FILES
    for place, (topic, body) in enumerate(bodies_in(path))
    if topic.startswith("orders/")
    and {"line_items", "financial_status", "total_price"} <= body.keys()
    and "exemplar" not in path.name
]
LINE = a_line(1, "20.00", 2)
BOUGHT = a_line(2, "9.95", 3, discounts=["2.00", "0.85"], taxes=["4.20", "1.11"])
SHARED = st.sampled_from(["0.00", "0.01", "1.99", "5.00", "12.34"])
SOURCES = st.sampled_from(["web", "pos", "shopify_draft_order", "subscription_contract", "755357713"])
LANDINGS = st.sampled_from([None, "/", "/products/pot?utm_source=news&utm_campaign=may", "/x?gclid=1"])
STATUSES = st.sampled_from(["authorized", "paid", "partially_refunded", "pending", "refunded", "voided"])


@pytest.mark.parametrize("body", RECORDED)
def test_recorded_orders_make_the_same_facts(body: Mapping[str, Any]) -> None:
    """Samples whose customer has no creation date make one fact more: GraphQL knows the date."""
    currency = body["currency"]
    told = from_webhook(body, currency)
    found = from_node(asked(body, currency), currency)
    is_dated = bool((body.get("customer") or {}).get("created_at"))
    assert {fact for fact in found if is_dated or not isinstance(fact, SignUp)} == told


@st.composite
def orders(draw: st.DrawFn) -> Body:
    """Orders of all kinds: edited, refunded, cancelled, of guests, with duties, tips, two currencies."""
    lines = [draw(_lines(number)) for number in range(1, draw(st.integers(1, 4)) + 1)]
    back = [draw(_refunds(number, line)) for number, line in enumerate(lines) if draw(st.booleans())]
    tip = draw(st.sampled_from([[], [a_tip(90, "3.00")]]))
    return an_order(
        *lines,
        *tip,
        total="55.50",
        shipping_lines=draw(st.lists(_shipping(), max_size=2)),
        refunds=back,
        customer=draw(st.sampled_from([None, a_customer()])),
        company=draw(st.sampled_from([None, {"id": 3, "location_id": 4}])),
        cancelled_at=draw(st.sampled_from([None, "2026-03-03T10:00:00+01:00"])),
        test=draw(st.booleans()),
        taxes_included=draw(st.booleans()),
        duties_included=draw(st.booleans()),
        current_total_duties_set=draw(st.sampled_from([None, money("7.10")])),
        source_name=draw(SOURCES),
        financial_status=draw(STATUSES),
        fulfillment_status=draw(st.sampled_from([None, "fulfilled", "partial", "restocked"])),
        payment_gateway_names=draw(st.sampled_from([[], ["gift_card"], ["gift_card", "shopify_payments"]])),
        tags=draw(st.sampled_from(["", "VIP, exchange order", "Subscription Recurring Order"])),
        name=draw(st.sampled_from(["#1001", "EXC-1001"])),
        total_discounts=draw(SHARED),
        total_tip_received="3.00" if tip else "0.00",
        presentment_currency=draw(st.sampled_from(["EUR", "SEK"])),
        buyer_accepts_marketing=draw(st.booleans()),
        landing_site=draw(LANDINGS),
        referring_site=draw(st.sampled_from([None, "", "https://www.example.com/a?b=c"])),
        discount_codes=[{"code": code} for code in draw(st.sampled_from([[], ["TEN"], ["TEN", "POST"]]))],
        total_line_items_price=str(sum(Decimal(line["price"]) * line["quantity"] for line in lines)),
        updated_at="2026-03-05T10:15:00+01:00",
    )


@st.composite
def _lines(draw: st.DrawFn, number: int) -> Body:
    units = draw(st.integers(1, 5))
    return a_line(
        number,
        draw(st.sampled_from(["0.00", "19.99", "20.00", "1250.50"])),
        units,
        current_quantity=draw(st.integers(0, units)),
        discounts=draw(st.lists(SHARED, max_size=2)),
        taxes=draw(st.lists(SHARED, max_size=2)),
        gift_card=draw(st.booleans()),
        requires_shipping=draw(st.booleans()),
        variant_id=draw(st.sampled_from([None, 2001])),
    )


@st.composite
def _refunds(draw: st.DrawFn, number: int, line: Body) -> Body:
    restock = draw(st.sampled_from(["return", "cancel", "no_restock", "legacy_restock"]))
    units = draw(st.integers(1, line["quantity"]))
    pending = a_transaction(
        8000 + number, draw(SHARED), kind="refund", status=draw(st.sampled_from(["success", "pending"]))
    )
    return a_refund(
        refunded(line, units, "4.00", restock, tax=draw(SHARED)),
        number=6001 + number,
        refund_shipping_lines=draw(st.sampled_from([[], [refunded_shipping("5.00")]])),
        order_adjustments=draw(
            st.sampled_from(
                [[], [adjustment("-2.50")], [adjustment("2.50")], [adjustment("-5.00", "shipping_refund")]]
            )
        ),
        transactions=draw(st.sampled_from([[], [pending]])),
    ) | {"return": draw(st.sampled_from([None, {"id": 77}]))}


@st.composite
def _shipping(draw: st.DrawFn) -> Body:
    line = shipping(
        "5.00", discounts=draw(st.lists(SHARED, max_size=1)), taxes=draw(st.lists(SHARED, max_size=1))
    )
    removed = draw(st.booleans())
    return line | {"is_removed": removed, "title": draw(st.sampled_from(["Post", "Express"])), "code": None}


@given(orders())
def test_any_order_makes_the_same_facts(body: Body) -> None:
    assert from_node(asked(body)) == from_webhook(body)


def test_equal_facts_are_one_version() -> None:
    """So neither the import nor a late webhook writes what is there already."""
    back = a_refund(refunded(LINE, 1, "20.00"))
    body = an_order(
        LINE,
        BOUGHT,
        total="69.85",
        refunds=[back],
        fulfillment_status=None,
        buyer_accepts_marketing=True,
        shipping_lines=[shipping("5.00") | {"title": "Post"}],
    )
    assert _versions(from_node(asked(body))) == _versions(from_webhook(body))


def test_refund_lines_that_nobody_told_yield_to_whatever_knows_them() -> None:
    """A bulk operation gives a refund's sum alone: the order is taken net, and a second early."""
    body = an_order(
        LINE | {"current_quantity": 1}, total="40.00", refunds=[a_refund(refunded(LINE, 1, "20.00"))]
    )
    node = asked(body)
    stub = node | {"refunds": [{"id": node["refunds"][0]["id"], "createdAt": None, "totalRefundedSet": None}]}
    [net] = _orders(from_node(stub))
    [whole] = _orders(from_node(node))
    assert [line.quantity for line in net.lines] == [1]
    assert [line.quantity for line in whole.lines] == [2]
    assert version_of(net) < version_of(whole)


def test_a_payment_comes_with_its_fee() -> None:
    """The webhook has none, and asks for it later; all else is the same fact."""
    paid = a_transaction(8001, "40.00", fees=[{"amount": "1.46"}, {"amount": "0.10"}])
    [payment] = payments_in(asked(an_order(LINE, total="40.00", transactions=[paid])))
    [told] = read("order_transactions/create", paid, triggered_at=NOW, currency="EUR").facts
    assert isinstance(told, Payment)
    assert payment.fee == 156
    assert _without_fee(payment) == _without_fee(told)


def test_a_payment_in_the_buyers_currency_stays_in_it() -> None:
    body = an_order(
        LINE,
        total="40.00",
        total_price_set=money("40.00", buyer=("440.00", "SEK")),
        presentment_currency="SEK",
        transactions=[a_transaction(8001, "440.00", currency="SEK")],
    )
    [payment] = payments_in(asked(body))
    assert (payment.amount, payment.currency) == (44000, "SEK")


def test_a_tip_is_told_from_goods_by_the_sum_of_tips() -> None:
    """Two lines of nothing: one is the tip, the other a service that was sold by hand."""
    service = a_tip(5, "10.00")
    del service["tip_payment_gateway"]
    body = an_order(LINE, service, a_tip(6, "3.00"), total="58.00", total_tip_received="3.00")
    [order] = _orders(from_node(asked(body)))
    assert [line.id for line in order.lines] == ["1", "5"]


def test_lines_and_refund_lines_come_from_as_many_pages_as_there_are() -> None:
    """A page of an order holds 50 lines, and so does a refund's."""
    lines = [a_line(number, "1.00") for number in range(1, 121)]
    back = a_refund(*(refunded(line, 1, "1.00") for line in lines))
    facts = from_node(asked(an_order(*lines, total="120.00", refunds=[back])))
    assert {len(fact.lines) for fact in facts if isinstance(fact, Order | Refund)} == {120}


def test_whoever_is_gone_is_missing() -> None:
    shop = AskedShop(an_order(LINE, total="40.00"))
    assert [node["id"] for node in shop.whole("5001", "5002")] == ["gid://shopify/Order/5001"]


def test_a_node_of_another_document_is_refused() -> None:
    """A bulk file of somebody else's: said once a node, and nothing of it is shown."""
    shop = Shop(id="a.myshopify.com", timezone="UTC", currency="EUR")
    for node in (
        {"id": "gid://shopify/Order/1", "email": "anna@example.com"},
        {"id": "gid://shopify/Shop/1"},
    ):
        with pytest.raises(BadPayload) as refusal:
            readings(node, shop)
        assert "anna" not in str(refusal.value)


def test_bodies_hold_no_name_address_or_email() -> None:
    node = asked(an_order(LINE, total="40.00"))
    assert "anna@example.com" not in str(order_body(node))
    assert "anna@example.com" not in str(node)


def _orders(facts: set[StoredFact]) -> list[Order]:
    return [fact for fact in facts if isinstance(fact, Order)]


def _versions(facts: set[StoredFact]) -> set[str]:
    return {version_of(fact) for fact in facts}


def _without_fee(payment: Payment) -> tuple[object, ...]:
    return (payment.id, payment.order, payment.updated_at, payment.kind, payment.gateway, payment.amount)

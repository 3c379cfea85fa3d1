"""An order and its refunds become facts: whose, when, how small, and without personal data."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.adapters.fact_codec import decode, encode
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import Order, Refund, SignUp, sort_key
from nextorder.domain.messages import Contact
from tests.adapters.reading_cases import MUG, PLACED_AT, TRIGGERED_AT, reading
from tests.unit.payloads import Body, a_customer, a_line, a_refund, an_order, refunded


def test_an_order_as_a_whole() -> None:
    found = reading("orders/create", an_order(MUG, total="45.00"))
    order, sign_up = found.facts
    assert isinstance(order, Order)
    assert (order.id, order.customer, order.source, order.country) == ("5001", "7001", "web", "SE")
    assert order.placed_at == order.updated_at == PLACED_AT
    assert (order.lines[0].product, order.lines[0].variant) == ("1001", "2001")
    assert isinstance(sign_up, SignUp)
    assert found.contact == Contact(customer="7001", email="anna@example.com")


def test_an_imported_order_is_placed_when_it_was_processed() -> None:
    body = an_order(MUG, total="45.00", processed_at="2024-05-06T07:08:09Z")
    (order, *_) = reading("orders/create", body).facts
    assert isinstance(order, Order)
    assert order.placed_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "unsent"),
    [
        ({"fulfillment_status": None}, True),
        ({"fulfillment_status": "partial"}, False),
        ({"fulfillment_status": "fulfilled"}, False),
        ({"fulfillment_status": "restocked"}, False),
        ({}, False),
    ],
)
def test_a_parcel_waits_only_where_the_order_says_so(said: Body, *, unsent: bool) -> None:
    (order, *_) = reading("orders/updated", an_order(MUG, total="45.00", **said)).facts
    assert isinstance(order, Order)
    assert order.unsent is unsent
    assert decode(sort_key(order), encode(order), order.customer) == order


@pytest.mark.parametrize(
    ("said", "method", "answer"),
    [
        ({}, "", None),
        (
            {"buyer_accepts_marketing": True, "shipping_lines": [{"title": "Express, next day!"}]},
            "express-next-day",
            True,
        ),
        (
            {"buyer_accepts_marketing": False, "shipping_lines": [{"title": None, "code": "DHL"}]},
            "dhl",
            False,
        ),
        ({"shipping_lines": [{"title": "Pick up", "is_removed": True}, {"title": "Post"}]}, "post", None),
    ],
)
def test_an_order_says_how_it_was_sent_and_what_was_answered_at_the_checkout(
    said: Body, method: str, *, answer: bool | None
) -> None:
    (order, *_) = reading("orders/create", an_order(MUG, total="45.00", **said)).facts
    assert isinstance(order, Order)
    assert (order.shipping_method, order.accepts_marketing) == (method, answer)
    assert decode(sort_key(order), encode(order), order.customer) == order


def test_a_body_without_its_own_clock_takes_the_deliverys() -> None:
    (order, *_) = reading("orders/updated", an_order(MUG, total="45.00", updated_at=None)).facts
    assert order.updated_at == TRIGGERED_AT
    with pytest.raises(BadPayload, match="updated_at"):
        reading("orders/updated", an_order(MUG, total="45.00", updated_at=None), triggered_at=None)


def test_a_refund_is_the_same_fact_alone_and_inside_its_order() -> None:
    refund = a_refund(refunded(MUG, 1, "20.00"))
    (alone,) = reading("refunds/create", refund).facts
    _, inside, _ = reading("orders/updated", an_order(MUG, total="45.00", refunds=[refund])).facts
    assert isinstance(alone, Refund)
    assert alone == inside


def test_an_order_of_ten_lines_is_less_than_one_kilobyte() -> None:
    lines = [a_line(14_000_000_000_000 + number, "123.45", 2) for number in range(10)]
    body = an_order(*lines, total="2474.00", total_discounts="12.00", country="SE")
    (order, *_) = reading("orders/create", body).facts
    assert isinstance(order, Order)
    known = tuple(replace(line, category="home-decoration", unit_cost=4321) for line in order.lines)
    assert len(encode(replace(order, lines=known))) < 1000


def test_facts_hold_no_personal_data_and_contacts_are_not_printed() -> None:
    customer = a_customer(email="secret@example.com", phone="+46700000000", first_name="Anna")
    body = an_order(MUG, total="45.00", customer=customer, note="ring the bell")
    printed = repr(reading("orders/create", body))
    for secret in ("secret@", "+4670", "Anna", "bell", "Example"):
        assert secret not in printed


def test_the_orders_own_address_finds_a_customer_without_one() -> None:
    customer = a_customer(email=None, phone=None)
    body = an_order(MUG, total="45.00", customer=customer, email="o@example.com", phone="+46")
    contact = reading("orders/create", body).contact
    assert contact == Contact(customer="7001", email="o@example.com", phone="+46")


def test_a_customer_who_may_not_be_seen_is_still_a_customer() -> None:
    """Without level 2 access the keys of names, e-mail and phone are not there at all."""
    body = an_order(MUG, total="45.00", customer={"id": 7001})
    found = reading("orders/create", body)
    (order,) = found.facts
    assert isinstance(order, Order)
    assert (order.customer, found.contact) == ("7001", None)

"""A body that cannot be used is refused by the field that is wrong, and never crashes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.shopify.read import TOPICS, read
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Reading
from tests.adapters.reading_cases import MERGE, MUG, TRIGGERED_AT, reading
from tests.unit.payloads import Body, a_line, a_refund, an_order, refunded


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None, "admin_graphql_api_id": None}, "id"),
        ({"id": 5.5, "admin_graphql_api_id": None}, "id"),
        ({"admin_graphql_api_id": "gid://shopify/Order/five"}, "admin_graphql_api_id"),
        ({"admin_graphql_api_id": "https://www.example.com/"}, "admin_graphql_api_id"),
        ({"processed_at": None, "created_at": None}, "processed_at"),
        ({"processed_at": "yesterday"}, "processed_at"),
        ({"processed_at": "2026-03-02"}, "processed_at"),
        ({"processed_at": "2026-03-02T10:15:00"}, "processed_at"),
        ({"processed_at": "0001-01-01T00:00:00+14:00"}, "processed_at"),
        ({"processed_at": 1772442900}, "processed_at"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "XXL"}, "currency"),
        ({"currency": "X" * 3}, "currency"),
        ({"total_price": "NaN"}, "total_price"),
        ({"total_price": float("inf")}, "total_price"),
        ({"total_price": "1e999999999"}, "total_price"),
        ({"total_price": "12,50"}, "total_price"),
        ({"total_price": "-1.00"}, "total_price"),
        ({"total_price": True}, "total_price"),
        ({"test": "no"}, "test"),
        ({"line_items": {}}, "line_items"),
        ({"line_items": [None]}, "line_items[0]"),
        ({"line_items": [MUG, MUG | {"quantity": -1}]}, "line_items[1].quantity"),
        ({"line_items": [MUG | {"quantity": 1.5}]}, "line_items[0].quantity"),
        ({"line_items": [a_line(1, "x")]}, "line_items[0].price_set.shop_money.amount"),
        ({"customer": {"email": "anna@example.com"}}, "customer.id"),
        ({"customer": 7}, "customer"),
        ({"tags": ["a"]}, "tags"),
        ({"payment_gateway_names": [1]}, "payment_gateway_names"),
        (
            {"refunds": [a_refund(refunded(MUG, 1, "20.00", "eaten"))]},
            "refunds[0].refund_line_items[0].restock_type",
        ),
    ],
    ids=str,
)
def test_a_garbled_order_is_refused_by_field(change: Body, field: str) -> None:
    with pytest.raises(BadPayload) as refusal:
        reading("orders/updated", an_order(MUG, total="45.00") | change)
    assert refusal.value.field == field
    assert "anna" not in str(refusal.value)


@pytest.mark.parametrize("key", ["line_items", "financial_status", "total_price"])
def test_a_cut_order_is_refused_and_says_why(key: str) -> None:
    body = an_order(MUG, total="45.00")
    del body[key]
    with pytest.raises(BadPayload, match=f"{key}: missing.*include_fields"):
        reading("orders/updated", body)


@pytest.mark.parametrize(
    ("topic", "body", "field"),
    [
        ("refunds/create", a_refund(order_id=None), "order_id"),
        ("customers/create", {"id": 1, "created_at": None}, "created_at"),
        (
            "customers/merge",
            MERGE | {"admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/1"},
            "admin_graphql_api_customer_deleted_id",
        ),
        ("customers_marketing_consent/update", {"id": 1}, "sms_marketing_consent"),
        (
            "shop/update",
            {"myshopify_domain": "a.myshopify.com", "iana_timezone": "Mars/Base", "currency": "EUR"},
            "iana_timezone",
        ),
        (
            "shop/update",
            {"myshopify_domain": "a.myshopify.com", "iana_timezone": "", "currency": "EUR"},
            "iana_timezone",
        ),
        ("shop/update", {"myshopify_domain": "example.com"}, "myshopify_domain"),
        ("orders/edited", {}, "order_edit"),
        ("carts/create", {}, "topic"),
    ],
)
def test_other_bodies_are_refused_by_field(topic: str, body: Body, field: str) -> None:
    with pytest.raises(BadPayload) as refusal:
        reading(topic, body)
    assert refusal.value.field == field


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(BadPayload, match="JSON object"):
        read("orders/create", [1], triggered_at=TRIGGERED_AT)  # type: ignore[arg-type]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(
    topic=st.sampled_from(sorted(TOPICS)),
    key=st.sampled_from(sorted(an_order(MUG, total="45.00"))),
    value=json_values,
)
def test_whatever_stands_in_a_field_the_answer_is_a_reading_or_a_refusal(
    topic: str, key: str, value: Any
) -> None:
    """Never a crash: a crash would come back for ever."""
    try:
        assert isinstance(reading(topic, an_order(MUG, total="45.00") | {key: value}), Reading)
    except BadPayload as refusal:
        assert str(refusal)  # noqa: PT017 -- both ends are allowed here


@given(value=json_values)
def test_whatever_stands_in_a_line_the_answer_is_a_reading_or_a_refusal(value: Any) -> None:
    for key in MUG:
        body = an_order(MUG, total="45.00") | {"line_items": [MUG | {key: value}]}
        try:
            assert reading("orders/paid", body).facts
        except BadPayload as refusal:
            assert refusal.field.startswith("line_items[0].")  # noqa: PT017 -- the same

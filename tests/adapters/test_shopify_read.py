"""Each topic gives its facts; a body that cannot be used is refused by the field that is wrong."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.fact_codec import encode
from nextorder.adapters.shopify.read import TOPICS, read
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import (
    Checkout,
    Consent,
    Order,
    OrderCount,
    Payment,
    Refund,
    Return,
    SignUp,
    TagRemoval,
    UnitCost,
    VariantCategory,
)
from nextorder.domain.messages import (
    Contact,
    CustomerDeleted,
    Merged,
    Noted,
    OrderDeleted,
    Reading,
    ShopChanged,
)
from tests.unit.payloads import (
    Body,
    a_customer,
    a_line,
    a_refund,
    a_transaction,
    an_order,
    refunded,
)

TRIGGERED_AT = datetime(2026, 11, 21, 8, 30, 15, 123456, tzinfo=UTC)
PLACED_AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
MUG = a_line(1, "20.00", 2)


def reading(topic: str, body: Body, *, triggered_at: datetime | None = TRIGGERED_AT) -> Reading:
    return read(topic, body, triggered_at=triggered_at, currency="EUR")


def test_an_order_as_a_whole() -> None:
    found = reading("orders/create", an_order(MUG, total="45.00"))
    order, sign_up = found.facts
    assert isinstance(order, Order)
    assert (order.id, order.customer, order.source, order.country) == ("5001", "7001", "web", "SE")
    assert order.placed_at == order.updated_at == PLACED_AT
    assert (order.lines[0].product, order.lines[0].variant) == ("1001", "2001")
    assert isinstance(sign_up, SignUp)
    assert sign_up.country == "SE"
    assert found.contact == Contact(customer="7001", email="anna@example.com")


def test_an_imported_order_is_placed_when_it_was_processed() -> None:
    body = an_order(MUG, total="45.00", processed_at="2024-05-06T07:08:09Z")
    (order, *_) = reading("orders/create", body).facts
    assert isinstance(order, Order)
    assert order.placed_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("topic", "body", "fact"),
    [
        (
            "customers/update",
            a_customer(),
            SignUp(
                customer="7001",
                created_at=datetime(2025, 12, 24, 17, tzinfo=UTC),
                updated_at=PLACED_AT,
                country="SE",
            ),
        ),
        (
            "customers_email_marketing_consent/update",
            {
                "customer_id": 7001,
                "email_address": "anna@example.com",
                "email_marketing_consent": {
                    "state": "SUBSCRIBED",
                    "consent_updated_at": "2020-01-01T00:00:00Z",
                },
            },
            Consent(customer="7001", id="email", updated_at=TRIGGERED_AT, state="subscribed"),
        ),
        (
            "customers_marketing_consent/update",
            {"id": 7001, "phone": None, "sms_marketing_consent": {"state": None}},
            Consent(customer="7001", id="sms", updated_at=TRIGGERED_AT, state="unknown"),
        ),
        (
            "customers/purchasing_summary",
            {
                "customerId": "gid://shopify/Customer/7001",
                "numberOfOrders": 12,
                "occurredAt": "2026-03-02T09:15:00.000Z",
            },
            OrderCount(customer="7001", updated_at=PLACED_AT, orders=12),
        ),
        (
            "customer.tags_removed",
            {
                "customerId": "gid://shopify/Customer/7001",
                "tags": ["vip", "Next:Life:New"],
                "occurredAt": "2026-03-02T09:15:00.000Z",
            },
            TagRemoval(customer="7001", id="next:life:new", updated_at=PLACED_AT),
        ),
        (
            "order_transactions/create",
            a_transaction(8001, "66.00", currency="USD"),
            Payment(
                id="8001",
                order="5001",
                updated_at=PLACED_AT,
                kind="sale",
                gateway="shopify_payments",
                amount=6600,
                currency="USD",
            ),
        ),
        (
            "order_transactions/create",
            a_transaction(8001, "66.00", gateway="Bank Deposit", manual_payment_gateway=True),
            Payment(
                id="8001",
                order="5001",
                updated_at=PLACED_AT,
                kind="sale",
                gateway="Bank Deposit",
                amount=6600,
                fee=0,
            ),
        ),
        (
            "returns/close",
            {
                "id": 3,
                "admin_graphql_api_id": "gid://shopify/Return/3",
                "order_id": 5001,
                "status": "closed",
            },
            Return(id="3", order="5001", updated_at=TRIGGERED_AT, status="closed"),
        ),
        (
            "returns/request",
            {
                "id": 3,
                "order": {"id": 1, "admin_graphql_api_id": "gid://shopify/Order/5001"},
                "return_line_items": [{"quantity": 2}, {"quantity": 1}],
            },
            Return(id="3", order="5001", updated_at=TRIGGERED_AT, status="requested", units=3),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_topic_gives_its_fact(topic: str, body: Body, fact: object) -> None:
    assert reading(topic, body).facts == (fact,)


def test_checkouts() -> None:
    body = {
        "id": 11,
        "customer": a_customer(created_at=None),
        "currency": "EUR",
        "created_at": "2026-03-02T10:00:00+01:00",
        "updated_at": "2026-03-02T10:15:00+01:00",
        "completed_at": "2026-03-02T10:15:00+01:00",
        "total_price": "19.90",
        "abandoned_checkout_url": "https://example.com/recover?key=secret",
    }
    found = reading("checkouts/update", body)
    assert found.facts == (
        Checkout(
            id="11",
            customer="7001",
            placed_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            updated_at=PLACED_AT,
            total=1990,
            completed_at=PLACED_AT,
        ),
    )
    assert isinstance(reading("checkouts/update", body | {"customer": None}).commands[0], Noted)
    assert reading("checkouts/create", body | {"id": None, "name": "#11"}).facts == found.facts
    assert isinstance(reading("checkouts/delete", {"id": 11}).commands[0], Noted)


def test_products_and_their_costs() -> None:
    variants = [
        {"id": 1, "admin_graphql_api_id": "gid://shopify/ProductVariant/31", "inventory_item_id": 41},
        {"id": 32, "inventory_item_id": None},
    ]
    body = {
        "id": 5,
        "product_type": "Décor & Candles",
        "variants": variants,
        "updated_at": "2026-03-02T09:15:00Z",
    }
    assert reading("products/update", body).shop_facts == (
        VariantCategory(id="31", inventory_item="41", category="decor-candles", updated_at=PLACED_AT),
        VariantCategory(id="32", inventory_item="", category="decor-candles", updated_at=PLACED_AT),
    )
    item = {"id": 41, "cost": "6.50", "updated_at": "2026-03-02T09:15:00Z"}
    cost = UnitCost(id="41", updated_at=PLACED_AT, unit_cost=650)
    assert reading("inventory_items/update", item).shop_facts == (cost,)
    unknown = reading("inventory_items/update", item | {"cost": None})
    assert unknown.shop_facts == (replace(cost, unit_cost=None),)


@pytest.mark.parametrize(
    ("product_type", "taxonomy", "category"),
    [
        ("", {"name": "T-Shirts"}, "t-shirts"),
        ("Skor", {"name": "Shoes"}, "skor"),
        ("", None, "other"),
        ("靴", None, "other"),
        ("A very long name of a product type", None, "a-very-long-name-of-a-pr"),
    ],
)
def test_the_category_of_a_product(product_type: str, taxonomy: Body | None, category: str) -> None:
    body = {"id": 5, "product_type": product_type, "category": taxonomy, "variants": [{"id": 1}]}
    (variant,) = reading("products/update", body).shop_facts
    assert isinstance(variant, VariantCategory)
    assert variant.category == category


MERGE = {
    "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
    "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/2",
    "status": "completed",
}


@pytest.mark.parametrize(
    ("topic", "body", "command"),
    [
        ("orders/delete", {"id": 5001}, OrderDeleted(order="5001", at=TRIGGERED_AT)),
        ("customers/delete", {"id": 7001}, CustomerDeleted(customer="7001", at=TRIGGERED_AT)),
        ("customers/merge", MERGE, Merged(kept="1", gone="2", at=TRIGGERED_AT)),
        (
            "shop/update",
            {
                "myshopify_domain": "example.myshopify.com",
                "iana_timezone": "Europe/Stockholm",
                "currency": "SEK",
                "updated_at": "2026-03-02T09:15:00Z",
            },
            ShopChanged(
                timezone="Europe/Stockholm",
                currency="SEK",
                domain="example.myshopify.com",
                at=PLACED_AT,
            ),
        ),
    ],
)
def test_a_topic_gives_its_command(topic: str, body: Body, command: object) -> None:
    assert reading(topic, body).commands == (command,)


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("customers/merge", MERGE | {"status": "failed"}),
        ("customer.tags_added", {"customerId": "gid://shopify/Customer/1", "tags": ["next:hold"]}),
        (
            "customer.tags_removed",
            {
                "customerId": "gid://shopify/Customer/1",
                "tags": ["vip"],
                "occurredAt": "2026-03-02T09:15:00Z",
            },
        ),
        ("order_transactions/create", a_transaction(1, "5.00", status="failure")),
        ("order_transactions/create", a_transaction(1, "5.00", test=True)),
        ("orders/edited", {"order_edit": {"order_id": 5001}}),
    ],
)
def test_what_changes_nothing_is_noted(topic: str, body: Body) -> None:
    found = reading(topic, body)
    assert (found.facts, found.shop_facts, found.contact) == ((), (), None)
    assert [type(command) for command in found.commands] == [Noted]


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

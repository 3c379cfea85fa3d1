"""Each topic gives its facts or its command; what changes nothing is noted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.domain.facts import (
    Checkout,
    Consent,
    OrderCount,
    Payment,
    Return,
    SignUp,
    TagRemoval,
    UnitCost,
    VariantCategory,
)
from nextorder.domain.messages import CustomerDeleted, Merged, Noted, OrderDeleted, ShopChanged
from tests.adapters.reading_cases import MERGE, PLACED_AT, TRIGGERED_AT, reading
from tests.unit.payloads import Body, a_customer, a_transaction


@pytest.mark.parametrize(
    ("topic", "body", "fact"),
    [
        (
            "customers/update",
            a_customer(),
            SignUp(
                customer="7001",
                created_at=datetime(2025, 12, 24, 17, tzinfo=UTC),
                updated_at=datetime(2025, 12, 24, 17, tzinfo=UTC),
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
        {
            "id": 1,
            "admin_graphql_api_id": "gid://shopify/ProductVariant/31",
            "inventory_item_id": 41,
            "sku": "CANDLE-1",
        },
        {"id": 32, "inventory_item_id": None},
    ]
    body = {
        "id": 5,
        "title": "  Candle,\nhand-poured ",
        "product_type": "Décor & Candles",
        "variants": variants,
        "updated_at": "2026-03-02T09:15:00Z",
    }
    other = VariantCategory(
        id="32",
        inventory_item="",
        category="decor-candles",
        updated_at=PLACED_AT,
        product="5",
        product_title="Candle, hand-poured",
    )
    assert reading("products/update", body).shop_facts == (
        replace(other, id="31", inventory_item="41", sku="CANDLE-1"),
        other,
    )
    item = {"id": 41, "cost": "6.50", "updated_at": "2026-03-02T09:15:00Z"}
    cost = UnitCost(id="41", updated_at=PLACED_AT, unit_cost=650, currency="EUR")
    assert reading("inventory_items/update", item).shop_facts == (cost,)
    unknown = reading("inventory_items/update", item | {"cost": None})
    assert unknown.shop_facts == (replace(cost, unit_cost=None),)


def test_a_title_is_cut_at_80_characters() -> None:
    body = {"id": 5, "title": f"{'M' * 79} {'g' * 200}", "variants": [{"id": 1}]}
    (variant,) = reading("products/update", body).shop_facts
    assert isinstance(variant, VariantCategory)
    assert variant.product_title == "M" * 79


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

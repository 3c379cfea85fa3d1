"""Line items, shipping lines and what hangs on them."""

from datetime import datetime

from samples.bodies.money import Payload, both, money_set, pounds
from samples.invented import shopify_id
from samples.staging import StagedOrder

MOST_LINE_ITEMS = 32


def tax_lines(pence: int, percent: int) -> list[Payload]:
    """Return the VAT there is, or no line."""
    if not percent:
        return []
    price = pounds(pence)
    rate = percent / 100
    return [
        {
            "channel_liable": False,
            "price": price,
            "price_set": money_set(pence),
            "rate": rate,
            "title": "GB VAT",
        }
    ]


def _allocations(pence: int) -> list[Payload]:
    if not pence:
        return []
    return [{"amount": pounds(pence), "amount_set": money_set(pence), "discount_application_index": 0}]


def line_id(order: int, index: int) -> int:
    """Return the id of an order's line item."""
    return shopify_id("LineItem", order * MOST_LINE_ITEMS + index)


def line_body(order: StagedOrder, index: int, units_gone: int, as_of: datetime) -> Payload:
    """Return one line item; `quantity` stays what was ordered, `current_quantity` is what is left."""
    line = order.priced.lines[index]
    left = line.quantity - units_gone
    gone_out = order.fulfilled <= as_of
    variant, identifier = line.variant, line_id(order.number, index)
    return {
        "id": identifier,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{identifier}",
        "attributed_staffs": [],
        "current_quantity": left,
        "fulfillable_quantity": 0 if gone_out else left,
        "fulfillment_service": "manual",
        "fulfillment_status": "fulfilled" if gone_out else None,
        "gift_card": False,
        "grams": 0,
        "name": variant.title,
        **both("price", line.price),
        "product_exists": True,
        "product_id": shopify_id("Product", variant.product),
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": True,
        "sales_line_item_group_id": None,
        "sku": f"NX-{variant.number:05d}",
        "taxable": True,
        "title": variant.title,
        **both("total_discount", 0),
        "variant_id": shopify_id("ProductVariant", variant.number),
        "variant_inventory_management": "shopify",
        "variant_title": None,
        "vendor": None,
        "tax_lines": tax_lines(line.tax, order.priced.tax_percent),
        "duties": [],
        "discount_allocations": _allocations(line.discount),
    }


def shipping_lines(order: StagedOrder) -> list[Payload]:
    """Return the one shipping line, free or not."""
    priced = order.priced
    return [
        {
            "id": shopify_id("ShippingLine", order.number),
            "carrier_identifier": None,
            "code": "Standard",
            "current_discounted_price_set": money_set(priced.shipping),
            **both("discounted_price", priced.shipping),
            "is_removed": False,
            "phone": None,
            **both("price", priced.shipping),
            "requested_fulfillment_service_id": None,
            "source": "shopify",
            "title": "Standard",
            "tax_lines": tax_lines(priced.shipping_tax, priced.tax_percent),
            "discount_allocations": [],
        }
    ]

"""Checkouts: opened shortly before an order, or left open."""

from datetime import datetime

from samples.bodies.money import Payload, pounds
from samples.bodies.people import address_body, customer_body
from samples.invented import SHOP, shopify_id
from samples.pricing import PricedLine
from samples.staging import StagedOrder


def _line_body(line: PricedLine) -> Payload:
    price = pounds(line.price)
    return {
        "applied_discounts": [],
        "discount_allocations": [],
        "gift_card": False,
        "grams": 0,
        "product_id": shopify_id("Product", line.variant.product),
        "properties": None,
        "quantity": line.quantity,
        "requires_shipping": True,
        "sku": f"NX-{line.variant.number:05d}",
        "tax_lines": [],
        "taxable": True,
        "title": line.variant.title,
        "variant_id": shopify_id("ProductVariant", line.variant.number),
        "variant_price": price,
        "line_price": pounds(line.quantity * line.price),
        "price": price,
    }


def checkout_body(order: StagedOrder, created: datetime, completed: datetime | None) -> Payload:
    """Return a checkout with the order's goods; tax and shipping are settled only by an order."""
    priced, identifier = order.priced, shopify_id("Checkout", order.number)
    token = f"sample-checkout-{order.number}"
    address, goods = address_body(priced.customer), pounds(priced.goods)
    return {
        "id": identifier,
        "token": token,
        "cart_token": None,
        "email": priced.customer.email,
        "gateway": None,
        "buyer_accepts_marketing": False,
        "created_at": created.isoformat(),
        "updated_at": (completed or created).isoformat(),
        "shipping_lines": [],
        "taxes_included": False,
        "currency": SHOP["currency"],
        "completed_at": completed.isoformat() if completed else None,
        "closed_at": None,
        "phone": None,
        "customer_locale": "en",
        "line_items": [_line_body(line) for line in priced.lines],
        "name": f"#{identifier}",
        "abandoned_checkout_url": f"https://{SHOP['domain']}/checkouts/{token}/recover",
        "discount_codes": [],
        "tax_lines": [],
        "source_name": "web",
        "presentment_currency": SHOP["currency"],
        "buyer_accepts_sms_marketing": False,
        "sms_marketing_phone": None,
        "total_discounts": "0.00",
        "total_line_items_price": goods,
        "total_price": goods,
        "total_tax": "0.00",
        "subtotal_price": goods,
        "billing_address": address,
        "shipping_address": address,
        "customer": customer_body(priced.customer, order.customer_since),
    }

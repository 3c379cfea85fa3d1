"""Orders: the one shape of all orders/* topics, as of any moment of the order's life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from samples.bodies.lines import line_body, shipping_lines, tax_lines
from samples.bodies.money import Payload, both, money_set, pounds
from samples.bodies.people import address_body, customer_body
from samples.bodies.refunds import refund_body
from samples.invented import SHOP, shopify_id
from samples.pricing import PricedLine, PricedRefund
from samples.staging import StagedOrder


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of an order's lines after its refunds so far; pence."""

    units_gone: Mapping[int, int]
    goods: int
    net: int
    tax: int


def _left_after(lines: Sequence[PricedLine], refunds: Sequence[PricedRefund]) -> _Left:
    gone = [each for refund in refunds for each in refund.units]
    units = {index: sum(each.quantity for each in gone if each.line == index) for index in range(len(lines))}
    return _Left(
        units_gone=units,
        goods=sum((line.quantity - units[index]) * line.price for index, line in enumerate(lines)),
        net=sum(line.net for line in lines) - sum(each.subtotal for each in gone),
        tax=sum(line.tax for line in lines) - sum(each.tax for each in gone),
    )


def _financial_status(order: StagedOrder, refunds: Sequence[PricedRefund], as_of: datetime) -> str:
    if as_of < order.paid:
        return "pending"
    if not refunds:
        return "paid"
    back = sum(refund.paid_out for refund in refunds)
    return "refunded" if back >= order.priced.total else "partially_refunded"


def _totals(order: StagedOrder, left: _Left, as_of: datetime) -> Payload:
    """Return every amount of the order, as ordered and as it now stands."""
    priced = order.priced
    tax_left = left.tax + priced.shipping_tax
    return {
        "current_shipping_price_set": money_set(priced.shipping),
        **both("current_subtotal_price", left.net),
        "current_total_additional_fees_set": None,
        **both("current_total_discounts", left.goods - left.net),
        "current_total_duties_set": None,
        **both("current_total_price", left.net + priced.shipping + tax_left),
        **both("current_total_tax", tax_left),
        "original_total_additional_fees_set": None,
        "original_total_duties_set": None,
        **both("subtotal_price", priced.goods - priced.discount),
        "tax_lines": tax_lines(priced.tax, priced.tax_percent),
        "total_cash_rounding_payment_adjustment_set": money_set(0),
        "total_cash_rounding_refund_adjustment_set": money_set(0),
        **both("total_discounts", priced.discount),
        **both("total_line_items_price", priced.goods),
        "total_outstanding": pounds(priced.total if as_of < order.paid else 0),
        **both("total_price", priced.total),
        "total_shipping_price_set": money_set(priced.shipping),
        **both("total_tax", priced.tax),
        "total_tip_received": "0.00",
        "total_weight": 0,
    }


def _discounts(order: StagedOrder) -> Payload:
    """Return the one code of the order, spread across its lines."""
    percent = order.priced.percent_off
    if not percent:
        return {"discount_codes": [], "discount_applications": []}
    code, amount = f"GIFT{percent}", pounds(order.priced.discount)
    application = {
        "target_type": "line_item",
        "type": "discount_code",
        "value": f"{percent}.0",
        "value_type": "percentage",
        "allocation_method": "across",
        "target_selection": "all",
        "code": code,
    }
    return {
        "discount_codes": [{"code": code, "amount": amount, "type": "percentage"}],
        "discount_applications": [application],
    }


def _company(order: StagedOrder) -> Payload:
    """Return the buyer's company; the key is there for business orders only."""
    number = order.priced.customer.company
    if number is None:
        return {}
    location = shopify_id("CompanyLocation", number)
    return {"company": {"id": shopify_id("Company", number), "location_id": location}}


_EMPTY = (
    "browser_ip",
    "cancel_reason",
    "cancelled_at",
    "cart_token",
    "checkout_token",
    "client_details",
    "closed_at",
    "confirmation_number",
    "device_id",
    "landing_site",
    "landing_site_ref",
    "location_id",
    "merchant_business_entity_id",
    "merchant_of_record_app_id",
    "note",
    "phone",
    "po_number",
    "reference",
    "referring_site",
    "source_identifier",
    "source_url",
    "user_id",
)
"""Keys that Shopify always sends and this store never fills."""


def _head(order: StagedOrder, updated_at: datetime) -> Payload:
    """Return what identifies the order and never depends on its lines."""
    identifier, placed = shopify_id("Order", order.number), order.placed.isoformat()
    email = order.priced.customer.email
    return dict.fromkeys(_EMPTY) | {
        "id": identifier,
        "admin_graphql_api_id": f"gid://shopify/Order/{identifier}",
        "app_id": 580111,
        "buyer_accepts_marketing": False,
        "confirmed": True,
        "contact_email": email,
        "created_at": placed,
        "currency": SHOP["currency"],
        "customer_locale": "en",
        "duties_included": False,
        "email": email,
        "estimated_taxes": False,
        "name": f"#{1000 + order.number}",
        "note_attributes": [],
        "number": order.number,
        "order_number": 1000 + order.number,
        "order_status_url": "",
        "payment_gateway_names": ["shopify_payments"],
        "presentment_currency": SHOP["currency"],
        "processed_at": placed,
        "source_name": "web",
        "tags": "",
        "tax_exempt": False,
        "taxes_included": False,
        "test": False,
        "token": "",
        "updated_at": updated_at.isoformat(),
    }


def order_body(order: StagedOrder, as_of: datetime) -> Payload:
    """Return the order as it stood at `as_of`; nothing later shows."""
    refunds = order.refunds_until(as_of)
    left = _left_after(order.priced.lines, refunds)
    updated_at = max(moment for moment in order.stages() if moment <= as_of)
    address = address_body(order.priced.customer)
    return {
        **_head(order, updated_at),
        **_totals(order, left, as_of),
        **_discounts(order),
        **_company(order),
        "financial_status": _financial_status(order, refunds, as_of),
        "fulfillment_status": "fulfilled" if order.fulfilled <= as_of else None,
        "billing_address": address,
        "customer": customer_body(order.priced.customer, order.customer_since),
        "fulfillments": [],
        "line_items": [line_body(order, index, gone, as_of) for index, gone in left.units_gone.items()],
        "payment_terms": None,
        "refunds": [refund_body(order, index) for index in range(len(refunds))],
        "shipping_address": address,
        "shipping_lines": shipping_lines(order),
        "returns": [],
        "line_item_groups": [],
    }

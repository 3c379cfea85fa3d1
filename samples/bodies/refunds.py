"""Refunds: refunds/create, and entries of an order's `refunds`."""

from datetime import datetime

from samples.bodies.lines import MOST_LINE_ITEMS, line_body, line_id
from samples.bodies.money import Payload, both, money_set, pounds
from samples.invented import SHOP, restock_type, shopify_id
from samples.pricing import PricedRefund, RefundedUnits
from samples.staging import StagedOrder

MOST_REFUNDS = 64
_IN_ORDERS_ONLY = frozenset({"attributed_staffs", "current_quantity", "sales_line_item_group_id"})


def _adjustments(order: StagedOrder, refund: PricedRefund, refund_id: int, number: int) -> list[Payload]:
    """NOTE: Shopify subtracts adjustments: money given back beyond the lines is a negative amount."""
    if not refund.extra and not refund.extra_tax:
        return []
    return [
        {
            "id": shopify_id("OrderAdjustment", number),
            "order_id": shopify_id("Order", order.number),
            "refund_id": refund_id,
            **both("amount", -refund.extra),
            **both("tax_amount", -refund.extra_tax),
            "kind": "refund_discrepancy",
            "reason": "Refund discrepancy",
        }
    ]


def _transaction(order: StagedOrder, refund: PricedRefund, number: int, moment: str) -> Payload:
    identifier = shopify_id("OrderTransaction", number)
    return {
        "id": identifier,
        "order_id": shopify_id("Order", order.number),
        "kind": "refund",
        "gateway": "shopify_payments",
        "status": "success",
        "message": None,
        "created_at": moment,
        "test": False,
        "processed_at": moment,
        "source_name": "web",
        "receipt": {},
        "amount": pounds(refund.paid_out),
        "currency": SHOP["currency"],
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{identifier}",
    }


def _refunded_line(
    order: StagedOrder, number: int, units: RefundedUnits, restock: str, moment: datetime
) -> Payload:
    """NOTE: a refund's subtotal and tax are JSON numbers where all other money is text."""
    return {
        "id": shopify_id("RefundLineItem", number * MOST_LINE_ITEMS + units.line),
        "quantity": units.quantity,
        "line_item_id": line_id(order.number, units.line),
        "location_id": None,
        "restock_type": restock,
        "subtotal": units.subtotal / 100,
        "total_tax": units.tax / 100,
        "subtotal_set": money_set(units.subtotal),
        "total_tax_set": money_set(units.tax),
        "line_item": _line_as_sold(order, units.line, moment),
    }


def _line_as_sold(order: StagedOrder, index: int, moment: datetime) -> Payload:
    """Return the line item without the keys that it has in orders only."""
    return {
        key: value for key, value in line_body(order, index, 0, moment).items() if key not in _IN_ORDERS_ONLY
    }


def refund_body(order: StagedOrder, index: int) -> Payload:
    """Return the order's refund number `index`, as refunds/create and as an entry of `refunds`."""
    refund, moment = order.priced.refunds[index], order.refunded[index]
    number = order.number * MOST_REFUNDS + index
    identifier, text = shopify_id("Refund", number), moment.isoformat()
    restock = restock_type(str(number), fulfilled=order.fulfilled <= moment)
    return {
        "id": identifier,
        "order_id": shopify_id("Order", order.number),
        "created_at": text,
        "note": None,
        "user_id": None,
        "processed_at": text,
        "duties": [],
        "total_duties_set": money_set(0),
        "return": None,
        "restock": bool(refund.units) and restock != "no_restock",
        "refund_shipping_lines": [],
        "admin_graphql_api_id": f"gid://shopify/Refund/{identifier}",
        "order_adjustments": _adjustments(order, refund, identifier, number),
        "refund_line_items": [_refunded_line(order, number, each, restock, moment) for each in refund.units],
        "transactions": [_transaction(order, refund, number, text)],
    }

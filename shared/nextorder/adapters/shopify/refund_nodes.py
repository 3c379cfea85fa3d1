"""Refund nodes -> the refunds of an order body."""

from collections.abc import Collection
from typing import Final

from nextorder.adapters.shopify.node_money import Body, JsonNode, amount_of, as_paid, total

_SHIPPING: Final = "shipping_refund"
_DISCREPANCY: Final = "refund_discrepancy"


def knows_lines(refund: JsonNode) -> bool:
    """Tell whether a refund was asked for whole; a bulk operation gives its sum alone."""
    return "refundLineItems" in refund


def lacks_refund_lines(node: JsonNode) -> bool:
    """Tell whether an order was refunded and nobody has said yet which lines came back."""
    return not all(map(knows_lines, node.get("refunds") or ()))


def refund_body(node: JsonNode, order: str, tips: Collection[str]) -> Body:
    """
    Return one refund's body; `order` is its order's global id, `tips` the ids of lines that are tips.

    Its connections are lists of nodes.
    """
    shop_money = node["totalRefundedSet"]["shopMoney"]
    duties = total(amount_of(duty["amountSet"]) for duty in node["duties"] or ())
    return {
        "admin_graphql_api_id": node["id"],
        "order_id": order,
        "created_at": node["createdAt"],
        "processed_at": node["processedAt"],
        "refund_line_items": [_line(line, tips) for line in node["refundLineItems"]],
        "refund_shipping_lines": [_shipping(line) for line in node["refundShippingLines"]],
        "order_adjustments": [_adjustment(each) for each in node["orderAdjustments"]],
        "total_duties_set": {"shop_money": {"amount": duties, "currency_code": shop_money["currencyCode"]}},
        "transactions": [
            {"kind": each["kind"], "status": each["status"], **as_paid(each["amountSet"])}
            for each in node["transactions"]
        ],
        "return": node["return"],
    }


def _line(node: JsonNode, tips: Collection[str]) -> Body:
    sold = node["lineItem"]["id"]
    line = {"admin_graphql_api_id": sold}
    return {
        "line_item_id": sold,
        "line_item": line | {"tip_payment_gateway": None} if sold in tips else line,
        "quantity": node["quantity"],
        "restock_type": node["restockType"].lower(),
        "subtotal": amount_of(node["subtotalSet"]),
        "total_tax": amount_of(node["totalTaxSet"]),
    }


def _shipping(node: JsonNode) -> Body:
    tax = {"shop_money": node["taxAmountSet"]["shopMoney"]}
    return {"subtotal_amount": amount_of(node["subtotalAmountSet"]), "tax_amount_set": tax}


def _adjustment(node: JsonNode) -> Body:
    # NOTE: GraphQL names a reason for discrepancies only; shipping's kind is what is left.
    kind = _DISCREPANCY if node["reason"] else _SHIPPING
    return {"kind": kind, "amount": amount_of(node["amountSet"])}

"""Line nodes -> the lines of an order body; tips are told from goods."""

from collections.abc import Sequence
from decimal import Decimal

from nextorder.adapters.shopify.node_money import Body, JsonNode, amount_of


def line_body(node: JsonNode, *, is_tip: bool) -> Body:
    """Return an order line's body."""
    product, variant = node["product"], node["variant"]
    body = {
        "admin_graphql_api_id": node["id"],
        "product_id": product and product["id"],
        "variant_id": variant and variant["id"],
        "quantity": node["quantity"],
        "current_quantity": node["currentQuantity"],
        "requires_shipping": node["requiresShipping"],
        "gift_card": node["isGiftCard"],
        **_price(node, "originalUnitPriceSet"),
    }
    # NOTE: a webhook marks tips by this key alone
    return body | {"tip_payment_gateway": None} if is_tip else body


def shipping_line_body(node: JsonNode) -> Body:
    """Return a shipping line's body; the document asks for those that were not removed."""
    return _price(node, "originalPriceSet") | {"title": node["title"], "code": node["code"]}


def _price(node: JsonNode, key: str) -> Body:
    return {
        "price": amount_of(node[key]),
        "discount_allocations": [
            {"amount": amount_of(each["allocatedAmountSet"])} for each in node["discountAllocations"]
        ],
        "tax_lines": [{"price": amount_of(each["priceSet"])} for each in node["taxLines"]],
    }


def tips_among(lines: Sequence[JsonNode], received: str | None) -> frozenset[str]:
    """
    Return the ids of the lines that are tips.

    GraphQL does not mark them. They are the lines of nothing (no product, not sent, not taxed)
    that together, or one alone, make the sum of tips that the order names.
    """
    tips = Decimal(received or 0)
    if not tips:
        return frozenset()
    prices = {line["id"]: list_price(line) for line in lines if _is_of_nothing(line)}
    if sum(prices.values()) == tips:
        return frozenset(prices)
    return frozenset([line for line, price in prices.items() if price == tips][:1])


def list_price(line: JsonNode) -> Decimal:
    """Return what all units of a line cost before discounts."""
    return Decimal(amount_of(line["originalUnitPriceSet"]) or 0) * int(line["quantity"])


def _is_of_nothing(line: JsonNode) -> bool:
    marks = ("product", "variant", "requiresShipping", "taxable", "isGiftCard")
    return not any(line[mark] for mark in marks)

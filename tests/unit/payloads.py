"""Builders of Shopify's order, refund and transaction bodies of API 2026-10, for named cases."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

PLACED_AT = "2026-03-02T10:15:00+01:00"
CURRENCY = "EUR"


def money(amount: str | Decimal, currency: str = CURRENCY, *, buyer: tuple[str, str] | None = None) -> Body:
    """Return a money bag; `buyer` = what the buyer saw, when that was another currency."""
    seen, code = buyer or (str(amount), currency)
    return {
        "shop_money": {"amount": str(amount), "currency_code": currency},
        "presentment_money": {"amount": seen, "currency_code": code},
    }


def a_line(number: int, price: str, quantity: int = 1, **fields: Any) -> Body:
    """Return an order line; `discounts` and `taxes` are amounts of the whole line."""
    discounts: Sequence[str] = fields.pop("discounts", ())
    taxes: Sequence[str] = fields.pop("taxes", ())
    currency = fields.pop("currency", CURRENCY)
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "current_quantity": quantity,
        "gift_card": False,
        "price": price,
        "price_set": money(price, currency),
        "product_id": number + 1000,
        "quantity": quantity,
        "requires_shipping": True,
        "variant_id": number + 2000,
        "tax_lines": _amounts("price", taxes, currency),
        "discount_allocations": _amounts("amount", discounts, currency),
    } | fields


def a_tip(number: int, amount: str) -> Body:
    """Return the line as which a tip comes."""
    extra = {"tip_payment_gateway": None, "tip_payment_method": None}
    return a_line(number, amount, requires_shipping=False, product_id=None, variant_id=None) | extra


def shipping(price: str, *, discounts: Sequence[str] = (), taxes: Sequence[str] = ()) -> Body:
    """Return a shipping line."""
    return {
        "id": 9001,
        "is_removed": False,
        "price": price,
        "price_set": money(price),
        "tax_lines": _amounts("price", taxes),
        "discount_allocations": _amounts("amount", discounts),
    }


def an_order(*lines: Body, total: str, **fields: Any) -> Body:
    """Return a paid web order of a known customer; `total` is what the buyer owes."""
    shipping_lines = fields.pop("shipping_lines", [shipping("5.00")])
    return {
        "id": 5001,
        "admin_graphql_api_id": "gid://shopify/Order/5001",
        "cancelled_at": None,
        "company": None,
        "created_at": PLACED_AT,
        "currency": CURRENCY,
        "customer": a_customer(),
        "duties_included": False,
        "financial_status": "paid",
        "line_items": list(lines),
        "name": "#1001",
        "original_total_duties_set": None,
        "payment_gateway_names": ["shopify_payments"],
        "presentment_currency": CURRENCY,
        "processed_at": PLACED_AT,
        "refunds": [],
        "shipping_address": {"country_code": "SE", "city": "Example"},
        "shipping_lines": shipping_lines,
        "source_name": "web",
        "tags": "",
        "taxes_included": False,
        "test": False,
        "total_discounts": "0.00",
        "total_line_items_price": str(sum(Decimal(line["price"]) * line["quantity"] for line in lines)),
        "total_price": total,
        "updated_at": PLACED_AT,
    } | fields


def a_customer(**fields: Any) -> Body:
    """Return the customer inside an order."""
    return {
        "id": 7001,
        "admin_graphql_api_id": "gid://shopify/Customer/7001",
        "created_at": "2025-12-24T18:00:00+01:00",
        "updated_at": PLACED_AT,
        "email": "anna@example.com",
        "phone": None,
        "default_address": {"country_code": "SE"},
    } | fields


def a_refund(*lines: Body, number: int = 6001, at: str = "2026-03-12T09:00:00+01:00", **fields: Any) -> Body:
    """Return a refund that has been paid out."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Refund/{number}",
        "created_at": at,
        "order_adjustments": [],
        "order_id": 5001,
        "processed_at": at,
        "refund_line_items": list(lines),
        "refund_shipping_lines": [],
        "return": None,
        "total_duties_set": money("0.00"),
        "transactions": [],
    } | fields


def refunded(line: Body, quantity: int, subtotal: str, restock: str = "return", tax: str = "0.00") -> Body:
    """Return units of a line that are refunded; the subtotal is a JSON number, as Shopify sends it."""
    return {
        "id": line["id"] + 100,
        "line_item": line,
        "line_item_id": line["id"],
        "quantity": quantity,
        "restock_type": restock,
        "subtotal": float(subtotal),
        "subtotal_set": money(subtotal),
        "total_tax": float(tax),
        "total_tax_set": money(tax),
    }


def refunded_shipping(amount: str) -> Body:
    """Return shipping that is given back, as newer versions say it."""
    return {
        "id": 9101,
        "shipping_line_id": 9001,
        "subtotal_amount_set": money(amount),
        "shipping_line": shipping(amount),
    }


def adjustment(amount: str, kind: str = "refund_discrepancy") -> Body:
    """Return an order adjustment: below zero the shop gives, above zero it keeps."""
    return {
        "id": 9201,
        "kind": kind,
        "amount": amount,
        "amount_set": money(amount),
        "tax_amount": "0.00",
        "tax_amount_set": money("0.00"),
    }


def a_transaction(number: int, amount: str, **fields: Any) -> Body:
    """Return a successful card payment."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{number}",
        "amount": amount,
        "currency": CURRENCY,
        "gateway": "shopify_payments",
        "kind": "sale",
        "manual_payment_gateway": False,
        "order_id": 5001,
        "processed_at": PLACED_AT,
        "status": "success",
        "test": False,
    } | fields


def _amounts(key: str, amounts: Sequence[str], currency: str = CURRENCY) -> list[Body]:
    return [{key: amount, f"{key}_set": money(amount, currency)} for amount in amounts]

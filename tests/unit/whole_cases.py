"""Histories whose order bodies say all that Shopify's own do, and the store as it stands after one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.fakes.house import Webhook
from tests.unit.payloads import Body


def whole(history: Sequence[Webhook]) -> list[Webhook]:
    """Return a history with all that Shopify's own bodies say of an order and we keep."""
    said: Body = {"fulfillment_status": None, "buyer_accepts_marketing": False, "shipping_lines": []}
    return [
        (topic, {**body, **said, "total_line_items_price": _prices(body)})
        if topic.startswith("orders/")
        else (topic, body)
        for topic, body in history
    ]


def as_it_stands(history: Sequence[Webhook], changed_at: datetime) -> dict[str, list[Body]]:
    """Return what a store holds after a history, whichever of its webhooks arrived."""
    orders: dict[int, Body] = {}
    for topic, body in history:
        if topic.startswith("orders/"):
            held = orders.get(body["id"], {"updated_at": "2000-01-01T00:00:00Z"})
            if datetime.fromisoformat(held["updated_at"]) <= datetime.fromisoformat(body["updated_at"]):
                orders[body["id"]] = {**held, **body}
    for topic, body in history:
        if topic == "order_transactions/create":
            orders[body["order_id"]].setdefault("transactions", []).append(body)
    consents = {body["customer_id"]: body for topic, body in history if topic.endswith("consent/update")}
    known = {body["customer"]["id"]: body["customer"] for body in orders.values() if body["customer"]}
    people = [
        customer
        | {"updated_at": changed_at.isoformat()}
        | ({"email_marketing_consent": consents[n]["email_marketing_consent"]} if n in consents else {})
        for n, customer in known.items()
    ]
    # as dictionaries: what was said last of each
    products = {body["id"]: body for topic, body in history if topic == "products/update"}
    items = {body["id"]: body for topic, body in history if topic == "inventory_items/update"}
    return {
        "orders": list(orders.values()),
        "customers": people,
        "products": list(products.values()),
        "inventory_items": list(items.values()),
    }


def _prices(order: Mapping[str, Any]) -> str:
    return str(sum(Decimal(line["price"]) * line["quantity"] for line in order["line_items"]))

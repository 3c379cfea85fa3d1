"""Webhook bodies -> facts and commands: one table from topic to reader."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from nextorder.adapters.shopify import checkouts, customers, orders, products, refunds, shops
from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Reading

PING: Final = "nextorder/ping"
"""The topic of our own test deliveries, by which `connect` sees that webhooks arrive."""

_READERS: Final[Mapping[str, Callable[[Node, Envelope], Reading]]] = {
    "orders/create": orders.read_order,
    "orders/updated": orders.read_order,
    "orders/paid": orders.read_order,
    "orders/cancelled": orders.read_order,
    "orders/fulfilled": orders.read_order,
    "orders/partially_fulfilled": orders.read_order,
    "orders/edited": orders.read_order_edited,
    "orders/delete": orders.read_order_deleted,
    "refunds/create": refunds.read_refund,
    "order_transactions/create": refunds.read_transaction,
    "returns/request": refunds.read_return,
    "returns/approve": refunds.read_return,
    "returns/decline": refunds.read_return,
    "returns/cancel": refunds.read_return,
    "returns/close": refunds.read_return,
    "returns/reopen": refunds.read_return,
    "returns/update": refunds.read_return,
    "customers/create": customers.read_customer,
    "customers/update": customers.read_customer,
    "customers/delete": customers.read_customer_deleted,
    "customers/merge": customers.read_merge,
    "customers/purchasing_summary": customers.read_order_count,
    "customers_email_marketing_consent/update": customers.read_email_consent,
    "customers_marketing_consent/update": customers.read_sms_consent,
    "customer.tags_removed": customers.read_tags_removed,
    "customer.tags_added": shops.read_noted,
    "checkouts/create": checkouts.read_checkout,
    "checkouts/update": checkouts.read_checkout,
    "checkouts/delete": checkouts.read_checkout_deleted,
    "products/create": products.read_product,
    "products/update": products.read_product,
    "inventory_items/update": products.read_inventory_item,
    "shop/update": shops.read_shop,
    "bulk_operations/finish": shops.read_noted,
    "app/scopes_update": shops.read_noted,
    PING: shops.read_ping,
}

TOPICS: Final = frozenset(_READERS)
"""What `read` understands; the receiver counts any other topic and stores nothing."""

PRIVACY_TOPICS: Final = frozenset(
    {"customers/data_request", "customers/redact", "shop/redact", "app/uninstalled"}
)
"""Requests to show or to forget; never facts, and read elsewhere."""


def read(
    topic: str,
    payload: Mapping[str, Any],
    *,
    triggered_at: datetime | None,
    currency: str = "USD",
    tag_prefix: str = "next:",
) -> Reading:
    """
    Read one webhook body of API 2026-10 as facts and commands; names and addresses are dropped.

    `currency` is the shop's own, for the bodies that name none. BadPayload says which field
    cannot be used; it holds nothing of the body.
    """
    reader = _READERS.get(topic)
    if reader is None:
        raise BadPayload("not a topic that is read here: take it off the subscriptions", field="topic")
    if not isinstance(payload, Mapping):
        raise BadPayload("expected a JSON object")
    envelope = Envelope(topic=topic, triggered_at=triggered_at, currency=currency, tag_prefix=tag_prefix)
    return reader(Node(payload), envelope)

"""Shopify's compliance webhooks and app/uninstalled, from their bodies to what they ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nextorder.domain.errors import BadPayload

_OWN_FIELD: Final = {
    "customers/data_request": "data_request",
    "customers/redact": "orders_to_redact",
    "shop/redact": "shop_domain",
    "app/uninstalled": "myshopify_domain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """What a compliance webhook asks for; `customer` is empty where it is about the whole shop."""

    topic: str
    customer: str = ""
    orders: tuple[str, ...] = ()
    request: str = ""


def read_privacy(topic: str, payload: Mapping[str, Any]) -> PrivacyRequest:
    """
    Read a compliance webhook.

    https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
    The signature covers the body and not the topic: a body that was signed as an order must not
    pass for a redaction, so each topic's own fields are demanded.

    Raises:
        BadPayload: The body is not of this topic, or names no customer.
    """
    if (own := _OWN_FIELD[topic]) not in payload:
        raise BadPayload(f"not a body of {topic}", field=own)
    if not topic.startswith("customers/"):
        return PrivacyRequest(topic=topic)
    customer = (payload.get("customer") or {}).get("id")
    if not isinstance(customer, int | str) or not str(customer).isdecimal():
        raise BadPayload("no numeric id", field="customer.id")
    request = (payload.get("data_request") or {}).get("id", "")
    orders = tuple(id_ for id_ in map(str, payload.get("orders_to_redact") or ()) if id_.isdecimal())
    return PrivacyRequest(topic=topic, customer=str(customer), orders=orders, request=str(request))

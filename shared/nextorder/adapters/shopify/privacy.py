"""Shopify's compliance webhooks and app/uninstalled, from their bodies to what they ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nextorder.domain.errors import BadPayload


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """What a compliance webhook asks for; `customer` is empty where it is about the whole shop."""

    topic: str
    customer: str = ""
    request: str = ""


def read_privacy(topic: str, payload: Mapping[str, Any]) -> PrivacyRequest:
    """
    Read a compliance webhook.

    https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance

    Raises:
        BadPayload: A customer topic without a customer.
    """
    if not topic.startswith("customers/"):
        return PrivacyRequest(topic=topic)
    customer = (payload.get("customer") or {}).get("id")
    if not isinstance(customer, int | str) or not str(customer).isdecimal():
        raise BadPayload("no numeric id", field="customer.id")
    request = (payload.get("data_request") or {}).get("id", "")
    return PrivacyRequest(topic=topic, customer=str(customer), request=str(request))

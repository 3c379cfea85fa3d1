"""Webhook subscriptions made by the API."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.shopify.ids import moment
from tests.fakes.shopify.store import Store

API_VERSION = "2026-10"
FIELD = ["webhookSubscription", "callbackUrl"]

Payload = dict[str, Any]


def subscribe(store: Store, topic: str, given: Mapping[str, Any]) -> Payload:
    """Subscribe a topic once to an address that is not plain HTTP."""
    uri = str(given.get("uri") or given.get("callbackUrl") or "")
    if not uri.startswith(("https://", "arn:aws:events:", "pubsub://")):
        return _refused("Address protocol http:// is not supported" if uri else "Address can't be blank")
    place = (topic, uri, given.get("format") or "JSON", given.get("filter"))
    if any(_place(known) == place for known in store.subscriptions.values()):
        return _refused("Address for this topic has already been taken")
    subscription = _subscription(store, topic, uri, given)
    store.subscriptions[subscription["id"]] = subscription
    return {"webhookSubscription": subscription, "userErrors": []}


def unsubscribe(store: Store, id_: str) -> Payload:
    """End a subscription."""
    if store.subscriptions.pop(id_, None):
        return {"deletedWebhookSubscriptionId": id_, "userErrors": []}
    error = {"field": ["id"], "message": "Webhook subscription does not exist"}
    return {"deletedWebhookSubscriptionId": None, "userErrors": [error]}


def _subscription(store: Store, topic: str, uri: str, given: Mapping[str, Any]) -> Payload:
    number, now = store.next_number(), moment(store.now)
    return {
        "__typename": "WebhookSubscription",
        "id": f"gid://shopify/WebhookSubscription/{number}",
        "legacyResourceId": str(number),
        "topic": topic,
        "uri": uri,
        "callbackUrl": uri,
        "format": given.get("format") or "JSON",
        "filter": given.get("filter"),
        "includeFields": given.get("includeFields") or [],
        "metafieldNamespaces": given.get("metafieldNamespaces") or [],
        "name": given.get("name"),
        "createdAt": now,
        "updatedAt": now,
        "apiVersion": {"handle": API_VERSION, "displayName": API_VERSION, "supported": True},
    }


def _place(known: Payload) -> tuple[Any, ...]:
    return known["topic"], known["uri"], known["format"], known["filter"]


def _refused(message: str) -> Payload:
    return {"webhookSubscription": None, "userErrors": [{"field": FIELD, "message": message}]}

"""Webhook subscriptions made by the API: made, changed, deleted and listed."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.shopify.addresses import address_problems
from tests.fakes.shopify.ids import GID, moment
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.store import Info, Store
from tests.fakes.shopify.webhook_filters import is_well_formed

API_VERSION = "2026-10"
ADDRESS = ["webhookSubscription", "callbackUrl"]
BAD_FILTER = "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on."
NAME = re.compile(r"[A-Za-z0-9_-]{1,50}")
TOPICS = Path(__file__).parents[2] / "contracts" / "shopify" / "topics.json"

Root = Callable[..., Any]
Payload = dict[str, Any]


def _create(_: None, info: Info, *, topic: str, webhookSubscription: Mapping[str, Any]) -> Payload:  # noqa: N803
    store, given = info.context, webhookSubscription
    wanted = _wanted(given) | {"topic": topic}
    if errors := _topic_errors(store, topic) or _errors(store, wanted, own=""):
        return {"webhookSubscription": None, "userErrors": errors}
    number, now = store.next_number(), moment(store.now)
    store.subscriptions[f"{GID}WebhookSubscription/{number}"] = {
        "__typename": "WebhookSubscription",
        "id": f"{GID}WebhookSubscription/{number}",
        "legacyResourceId": str(number),
        **wanted,
        "createdAt": now,
        "updatedAt": now,
    }
    return {"webhookSubscription": _look(store, number), "userErrors": []}


def _update(_: None, info: Info, *, id: str, webhookSubscription: Mapping[str, Any]) -> Payload:  # noqa: A002, N803
    store: Store = info.context
    known = store.subscriptions.get(id)
    if known is None:
        return {"webhookSubscription": None, "userErrors": [_missing()]}
    told = {
        key: value
        for key, value in _wanted(webhookSubscription).items()
        if _is_told(webhookSubscription, key)
    }
    if errors := _errors(store, known | told, own=id):
        return {"webhookSubscription": None, "userErrors": errors}
    store.subscriptions[id] = known | told | {"updatedAt": moment(store.now)}
    return {"webhookSubscription": _look(store, id.rsplit("/", 1)[-1]), "userErrors": []}


def _delete(_: None, info: Info, *, id: str) -> Payload:  # noqa: A002 - theirs
    if info.context.subscriptions.pop(id, None):
        return {"deletedWebhookSubscriptionId": id, "userErrors": []}
    return {"deletedWebhookSubscriptionId": None, "userErrors": [_missing()]}


def _wanted(given: Mapping[str, Any]) -> Payload:
    return {
        "uri": str(given.get("uri") or given.get("callbackUrl") or ""),
        "format": given.get("format") or "JSON",
        "filter": given.get("filter"),
        "includeFields": given.get("includeFields") or [],
        "metafieldNamespaces": given.get("metafieldNamespaces") or [],
        "name": given.get("name"),
    }


def _is_told(given: Mapping[str, Any], key: str) -> bool:
    return key in given or (key == "uri" and "callbackUrl" in given)


@cache
def topic_scopes() -> dict[str, frozenset[str]]:
    """Return the scopes of which each topic wants one; of some, none."""
    topics = json.loads(TOPICS.read_text(encoding="utf-8"))
    return {name: frozenset(one["scopes"]) for name, one in topics.items()}


def _topic_errors(store: Store, topic: str) -> list[Payload]:
    wanted = topic_scopes()[topic]
    have = store.scopes | {one.replace("write_", "read_", 1) for one in store.scopes}
    if not wanted or wanted & have:
        return []
    # NOTE: recalled from the forums, not recorded.
    message = "You cannot create a webhook subscription with the specified topic"
    return [{"field": ["topic"], "message": message}]


def _errors(store: Store, wanted: Mapping[str, Any], own: str) -> list[Payload]:
    if problems := address_problems(wanted["uri"], store.app_number):
        return [{"field": ADDRESS, "message": message} for message in problems]
    if wanted["filter"] and not is_well_formed(wanted["filter"]):
        return [{"field": ["webhookSubscription"], "message": BAD_FILTER}]
    if wanted["name"] and not NAME.fullmatch(wanted["name"]):
        return [{"field": ["webhookSubscription", "name"], "message": "Name is invalid"}]
    others = (one for one in store.subscriptions.values() if one["id"] != own)
    if any(_place(other) == _place(wanted) for other in others):
        return [{"field": ADDRESS, "message": "Address for this topic has already been taken"}]
    return []


def _place(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return one["topic"], one["uri"], one["format"], one["filter"]


def _missing() -> Payload:
    return {"field": ["id"], "message": "Webhook subscription does not exist"}


def _look(store: Store, number: object) -> View:
    stored = store.subscriptions[f"{GID}WebhookSubscription/{number}"]
    version = {"handle": API_VERSION, "displayName": API_VERSION, "supported": True}
    return {**stored, "callbackUrl": stored["uri"], "apiVersion": version}


def _subscription(_: None, info: Info, *, id: str) -> View | None:  # noqa: A002 - theirs
    return _look(info.context, id.rsplit("/", 1)[-1]) if id in info.context.subscriptions else None


def _subscriptions(
    _: None,
    info: Info,
    *,
    topics: list[str] | None = None,
    uri: str | None = None,
    callbackUrl: str | None = None,  # noqa: N803 - the schema's name
    **page: Any,
) -> View:
    address = uri or callbackUrl
    found = [
        _look(info.context, one["legacyResourceId"])
        for one in info.context.subscriptions.values()
        if (not topics or one["topic"] in topics) and address in (None, one["uri"])
    ]
    return connection(found, page)


def _count(_: None, info: Info, **_arguments: Any) -> View:
    return {"count": len(info.context.subscriptions), "precision": "EXACT"}


QUERIES: dict[str, Root] = {
    "webhookSubscription": _subscription,
    "webhookSubscriptions": _subscriptions,
    "webhookSubscriptionsCount": _count,
}
MUTATIONS: dict[str, Root] = {
    "webhookSubscriptionCreate": _create,
    "webhookSubscriptionDelete": _delete,
    "webhookSubscriptionUpdate": _update,
}

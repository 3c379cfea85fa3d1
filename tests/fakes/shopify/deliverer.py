"""Webhooks as Shopify delivers them: signed, retried, sometimes twice, late, in disorder or not at all."""

import base64
import hashlib
import hmac
import json
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.fakes.shopify.ids import moment
from tests.fakes.shopify.store import Store
from tests.fakes.shopify.webhook_filters import lets_through, only
from tests.fakes.shopify.webhooks import API_VERSION

RETRIES = 8
RETRY_SECONDS = 14_400 / (2**RETRIES - 1)
"""Until the first retry; each wait doubles, and all of them make four hours."""
MOST_FAILURES = 8
"""In a row: then a subscription that was made by the API is deleted."""
PATIENCE_SECONDS = 5.0

Send = Callable[[str, bytes, Mapping[str, str]], bool]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Deliver one; anything but a 2xx within five seconds is a failure."""
    try:
        reply = requests.post(
            url, data=body, headers=dict(headers), timeout=PATIENCE_SECONDS, allow_redirects=False
        )
    except requests.RequestException:
        return False
    return reply.ok and not reply.is_redirect


@dataclass(slots=True)
class Weather:
    """What the network does to deliveries; shares are of 1."""

    loss: float = 0.0
    duplicates: float = 0.0
    disorder: bool = False


@dataclass(slots=True)
class Parcel:
    """One delivery of one event to one subscription; a retry is the same again."""

    subscription: str
    uri: str
    body: bytes
    headers: Mapping[str, str]
    due: float
    attempts: int = 0


@dataclass(slots=True)
class Deliverer:
    """Sends what happens in a store to who subscribed to it."""

    secret: str
    send: Send = post
    weather: Weather = field(default_factory=Weather)
    routes: dict[str, str] = field(default_factory=dict)
    """Beginnings of subscribed addresses and where they are here: the https of a test leads nowhere."""
    waiting: list[Parcel] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    """By subscription, in a row."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret

    def announce(self, store: Store, topic: str, body: Mapping[str, Any]) -> int:
        """Pack an event for every subscription that wants it; return how many parcels are on their way."""
        event, packed = str(uuid.uuid4()), 0
        for one in _subscribers(store, topic, body):
            if self.chance.random() < self.weather.loss:
                continue
            copies = 1 + (self.chance.random() < self.weather.duplicates)
            parcel = self._pack(store, one, topic, body, event)
            self.waiting += [
                Parcel(one["id"], one["uri"], parcel[0], parcel[1], store.now) for _ in range(copies)
            ]
            packed += copies
        return packed

    def deliver(self, store: Store, until: float) -> dict[str, int]:
        """Attempt all that is due until a moment, retries within it too; count what came of it."""
        counts: Counter[str] = Counter()
        while due := [parcel for parcel in self.waiting if parcel.due <= until]:
            self.waiting = [parcel for parcel in self.waiting if parcel.due > until]
            if self.weather.disorder:
                self.chance.shuffle(due)
            for parcel in due:
                counts[self._attempt(store, parcel)] += 1
        return {"waiting": len(self.waiting), **counts}

    def _attempt(self, store: Store, parcel: Parcel) -> str:
        if parcel.subscription not in store.subscriptions:
            return "unwanted"
        parcel.attempts += 1
        if self.send(self._address(parcel.uri), parcel.body, parcel.headers):
            self.failures[parcel.subscription] = 0
            return "delivered"
        self.failures[parcel.subscription] += 1
        if self.failures[parcel.subscription] >= MOST_FAILURES:
            del store.subscriptions[parcel.subscription]
            return "deleted"
        if parcel.attempts > RETRIES:
            return "given_up"
        parcel.due += RETRY_SECONDS * 2 ** (parcel.attempts - 1)
        self.waiting.append(parcel)
        return "failed"

    def _address(self, uri: str) -> str:
        for start, here in self.routes.items():
            if uri.startswith(start):
                return here + uri.removeprefix(start)
        return uri

    def _pack(
        self, store: Store, one: Mapping[str, Any], topic: str, body: Mapping[str, Any], event: str
    ) -> tuple[bytes, dict[str, str]]:
        raw = json.dumps(only(body, one["includeFields"]), separators=(",", ":")).encode()
        signature = hmac.digest(self.secret.encode(), raw, hashlib.sha256)
        named = {"X-Shopify-Name": one["name"]} if one["name"] else {}
        return raw, named | {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
            "X-Shopify-Shop-Domain": store.shop,
            "X-Shopify-API-Version": API_VERSION,
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": event,
            "X-Shopify-Triggered-At": moment(store.now),
        }


def _subscribers(store: Store, topic: str, body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield who is told by HTTPS; an event bus or a queue cannot be reached from here."""
    name = topic.upper().replace("/", "_").replace(".", "_")
    for one in list(store.subscriptions.values()):
        if one["topic"] == name and one["uri"].startswith("https://") and lets_through(one["filter"], body):
            yield one


def happen(store: Store, topic: str, body: Mapping[str, Any]) -> None:
    """Let the store be as a webhook's body says it is."""
    noun, _, verb = topic.partition("/")
    kinds = {
        "orders": "Order",
        "customers": "Customer",
        "products": "Product",
        "inventory_items": "InventoryItem",
    }
    if noun in kinds and verb == "delete":
        store.remove(f"gid://shopify/{kinds[noun]}/{body['id']}")
    elif noun in kinds and "id" in body:
        store.add(kinds[noun], body)

"""Receive a webhook: read the request, check the signature, decide what becomes of it."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from nextorder.adapters.connections import Connections
from nextorder.adapters.queues import Delivery
from nextorder.adapters.shopify.read import PRIVACY_TOPICS, TOPICS
from nextorder.adapters.shopify.signature import is_signed

LARGEST_MESSAGE_BYTES: Final = 1_000_000
"""SQS takes 1 MiB with attributes; a larger body goes to S3."""
_UNSENDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What SQS refuses in a message body."""


class Fate(StrEnum):
    """What becomes of a request; also the name of its metric."""

    FORGED = "forged"
    UNKNOWN_SHOP = "unknown_shop"
    UNKNOWN_TOPIC = "unknown_topic"
    QUEUED = "queued"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook's raw bytes and lower-case headers."""

    raw: bytes
    headers: Mapping[str, str]

    @property
    def topic(self) -> str:
        """The topic as Shopify names it, `orders/create`."""
        return self.headers.get("x-shopify-topic", "")

    @property
    def shop(self) -> str:
        """The shop's myshopify.com domain."""
        return self.headers.get("x-shopify-shop-domain", "").lower()


def read_request(event: Mapping[str, Any]) -> Request:
    """
    Read a Function URL event, base64 or not, header names in any case.

    A body that claims to be base64 and is not is taken as the text it is: its signature fails.
    """
    body = event.get("body") or ""
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    if event.get("isBase64Encoded"):
        try:
            return Request(base64.b64decode(body, validate=True), headers)
        except (binascii.Error, ValueError):
            return Request(body.encode("utf-8", "surrogatepass"), headers)
    return Request(body.encode("utf-8", "surrogatepass"), headers)


def judge_request(request: Request, connections: Connections) -> Fate:
    """
    Decide what becomes of a request.

    A failed signature may read the secret anew once a minute, as after a rotation. A shop that is
    not known always does: it may have been connected a moment ago.
    """
    if not _is_authentic(request, connections) and not (
        connections.refresh() and _is_authentic(request, connections)
    ):
        return Fate.FORGED
    if connections.of(request.shop) is None:
        connections.refresh(trusted=True)
        if connections.of(request.shop) is None:
            return Fate.UNKNOWN_SHOP
    if request.topic in PRIVACY_TOPICS:
        return Fate.PRIVATE
    return Fate.QUEUED if request.topic in TOPICS else Fate.UNKNOWN_TOPIC


def delivery_of(request: Request) -> tuple[Delivery, bool]:
    """Return the delivery and whether its body fits a message as it is; if not it belongs in S3."""
    delivery = Delivery(
        topic=request.topic,
        shop=request.shop,
        webhook_id=request.headers.get("x-shopify-webhook-id", "")[:200],
        triggered_at=request.headers.get("x-shopify-triggered-at", "")[:40],
    )
    text = request.raw.decode("utf-8", "replace")
    is_exact = text.encode() == request.raw and not _UNSENDABLE.search(text)
    if not text or not is_exact or len(request.raw) > LARGEST_MESSAGE_BYTES:
        return delivery, False
    return Delivery(**{**_fields(delivery), "body": text}), True


def _is_authentic(request: Request, connections: Connections) -> bool:
    signature = request.headers.get("x-shopify-hmac-sha256", "")
    shops = connections.all()
    own = shops.get(request.shop)
    # a shop that was never connected: any connected shop's secret shows that Shopify sent it
    candidates = [own] if own else list(shops.values())
    secrets = [secret for connection in candidates for secret in connection.client_secrets]
    return bool(signature) and is_signed(request.raw, signature, secrets)


def _fields(delivery: Delivery) -> dict[str, str]:
    return {name: getattr(delivery, name) for name in ("topic", "shop", "webhook_id", "triggered_at")}

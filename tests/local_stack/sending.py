"""Send webhooks as Shopify does: signed, over HTTP, several at a time."""

import base64
import hashlib
import hmac
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import requests

from samples.deliveries import Webhook
from tests.local_stack.endpoints import Endpoints

CONCURRENCY = 8
API_VERSION = "2026-10"
TIMEOUT_SECONDS = 30
TELL_EVERY = 500


def signature(secret: str, body: bytes) -> str:
    """Return what Shopify puts into X-Shopify-Hmac-Sha256."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def headers(endpoints: Endpoints, webhook: Webhook) -> dict[str, str]:
    """Return a delivery's headers; a forged one is signed by somebody else."""
    secret = "somebody-else" if webhook.forged else endpoints.client_secret
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": webhook.topic,
        "X-Shopify-Hmac-Sha256": signature(secret, webhook.body),
        "X-Shopify-Shop-Domain": endpoints.shop_domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": webhook.webhook_id,
        "X-Shopify-Triggered-At": webhook.triggered_at,
    }


def send_all(
    endpoints: Endpoints, webhooks: Sequence[Webhook], tell: Callable[[str], None] = lambda _: None
) -> Counter[int]:
    """Send them in their order, CONCURRENCY at a time; return how many got which HTTP status."""
    own = threading.local()
    statuses: Counter[int] = Counter()

    def send(webhook: Webhook) -> int:
        session: requests.Session = own.__dict__.setdefault("session", requests.Session())
        reply = session.post(
            endpoints.webhook_url,
            data=webhook.body,
            headers=headers(endpoints, webhook),
            timeout=TIMEOUT_SECONDS,
        )
        return reply.status_code

    with ThreadPoolExecutor(CONCURRENCY) as senders:
        for sent, status in enumerate(senders.map(send, webhooks), start=1):
            statuses[status] += 1
            if sent % TELL_EVERY == 0:
                tell(f"{sent} of {len(webhooks)}")
    return statuses


def one(topic: str, body: bytes, *, forged: bool = False) -> Webhook:
    """Return a webhook of this moment."""
    digest = hashlib.sha256(topic.encode() + body).hexdigest()
    return Webhook(topic, digest[:32], datetime.now(UTC).isoformat(), body, forged)

"""From a delivery on the queue to what it says."""

import json
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.queues import Delivery
from nextorder.adapters.shopify.read import read
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop


def raw_body(delivery: Delivery, bodies: Bodies) -> bytes | None:
    """Return the body as Shopify sent it, from the message or from S3; None where it is gone from there."""
    return bodies.get(delivery.body_key) if delivery.body_key else delivery.body.encode()


def payload_of(raw: bytes) -> dict[str, Any]:
    """
    Parse a body.

    Raises:
        BadPayload: It is not a JSON object in UTF-8.
    """
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError) as error:
        # NOTE: a plain ValueError is Python's own limit of 4,300 digits for a whole number
        raise BadPayload(f"the body is not JSON ({type(error).__name__})") from error
    if not isinstance(payload, dict):
        raise BadPayload(f"the body is a JSON {type(payload).__name__}, not an object")
    return payload


def read_delivery(delivery: Delivery, bodies: Bodies, shop: Shop) -> Reading | None:
    """
    Read what one delivery says; None where its body is gone, since it was dealt with before.

    Raises:
        BadPayload: It can never be used; `reason` says why.
    """
    raw = raw_body(delivery, bodies)
    if raw is None:
        return None
    return read_payload(delivery.topic, payload_of(raw), triggered_at(delivery.triggered_at), shop)


def read_payload(topic: str, payload: dict[str, Any], at: datetime | None, shop: Shop) -> Reading:
    """Read a payload in the shop's own terms."""
    return read(topic, payload, triggered_at=at, currency=shop.currency, tag_prefix=shop.tag_prefix)


def triggered_at(text: str) -> datetime | None:
    """Read X-Shopify-Triggered-At (nanoseconds, RFC 3339); None when it is missing or no date."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)

"""
The demo's plan of webhooks: real deliveries made messy, and what a right system does with them.

Pure and seeded by hash: the same deliveries and seed are the same plan.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from samples.bodies.money import Payload
from samples.invented import FAMILIES, share
from samples.payloads import Delivery

TWICE = 0.06
LATE = 0.12
LATE_BY = 40
"""Places in the queue."""
FORGED_ORDER = FAMILIES["Order"] + 999_999_999
HALF_A_BODY = b'{"id":5400999999998,"line_items":[{"id":'


@dataclass(frozen=True, slots=True)
class Webhook:
    """One HTTP request to make; the sender signs the body, wrongly when `forged`."""

    topic: str
    webhook_id: str
    triggered_at: str
    body: bytes
    forged: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Webhooks in the order of sending, and what must come of them."""

    webhooks: tuple[Webhook, ...]
    distinct: int
    """Deliveries of the clean pass, each sent at least once."""
    duplicates: int
    early_refunds: int
    """Refunds sent before any webhook of their order, whose order is not older than the plan."""
    refused: int
    """To be answered 401: the forged one."""
    dead_lettered: int
    """Answered 200 and set aside: the body that cannot be used."""
    forged_order: int = FORGED_ORDER
    """An id that must not be found anywhere afterwards."""

    @property
    def sent(self) -> int:
        """All requests."""
        return len(self.webhooks)

    @property
    def accepted(self) -> int:
        """To be answered 200: all that are signed well, whatever they say."""
        return self.sent - self.refused


def messy(deliveries: Sequence[Delivery], seed: int) -> Plan:
    """
    Send some twice, some late, some refunds before their order; one forged, one malformed.

    A duplicate carries the same webhook id and body. At least one order/create is needed.
    """
    places = dict(_places(deliveries, seed))
    early = _ahead_of_their_orders(deliveries, places)
    clean = [_webhook(index, each, seed) for index, each in enumerate(deliveries)]
    first = [(places[index], webhook) for index, webhook in enumerate(clean)]
    again = [
        (place + 1 + LATE_BY * share(f"{seed}:again:{webhook.webhook_id}"), webhook)
        for place, webhook in first
        if share(f"{seed}:twice:{webhook.webhook_id}") < TWICE
    ]
    odd = [(len(clean) / 3, _forged(deliveries, seed)), (len(clean) / 2, _malformed(clean, seed))]
    queue = sorted((*first, *again, *odd), key=lambda each: each[0])
    return Plan(
        webhooks=tuple(webhook for _, webhook in queue),
        distinct=len(clean),
        duplicates=len(again),
        early_refunds=early,
        refused=1,
        dead_lettered=1,
    )


def _places(deliveries: Iterable[Delivery], seed: int) -> Iterator[tuple[int, float]]:
    """Yield each delivery's place in the queue: its own, or some places later."""
    for index, _ in enumerate(deliveries):
        late = share(f"{seed}:late:{index}") < LATE
        yield index, index + (LATE_BY * share(f"{seed}:by:{index}") if late else 0.0)


def _ahead_of_their_orders(deliveries: Sequence[Delivery], places: dict[int, float]) -> int:
    """Move each refund whose order is in the plan before the order's first webhook; return how many."""
    first = _first_places(deliveries, places)
    moved = 0
    for index, delivery in enumerate(deliveries):
        if delivery.topic == "refunds/create" and delivery.payload["order_id"] in first:
            places[index] = first[delivery.payload["order_id"]] - 0.5
            moved += 1
    return moved


def _first_places(deliveries: Sequence[Delivery], places: Mapping[int, float]) -> Mapping[int, float]:
    """Return the earliest place of any webhook of the orders that the plan creates, by order id."""
    created = {each.payload["id"] for each in deliveries if each.topic == "orders/create"}
    first: dict[int, float] = {}
    for index, each in enumerate(deliveries):
        if each.topic.startswith("orders/") and each.payload["id"] in created:
            order = each.payload["id"]
            first[order] = min(places[index], first.get(order, places[index]))
    return first


def _webhook(index: int, delivery: Delivery, seed: int) -> Webhook:
    return Webhook(
        topic=delivery.topic,
        webhook_id=_id(f"{seed}:{index}"),
        triggered_at=delivery.at.isoformat(),
        body=delivery.body(),
    )


def _forged(deliveries: Sequence[Delivery], seed: int) -> Webhook:
    """An order that was never placed, of a customer who exists."""
    real = next(each for each in deliveries if each.topic == "orders/create")
    payload: Payload = {
        **real.payload,
        "id": FORGED_ORDER,
        "admin_graphql_api_id": f"gid://shopify/Order/{FORGED_ORDER}",
    }
    made_up = replace(real, payload=payload, at=real.at + timedelta(seconds=1))
    return replace(_webhook(-1, made_up, seed), forged=True)


def _malformed(clean: Sequence[Webhook], seed: int) -> Webhook:
    return replace(clean[0], topic="orders/updated", webhook_id=_id(f"{seed}:half"), body=HALF_A_BODY)


def _id(key: str) -> str:
    return str(UUID(bytes=hashlib.sha256(key.encode()).digest()[:16], version=4))

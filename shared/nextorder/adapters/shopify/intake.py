"""From a message on the queue of facts to a job, or to the dead letters with the reason."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.queues import UNKNOWN, WAKE, Delivery, Queue, from_record
from nextorder.adapters.shopify.deliveries import read_delivery
from nextorder.adapters.shopify.read import PRIVACY_TOPICS, TOPICS
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Job
from nextorder.domain.shop import Shop
from nextorder.ports import Shops


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads the queue of facts: our own messages and those of Shopify's EventBridge source."""

    shops: Shops
    bodies: Bodies
    dead: Callable[[], Queue]
    privacy: Callable[[], Queue]
    """Both are made when they are needed, which is hardly ever: a client of SQS starts slowly."""

    def job_of(self, record: Mapping[str, Any]) -> Job | None:
        """Return what a message asks for; None when it has been dealt with here."""
        try:
            delivery = from_record(record)
        except (KeyError, TypeError, ValueError, RecursionError):
            self._bury(Delivery(topic=UNKNOWN, shop=UNKNOWN, body=record["body"]), "no known envelope")
            return None
        if delivery.topic in PRIVACY_TOPICS:
            # also of a shop that is erased already: its keys and bodies may still be there
            self.privacy().send(delivery)
            return None
        shop = self.shops.get(delivery.shop)
        return self._job(record["messageId"], delivery, shop) if shop else None

    def _job(self, message_id: str, delivery: Delivery, shop: Shop) -> Job | None:
        if delivery.topic == WAKE:
            asked = json.loads(delivery.body)
            return Job(id=message_id, shop=shop, wake=asked["customer"], refresh=asked.get("refresh", False))
        if delivery.topic in TOPICS:
            try:
                reading = read_delivery(delivery, self.bodies, shop)
            except BadPayload as error:
                self._bury(delivery, str(error))
            else:
                if reading:
                    return Job(id=message_id, shop=shop, reading=reading, body_key=delivery.body_key)
        return None

    def done(self, job: Job) -> None:
        """Let go of the body of a job that was worked off."""
        if job.body_key:
            self.bodies.drop(job.body_key)

    def _bury(self, delivery: Delivery, reason: str) -> None:
        self.dead().send(delivery.with_reason(reason))

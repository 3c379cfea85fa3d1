"""From a message on the queue of facts to a job, or to the dead letters with the reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.queues import Delivery, Queue, from_record
from nextorder.adapters.shopify.deliveries import read_delivery
from nextorder.adapters.shopify.read import PRIVACY_TOPICS, TOPICS
from nextorder.domain.errors import BadPayload
from nextorder.ports import Shops
from nextorder.use_cases.work_off import Job


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads the queue of facts: our own messages and those of Shopify's EventBridge source."""

    shops: Shops
    bodies: Bodies
    dead: Queue
    privacy: Queue

    def job_of(self, record: Mapping[str, Any]) -> Job | None:
        """Return what a message asks for; None when it has been dealt with here."""
        try:
            delivery = from_record(record)
        except (KeyError, TypeError, json.JSONDecodeError):
            self._bury(Delivery(topic="unknown", shop="unknown", body=record["body"]), "no known envelope")
            return None
        shop = self.shops.get(delivery.shop)
        if shop is None:
            return None
        if delivery.topic == "wake":
            return Job(id=record["messageId"], shop=shop, wake=json.loads(delivery.body)["customer"])
        if delivery.topic in PRIVACY_TOPICS:
            self.privacy.send(delivery)
            return None
        if delivery.topic not in TOPICS:
            return None
        try:
            reading = read_delivery(delivery, self.bodies, shop)
        except BadPayload as error:
            self._bury(delivery, str(error))
            return None
        return Job(id=record["messageId"], shop=shop, reading=reading)

    def _bury(self, delivery: Delivery, reason: str) -> None:
        self.dead.send(delivery.with_reason(reason))

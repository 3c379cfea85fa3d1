"""The door: a signed webhook goes on a queue, everything else is answered and counted."""

from dataclasses import dataclass, replace

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.connections import Connections
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.receive import Fate, Request, delivery_of, judge_request


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where webhooks come in."""

    connections: Connections
    facts: Queue
    privacy: Queue
    bodies: Bodies

    def accept(self, request: Request) -> Fate:
        """Check a request and keep it; once this returns QUEUED or PRIVATE nothing can lose it."""
        fate = judge_request(request, self.connections)
        if fate in (Fate.QUEUED, Fate.PRIVATE):
            pass_on(request, self.privacy if fate is Fate.PRIVATE else self.facts, self.bodies)
        return fate


def pass_on(request: Request, queue: Queue, bodies: Bodies) -> None:
    """Put a request on a queue as it is; a body that does not fit a message goes to S3."""
    delivery, fits = delivery_of(request)
    if not fits:
        delivery = replace(delivery, body_key=bodies.put(request.shop, request.raw))
    queue.send(delivery)

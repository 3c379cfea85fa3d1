"""What surrounds the body of a webhook."""

from dataclasses import dataclass
from datetime import datetime

from nextorder.adapters.shopify.payload import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A topic, when Shopify says it happened, and the settings of the shop that it needs."""

    topic: str
    triggered_at: datetime | None
    currency: str
    """The shop's; for bodies that name an amount and no currency."""
    tag_prefix: str

    def clock(self, body: Node, *keys: str) -> datetime:
        """Return the body's own moment, else the delivery's; BadPayload when there is neither."""
        own = body.moment(*keys) or self.triggered_at
        if own is None:
            raise body.bad(keys[0] if keys else "", "neither the body nor the delivery says when")
        return own

    def told_at(self, body: Node, *keys: str) -> datetime:
        """
        Return when Shopify told it, else the body's own moment.

        For states whose own moment may lie in the past, such as an imported consent.
        """
        return self.triggered_at or self.clock(body, *keys)

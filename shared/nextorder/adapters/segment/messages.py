"""The calls of Segment's spec: identify with traits, track with events."""

from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any, Final

from nextorder.adapters import plain
from nextorder.domain.changes import Change, Event, EventKind
from nextorder.domain.shop import Shop

PREFIX: Final = "nextorder_"
MEMBER: Final = "nextorder_in_"
"""A segment is a trait that is true or false, as in audiences of Segment's own."""

Json = dict[str, Any]


def messages(shop: Shop, change: Change, *, gone: bool = False) -> Iterator[Json]:
    """
    Yield a change as calls: traits before the events that are filtered by them.

    `gone` takes memberships off like any trait instead of saying that they are over.
    """
    # NOTE: null clears a trait at Segment and RudderStack; what each tool behind them makes of it is its own.
    left = None if gone else False
    traits = {
        **{PREFIX + name: value for name, value in change.set.items()},
        **{PREFIX + name: None for name in change.unset},
        **{MEMBER + _slug(name): True for name in sorted(change.join)},
        **{MEMBER + _slug(name): left for name in sorted(change.leave)},
    }
    customer = change.person.customer
    if traits:
        # no messageId: the same traits after others are no repetition, and to say them twice is harmless
        yield {"type": "identify", "userId": customer, "traits": traits}
    yield from (_track(shop, customer, event) for event in change.events)


def event_name(kind: EventKind) -> str:
    """Name an event as Segment's spec does, an object and what became of it: Nextorder Hot Now."""
    return f"Nextorder {kind.value.replace('-', ' ').title()}"


def _track(shop: Shop, customer: str, event: Event) -> Json:
    # NOTE: no `revenue` and no `value`: both are added to revenue reports, and a forecast is none.
    return {
        "type": "track",
        "userId": customer,
        "event": event_name(event.kind),
        "properties": plain.told(shop, event.properties),
        "timestamp": f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "messageId": _id(f"{shop.id}:{customer}:{event.id}"),
    }


def _slug(name: str) -> str:
    return name.replace(":", "_").replace("-", "_")


def _id(text: str) -> str:
    return f"nextorder-{sha256(text.encode()).hexdigest()[:32]}"

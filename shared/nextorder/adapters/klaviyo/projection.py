"""A verdict in Klaviyo's words: profile properties, and the events that flows start from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nextorder.adapters import plain
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Change, Desired, Event, EventKind, Value
from nextorder.domain.events import SUBSCRIBED
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict

PREFIX: Final = "nextorder_"
"""What everyone's properties are called among us; `named` gives them the shop's own on their way out."""
BRAND: Final = "Nextorder"
METRICS: Final = {
    EventKind.HUMAN_TOUCH: "Nextorder Human Touch",
    EventKind.CART_PRIORITY: "Nextorder Cart Priority",
    EventKind.HOT_NOW: "Nextorder Hot Now",
    EventKind.DUE: "Nextorder Due To Replenish",
    EventKind.LATE: "Nextorder Late To Replenish",
    EventKind.WINDOW_CLOSING: "Nextorder Window Closing",
    EventKind.WINDOW_OPENED: "Nextorder Window Opened",
    EventKind.STAGE_CHANGED: "Nextorder Stage Changed",
    EventKind.TIER_CHANGED: "Nextorder Value Tier Changed",
}
RIDERS: Final = frozenset(PREFIX + name for name in plain.RIDERS)
HOLD: Final = "hold"
_NONE: Final[Mapping[str, str]] = {}
NAMES: Final = plain.NAMES
"""All properties, without their prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as Klaviyo's API takes it."""

    metric: str
    unique_id: str
    at: datetime
    properties: Mapping[str, Value]


def project(
    shop: Shop, verdict: Verdict | None, catalogue: Catalogue, lists: Mapping[str, str] = _NONE
) -> Desired:
    """
    Say what a profile should show, and on which of these lists, by segment, it should be.

    Of a held-out customer nothing but that. A list may start a message as an event does: only who
    has agreed to some channel is on one, and on the one to leave out whoever is held out.
    """
    plainly = plain.project(shop, verdict, catalogue, date=_noon)
    properties = {PREFIX + name: value for name, value in plainly.attributes.items()}
    has_agreed = verdict is not None and SUBSCRIBED in verdict.consents.values()
    named = {name for name in plainly.audiences & lists.keys() if has_agreed or name == HOLD}
    return replace(plainly, attributes=properties, audiences=frozenset(lists[name] for name in named))


def everything(lists: Mapping[str, str] = _NONE) -> Desired:
    """Return all properties that could ever be ours, and all of our lists."""
    properties = dict.fromkeys((PREFIX + name for name in NAMES), "")
    return Desired(attributes=properties, audiences=frozenset(lists.values()))


def named(shop: Shop, change: Change) -> Change:
    """Give a change the shop's own names: two shops of one account may know the same person."""
    if (prefix := f"{shop.klaviyo_prefix}_") == PREFIX:
        return change
    own = {prefix + name.removeprefix(PREFIX): value for name, value in change.set.items()}
    return replace(change, set=own, unset=tuple(prefix + name.removeprefix(PREFIX) for name in change.unset))


def metric_of(shop: Shop, kind: EventKind) -> str:
    """Name an event's metric: "Nextorder Hot Now", or by the shop's own prefix."""
    own = shop.klaviyo_prefix.replace("_", " ").title()
    return METRICS[kind].replace(BRAND, own, 1)


def told(shop: Shop, customer: str, event: Event) -> Told:
    """Put an event in Klaviyo's words, without a `value`."""
    # NOTE: Klaviyo adds an event's `value` to its revenue reports; a forecast is none.
    return Told(
        metric=metric_of(shop, event.kind),
        unique_id=f"{shop.id}:{customer}:{event.id}",
        at=event.at,
        properties=plain.told(shop, event.properties, _noon),
    )


def _noon(shop: Shop, moment: datetime) -> str:
    # NOTE: a bare date is midnight UTC to Klaviyo, and its flow starts a day early or late.
    # https://developers.klaviyo.com/en/docs/acceptable_date_and_timestamp_formats_for_profile_and_event_properties
    return f"{plain.iso_day(shop, moment)}T12:00:00"

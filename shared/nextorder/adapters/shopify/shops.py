"""Bodies about the shop itself."""

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.messages import Noted, Pinged, Reading, ShopChanged

_LONGEST_PING: Final = 64


def read_shop(body: Node, envelope: Envelope) -> Reading:
    """Read shop/update: time zone, currency and domain as they now are."""
    domain = body.text("myshopify_domain")
    if not domain.endswith(".myshopify.com"):
        raise body.bad("myshopify_domain", "expected a myshopify.com domain")
    changed = ShopChanged(
        timezone=_zone(body),
        currency=body.currency("currency"),
        domain=domain,
        at=envelope.clock(body, "updated_at"),
    )
    return Reading(commands=(changed,))


def read_noted(_body: Node, envelope: Envelope) -> Reading:
    """Read what concerns no fact: other parts of the system listen to these themselves."""
    return Reading(commands=(Noted(why=envelope.topic),))


def read_ping(body: Node, _envelope: Envelope) -> Reading:
    """Read our own test delivery."""
    ping = body.text("nextorder_ping")
    if not ping:
        raise body.bad("nextorder_ping", "expected the name of the test delivery")
    return Reading(commands=(Pinged(ping=ping[:_LONGEST_PING]),))


def _zone(body: Node) -> str:
    name = body.text("iana_timezone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise body.bad("iana_timezone", "expected an IANA time zone such as Europe/Stockholm") from error
    return name

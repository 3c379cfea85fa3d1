"""A signed webhook as a destination: each change as JSON, to any address of the merchant's."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from nextorder.adapters import plain
from nextorder.adapters.api import HUMAN_STATUSES, NO_SUCH_ADDRESS, Api, Settings, encode, safe_code
from nextorder.adapters.destination_parts import LOOPBACK, Parts, Setting, no_address
from nextorder.adapters.http import Response
from nextorder.adapters.many import together
from nextorder.adapters.plain_destination import PlainDestination
from nextorder.adapters.webhook.signature import no_secret, signed
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.changes import Change, Desired, Event, Person
from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome

NAME: Final = "webhook"
CHANGED: Final = "nextorder.customers.changed"
FORGOTTEN: Final = "nextorder.customer.forgotten"
CHECK: Final = "nextorder.check"
MOST_BYTES: Final = 100_000
_ENVELOPE_BYTES: Final = 500
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.CUSTOMER,),
    most_rows=50,
    most_bytes=MOST_BYTES - _ENVELOPE_BYTES,
    calls_per_second=20,
    clears=Clears.UNSET,
    creates_people=True,
    tells_events=True,
    repeats_events_safely=True,
    quiet_backfill="no event is told",
    without_consent="is told of, with no event without consent on some channel; every event carries each "
    "channel's, for whatever sends behind it",
    audience="segment",
)
SETTINGS: Final = (
    Setting(
        name="url",
        label="Address that takes POST requests (https)",
        place=True,
        wrong=no_address,
    ),
    Setting(
        name="secret",
        label="Signing secret: whsec_ and 24 to 64 random bytes in base64, as of "
        "`echo whsec_$(openssl rand -base64 32)`; two, a space between them, while you change it",
        secret=True,
        wrong=no_secret,
    ),
)

Json = dict[str, Any]


class WebhookDestination(PlainDestination):
    """
    ports.Destination; people are told of by the shop's own id, nothing personal is.

    Args:
        parts: What every destination is given.
        clock: Seconds since 1970, for the signature.
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, parts: Parts, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parts)
        self._clock = clock

    def look(self, shop: Shop) -> str:
        """Post a message that is about nobody."""
        self._post(shop, CHECK, {})
        return urlsplit(self.parts.settings(shop.id)["url"]).hostname or ""

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:  # noqa: ARG002 - every shop's are the same
        """Leave the list of segments out, `join` and `leave` say it; a whole family is none."""
        return plain.each_apart(desired)

    def weigh(self, shop: Shop, change: Change) -> int:
        """Return the bytes of its row and a comma."""
        return len(encode(row(shop, change))) + 1

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Post one customer's change.

        Raises:
            Refused: The receiver's own code, or "webhook-" and the status.
        """
        if not change.empty:
            _raise_refusal(self._tell(shop, [change]), change)
        return Delivered()

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Post all as one message; the receiver may say of whom it does not take it."""
        if not changes:
            return []
        refused: dict[str, str] = {}
        patience = self.patience()
        outcomes = together(lambda: refused.update(self._tell(shop, changes)), changes, patience)
        return [
            Refused(refused[change.person.customer]) if change.person.customer in refused else outcome
            for change, outcome in zip(changes, outcomes, strict=True)
        ]

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:  # noqa: ARG002 - the receiver's
        """Tell that all that was told of a customer is to be let go."""
        self._post(shop, FORGOTTEN, {"customer": person.customer})

    def _tell(self, shop: Shop, changes: Sequence[Change]) -> Mapping[str, str]:
        response = self._post(shop, CHANGED, {"customers": [row(shop, change) for change in changes]})
        return refused_rows(response)

    def _post(self, shop: Shop, kind: str, data: Json) -> Response:
        now = self._clock()
        at = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}"
        body = encode({"type": kind, "timestamp": at, "data": {"shop": shop.id, **data}})
        # an id of its own for each try: to say the same again after something else is no repetition
        headers = partial(_headers, id_=f"msg_{sha256(body).hexdigest()[:32]}", at=int(now), body=body)
        api = Api(NAME, self.parts, headers, humans=HUMAN_STATUSES | NO_SUCH_ADDRESS)
        return api.call(shop.id, "POST", "", body=body)


def destination(parts: Parts) -> WebhookDestination:
    """Build it."""
    return WebhookDestination(parts)


def row(shop: Shop, change: Change) -> Json:
    """Write what differs of one customer, and what is news."""
    return {
        "customer": change.person.customer,
        "set": dict(change.set),
        "unset": list(change.unset),
        "join": sorted(change.join),
        "leave": sorted(change.leave),
        "events": [_event(shop, change.person.customer, event) for event in change.events],
    }


def refused_rows(response: Response) -> Mapping[str, str]:
    """Read whom the receiver does not take, as {"refused": {"7": "code"}}; any other body refuses nobody."""
    try:
        said = response.json()["refused"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {str(customer): safe_code(str(code)) or f"{NAME}-refused" for customer, code in said}


def _event(shop: Shop, customer: str, event: Event) -> Json:
    return {
        "id": f"{shop.id}:{customer}:{event.id}",
        "name": event.kind.value,
        "at": f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "properties": plain.told(shop, event.properties),
    }


def _raise_refusal(refused: Mapping[str, str], change: Change) -> None:
    if code := refused.get(change.person.customer):
        raise Refused(code)


def _headers(settings: Settings, *, id_: str, at: int, body: bytes) -> Mapping[str, str]:
    url = urlsplit(settings["url"])
    if url.scheme != "https" and url.hostname not in LOOPBACK:
        raise NeedsHuman(f"{NAME}: the address must begin with https")
    return signed(settings["secret"], id_, at, body)

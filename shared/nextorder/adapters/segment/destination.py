"""Segment and RudderStack as a destination: traits, memberships as traits, and events."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from nextorder.adapters import plain
from nextorder.adapters.api import HUMAN_STATUSES, NO_SUCH_ADDRESS, Api, Settings, encode
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.http import Response
from nextorder.adapters.many import one_by_one, together
from nextorder.adapters.plain_destination import IdentifiedDestination
from nextorder.adapters.segment.messages import Json, messages
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.changes import Change, Desired, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import NextorderError, Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome

NAME: Final = "segment"
BATCH: Final = "/v1/batch"
MOST_BYTES_OF_ONE: Final = 32_000
MOST_CALLS: Final = 2_500
"""Of more Segment says yes, too, and keeps none."""
MOST_BYTES: Final = 490_000
"""Of a request's 500 KB; https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api"""
BAD_REQUEST: Final = 400
EMPTY: Final = f"{NAME}-empty-batch"
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.CUSTOMER,),
    most_rows=500,
    most_bytes=MOST_BYTES,
    calls_per_second=50,
    clears=Clears.NULL,
    creates_people=True,
    tells_events=True,
    repeats_events_safely=True,
    quiet_backfill="no event is told",
    without_consent="is told of, with no event without consent on some channel; every event carries each "
    "channel's, for whatever sends behind it",
    person="user",
    audience="segment",
)
SETTINGS: Final = (
    Setting(
        name="url",
        label="Address: https://api.segment.io; of a workspace in the EU https://events.eu1.segmentapis.com, "
        "since the first one would say yes and keep nothing; or your RudderStack data plane",
        default="https://api.segment.io",
        place=True,
        wrong=no_address,
    ),
    Setting(name="write_key", label="Write key of an HTTP API source", secret=True),
    Setting(
        name="identified",
        label="Does your site already call identify with the Shopify customer id as userId? If not, every "
        "customer that we tell of becomes a new user there, and Segment bills by users (yes/no)",
        default="no",
    ),
)


class SegmentApi(Api):
    """Knows RudderStack's word for a batch that is well but empty."""

    def refusal(self, response: Response) -> NextorderError:
        """Name an error answer."""
        # NOTE: RudderStack says what is wrong in plain text, after it has looked at the key.
        if response.status_code == BAD_REQUEST and "empty batch" in response.text.lower():
            return Refused(EMPTY)
        return super().refusal(response)


class SegmentDestination(IdentifiedDestination):
    """ports.Destination; people are told of by the shop's own id, never as anonymous."""

    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = SegmentApi(NAME, parts, _headers, humans=HUMAN_STATUSES | NO_SUCH_ADDRESS)

    def look(self, shop: Shop) -> str:
        """Send an empty batch, which makes no person; only RudderStack refuses a wrong key."""
        try:
            self._send(shop, [])
        except Refused as refusal:
            if refusal.code != EMPTY:
                raise
        host = urlsplit(self.parts.settings(shop.id)["url"]).hostname or ""
        # NOTE: Segment answers 200 to any key and to events it drops; only its debugger tells.
        return f"{host} (Segment says yes to any write key: look for our calls in the source's debugger)"

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:  # noqa: ARG002 - every shop's are the same
        """Leave the list of segments out, each is a trait of its own; a whole family is none."""
        return plain.each_apart(desired)

    def weigh(self, shop: Shop, change: Change) -> int:
        """Return the bytes of its calls and their commas."""
        return sum(len(encode(message)) + 1 for message in messages(shop, change))

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Send one customer's calls.

        Raises:
            Refused: "segment-too-large", or "segment-" and the status.
        """
        if calls := list(messages(shop, change)):
            self._send(shop, calls)
        return Delivered(remote_id=change.person.customer)

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Send all as one batch; when it is refused, one by one, so that only the culprit is."""
        calls = [message for change in changes for message in messages(shop, change)]
        if not calls:
            return [Delivered()] * len(changes)
        patience = self.patience()
        outcomes = together(partial(self._send, shop, calls), changes, patience)
        if any(isinstance(outcome, Refused) for outcome in outcomes):
            return one_by_one(partial(self.deliver, shop), changes, patience)
        return [
            Delivered(remote_id=change.person.customer) if isinstance(outcome, Delivered) else outcome
            for change, outcome in zip(changes, outcomes, strict=True)
        ]

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:  # noqa: ARG002 - cannot
        """
        Clear all of our traits, memberships too; deleting a user is another API's.

        Of whom nothing was ever told there, nothing is told now: it would make a user.
        """
        if person.remote_id:
            change = removal(person, self.everything(shop))
            self._send(shop, list(messages(shop, change, gone=True)))

    def _send(self, shop: Shop, calls: Sequence[Json]) -> None:
        self.require_identified(shop)
        if len(calls) > MOST_CALLS or any(len(encode(call)) > MOST_BYTES_OF_ONE for call in calls):
            raise Refused(f"{NAME}-too-large")
        self._api.call(shop.id, "POST", BATCH, body=encode({"batch": list(calls)}))


def destination(parts: Parts) -> SegmentDestination:
    """Build it."""
    return SegmentDestination(parts)


def _headers(settings: Settings) -> Mapping[str, str]:
    key = b64encode(f"{settings['write_key']}:".encode()).decode()
    return {"Authorization": f"Basic {key}"}

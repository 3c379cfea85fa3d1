"""GA4 as a destination: user properties by the Measurement Protocol."""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from nextorder.adapters import plain
from nextorder.adapters.api import HUMAN_STATUSES, NO_SUCH_ADDRESS, Api, encode, safe_code
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.http import Response
from nextorder.adapters.plain_destination import IdentifiedDestination
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.changes import Change, Desired
from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered

NAME: Final = "ga4"
COLLECT: Final = "/mp/collect"
VALIDATE: Final = "/debug/mp/collect"
PROPERTIES: Final[Mapping[str, str]] = {
    "stage": "nextorder_stage",
    "value_tier": "nextorder_value_tier",
    "p_5d": "nextorder_p_5d",
    "p_30d": "nextorder_p_30d",
    "p_90d": "nextorder_p_90d",
    "next_order_date": "nextorder_next_order",
    "affinity_1": "nextorder_affinity_1",
    "incentive": "nextorder_incentive",
    "holdout": "nextorder_holdout",
}
"""Of the 25 that a GA4 property has; no amounts of money, no reasons, nothing that names anybody."""
MOST_VALUE_CHARACTERS: Final = 36
"""https://support.google.com/analytics/answer/9267744; a longer one is dropped without a word."""
GONE: Final = "none"
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.CUSTOMER,),
    most_rows=100,
    # NOTE: Google tells of no limit for the Measurement Protocol.
    calls_per_second=20,
    clears=Clears.EMPTY,
    creates_people=True,
    quiet_backfill="no event starts anything there",
    without_consent="has user properties: nothing is sent from there, and use for ads is told as denied",
    person="user",
)
SETTINGS: Final = (
    Setting(
        name="url",
        label="Address: https://www.google-analytics.com, "
        "or https://region1.google-analytics.com to collect in the EU",
        default="https://www.google-analytics.com",
        wrong=no_address,
    ),
    Setting(name="measurement_id", label="Measurement ID of the web stream (G-...)", place=True),
    Setting(name="api_secret", label="Measurement Protocol API secret of that stream", secret=True),
    Setting(
        name="identified",
        label="Does your site already send user_id = the Shopify customer id to GA4? If not, what we tell "
        "belongs to users who never visit, and counts them twice (yes/no)",
        default="no",
    ),
)

Json = dict[str, Any]


class Ga4Destination(IdentifiedDestination):
    """
    ports.Destination; one customer a call, and no consent to ads is ever claimed.

    Google answers 2xx to whatever it drops: so the first body of each process is shown to its
    validation server, and what is too long is refused here. What is forgotten has "none" in its
    place; deleting a user is Google's User Deletion API's.
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = Api(NAME, parts, lambda _: {}, humans=HUMAN_STATUSES | NO_SUCH_ADDRESS)
        self._valid: set[str] = set()

    def look(self, shop: Shop) -> str:
        """Let Google validate a body that is about nobody."""
        self._validate(shop, update(shop, "0", {PROPERTIES["stage"]: "new"}))
        measured = self.parts.settings(shop.id)["measurement_id"]
        # NOTE: the validation server looks at neither the id nor the secret.
        return f"{measured} (Google says yes to any secret: look for the event nextorder_update a day later)"

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:  # noqa: ARG002 - every shop's are the same
        """Keep the few properties that there is room for; a property's value is text."""
        named = plain.renamed(desired, attribute=lambda name: PROPERTIES.get(name, ""), audience=lambda _: "")
        texts = {name: "yes" if value is True else str(value) for name, value in named.attributes.items()}
        return replace(named, attributes=texts)

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Send one customer's properties.

        Raises:
            Refused: "ga4-value-too-long", or "ga4-" and the validation server's code.
        """
        # NOTE: how the protocol takes a property away is nowhere said: a word of ours stands in its place.
        properties = {**dict.fromkeys(change.unset, GONE), **{k: str(v) for k, v in change.set.items()}}
        if properties:
            self._send(shop, update(shop, change.person.customer, properties))
        return Delivered(remote_id=change.person.customer)

    def _send(self, shop: Shop, body: Json) -> None:
        self.require_identified(shop)
        if any(len(one["value"]) > MOST_VALUE_CHARACTERS for one in body["user_properties"].values()):
            raise Refused(f"{NAME}-value-too-long")
        if shop.id not in self._valid:
            self._validate(shop, body)
            self._valid.add(shop.id)
        self._post(shop, COLLECT, body)

    def _validate(self, shop: Shop, body: Json) -> None:
        self.require_identified(shop)
        answer = self._post(shop, VALIDATE, {**body, "validation_behavior": "ENFORCE_RECOMMENDATIONS"})
        # a check writes nothing, whatever its method
        if messages := self.parts.http.read_json("GET", answer).get("validationMessages"):
            code = safe_code(str(messages[0].get("validationCode", ""))).lower().replace("_", "-")
            raise Refused(f"{NAME}-{code or 'invalid'}")

    def _post(self, shop: Shop, path: str, body: Json) -> Response:
        settings = self.parts.settings(shop.id)
        if not re.fullmatch(r"G-[A-Z0-9]+", settings["measurement_id"]):
            raise NeedsHuman(f"{NAME}: a measurement id begins with G-")
        params = {name: settings[name] for name in ("measurement_id", "api_secret")}
        return self._api.call(shop.id, "POST", path, body=encode(body), params=params)


def destination(parts: Parts) -> Ga4Destination:
    """Build it."""
    return Ga4Destination(parts)


def update(shop: Shop, customer: str, properties: Mapping[str, str]) -> Json:
    """Write a body: properties need an event to ride on, and this one counts as no visit."""
    # NOTE: client_id is a must, and the browser's is not known to us: user_id is what brings both together.
    seed = sha256(f"nextorder:{shop.id}:{customer}".encode()).digest()
    return {
        "client_id": f"{int.from_bytes(seed[:4], 'big')}.{int.from_bytes(seed[4:8], 'big')}",
        "user_id": customer,
        # audiences for ads are uploaded with consent; these properties are never used for them
        "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
        "user_properties": {name: {"value": value} for name, value in properties.items()},
        "events": [{"name": "nextorder_update", "params": {}}],
    }

"""Customers of the tests' own: their bodies, and where to look for them."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import requests

from nextorder.adapters.klaviyo.client import KLAVIYO_REVISION
from nextorder.domain.holdout import held_out
from nextorder.domain.shop import Shop
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.sending import headers, one
from tests.system.cloud import Cloud
from tests.unit.payloads import a_customer, a_line, an_order

Json = dict[str, Any]
Webhook = tuple[str, Mapping[str, Any]]
"""Topic and body."""
HAS = "nextorder"
PERSONAL: set[str] = set()
"""Every e-mail, phone, name and id of the run, for the test that reads the logs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One customer; nothing of the person can be told from anything else of them."""

    id: str
    email: str
    phone: str
    name: str

    @property
    def traces(self) -> tuple[str, ...]:
        """What must not be found once they are forgotten."""
        return self.id, self.email, self.phone, self.name

    def body(self, **fields: object) -> Json:
        """Return the customer as Shopify writes one."""
        address = {"country_code": "SE", "address1": f"{self.name} Street 1"}
        return a_customer(
            id=int(self.id),
            admin_graphql_api_id=f"gid://shopify/Customer/{self.id}",
            email=self.email,
            phone=self.phone,
            first_name=self.name,
            default_address=address,
            **fields,
        )


def someone(shop: Shop, *, is_held_out: bool = False) -> Someone:
    """Invent a customer on the wanted side of the holdout."""
    number = 7_000_000_000_000 + secrets.randbelow(10**12)
    while held_out(shop.gid, str(number), shop.holdout_share) is not is_held_out:
        number += 1
    token = secrets.token_hex(6)
    person = Someone(
        id=str(number),
        email=f"{token}@example.com",
        phone=f"+4670{secrets.randbelow(10**8):08d}",
        name=f"Anna{secrets.token_hex(4)}",
    )
    PERSONAL.update(person.traces)
    return person


def seed(cloud: Cloud, *people: Someone, profiles: Sequence[Someone] | None = None) -> None:
    """Let Shopify know them, and Klaviyo too unless `profiles` says whom."""
    known = people if profiles is None else profiles
    door(cloud.endpoints.shopify_url, "seed", {"customers": [_seeded(each, "phone") for each in people]})
    door(cloud.endpoints.klaviyo_url, "seed", {"profiles": [_profile(each) for each in known]})


def door(server: str, name: str, body: Mapping[str, Any] | None = None) -> Any:
    """Go through a fake's admin door."""
    reply = requests.request(
        "GET" if body is None else "POST", f"{server}/_fake/{name}", json=body, timeout=30
    )
    reply.raise_for_status()
    return reply.json()


def deliver(endpoints: Endpoints, topic: str, body: Mapping[str, Any] | bytes, *, at: str = "") -> int:
    """Send a signed webhook over HTTP; return the status. `at` = when it was triggered, else now."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    webhook = one(topic, raw)
    signed = headers(endpoints, replace(webhook, triggered_at=at or webhook.triggered_at))
    return requests.post(endpoints.webhook_url, data=raw, headers=signed, timeout=30).status_code


def deliver_all(endpoints: Endpoints, webhooks: Iterable[Webhook], *, at: str = "") -> None:
    """Send webhooks one by one; each is accepted."""
    assert {deliver(endpoints, topic, body, at=at) for topic, body in webhooks} == {200}


def tags(cloud: Cloud, person: Someone) -> list[str]:
    """Return the customer's tags in Shopify."""
    return list(door(cloud.endpoints.shopify_url, "state")["customers"][person.id]["tags"])


def metafields(cloud: Cloud, person: Someone) -> Json:
    """Return the customer's metafields in Shopify."""
    return dict(door(cloud.endpoints.shopify_url, "state")["customers"][person.id]["metafields"])


def profile(cloud: Cloud, person: Someone) -> Json:
    """Return the customer's profile in Klaviyo, empty when there is none."""
    found = door(cloud.endpoints.klaviyo_url, "state")["profiles"]
    return next((dict(each, id=id_) for id_, each in found.items() if each.get("email") == person.email), {})


def properties(cloud: Cloud, person: Someone) -> Json:
    """Return the properties of ours that the profile has."""
    held = profile(cloud, person).get("properties", {})
    return {name: value for name, value in held.items() if name.startswith(HAS)}


def events(cloud: Cloud, person: Someone) -> list[Json]:
    """Return the events that Klaviyo was told of the customer."""
    own = profile(cloud, person).get("id")
    return [each for each in door(cloud.endpoints.klaviyo_url, "state")["events"] if each["profile"] == own]


def requests_about(cloud: Cloud, person: Someone) -> int:
    """Return how often the platforms were asked or told anything of the customer."""
    known_by = [person.id, person.email, profile(cloud, person).get("id", person.id)]
    urls = (cloud.endpoints.shopify_url, cloud.endpoints.klaviyo_url)
    asked = [str(request) for url in urls for request in door(url, "requests")]
    # an e-mail in a query is percent-encoded
    return sum(any(word in unquote(request) for word in known_by) for request in asked)


def is_published(cloud: Cloud, shop: str, person: Someone) -> bool:
    """Tell whether both platforms have taken the customer's state as it is."""
    record = cloud.customers.read(shop, person.id)
    taken = {accepted.version for accepted in record.accepted.values()}
    both = record.accepted.keys() >= {"shopify", "klaviyo"}
    return both and record.state is not None and taken == {record.state.version}


def lose(cloud: Cloud, person: Someone) -> None:
    """Take our properties off the profile behind our back, as a merchant can."""
    own = profile(cloud, person)["id"]
    unset = {"patch_properties": {"unset": list(properties(cloud, person))}}
    requests.patch(
        f"{cloud.endpoints.klaviyo_url}/api/profiles/{own}",
        headers={
            "Authorization": f"Klaviyo-API-Key {cloud.endpoints.klaviyo_api_key}",
            "revision": KLAVIYO_REVISION,
        },
        json={"data": {"type": "profile", "id": own, "attributes": {}, "meta": unset}},
        timeout=30,
    ).raise_for_status()


def days_ago(days: float) -> str:
    """Return a moment as Shopify writes one."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


def an_order_of(person: Someone | None, days: float, **fields: Any) -> Json:
    """Return a paid order of so many days ago with an id of its own."""
    number = fields.pop("number", 5_000_000_000_000 + secrets.randbelow(10**12))
    at = fields.pop("at", days_ago(days))
    return an_order(
        a_line(number + 1, "40.00"),
        total="45.00",
        **{
            "id": number,
            "admin_graphql_api_id": f"gid://shopify/Order/{number}",
            "customer": person.body(updated_at=at) if person else None,
            "processed_at": at,
            "created_at": at,
            "updated_at": at,
            **fields,
        },
    )


def consent_of(person: Someone, at: str = "2026-01-01T10:00:00+01:00") -> tuple[str, Json]:
    """Return the webhook that says that the customer wants e-mails."""
    consent = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": at}
    body = {
        "customer_id": int(person.id),
        "email_address": person.email,
        "email_marketing_consent": consent,
    }
    return "customers_email_marketing_consent/update", body


def at_shop(endpoints: Endpoints, domain: str) -> Endpoints:
    """Return the same stack as another shop sends to it."""
    return replace(endpoints, shop_domain=domain)


def _seeded(person: Someone, phone: str) -> Json:
    return {"id": person.id, "email": person.email, phone: person.phone}


def _profile(person: Someone) -> Json:
    return {"email": person.email, "phone_number": person.phone}

"""Both fakes through their admin doors: fill them, and see what they hold."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from samples.invented import Person
from tests.local_stack.endpoints import Endpoints

TIMEOUT_SECONDS = 60
TAG_PREFIX = "next:"
PROPERTY_PREFIX = "nextorder_"


def seed(endpoints: Endpoints, customers: Sequence[Person], profiles: Sequence[Person]) -> None:
    """Give Shopify its customers, and Klaviyo those of them that it knows."""
    at_shopify = [{"id": each.id, "email": each.email} for each in customers]
    at_klaviyo = [{"email": each.email} for each in profiles]
    call("POST", endpoints.shopify_url, "seed", {"customers": at_shopify})
    call("POST", endpoints.klaviyo_url, "seed", {"profiles": at_klaviyo})


def shopify_state(endpoints: Endpoints) -> Mapping[str, Any]:
    """Return all that the store holds."""
    return call("GET", endpoints.shopify_url, "state")


def klaviyo_state(endpoints: Endpoints) -> Mapping[str, Any]:
    """Return all that the account holds."""
    return call("GET", endpoints.klaviyo_url, "state")


def tags_by_customer(shopify: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the tags of ours that each customer has, for those who have any."""
    ours = {
        customer: [tag for tag in held["tags"] if tag.startswith(TAG_PREFIX)]
        for customer, held in shopify["customers"].items()
    }
    return {customer: tags for customer, tags in ours.items() if tags}


def updated_profiles(klaviyo: Mapping[str, Any]) -> int:
    """Return how many profiles carry a property of ours."""
    return sum(
        any(name.startswith(PROPERTY_PREFIX) for name in profile["properties"])
        for profile in klaviyo["profiles"].values()
    )


def call(method: str, server: str, door: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Go through a fake's admin door."""
    reply = requests.request(method, f"{server}/_fake/{door}", json=body, timeout=TIMEOUT_SECONDS)
    reply.raise_for_status()
    return dict(reply.json())

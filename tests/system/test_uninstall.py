"""Installed, filled, published and uninstalled: the store is byte for byte what it was before."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from nextorder.adapters.shopify.client import SHOPIFY_API_VERSION
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.local_stack.connect import nextorder
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    Json,
    Someone,
    an_order_of,
    at_shop,
    consent_of,
    deliver_all,
    door,
    profile,
    someone,
    tags,
)
from tests.system.shops import RETURNING, UNINSTALLED, UNINSTALLED_PREFIX, a_shop

STANDING = ("webhook_subscriptions", "metafield_definitions", "segments")
THEIRS = """
mutation Theirs {
  webhookSubscriptionCreate(
    topic: ORDERS_CREATE
    webhookSubscription: {uri: "https://warehouse.example.com/orders", format: JSON}
  ) { userErrors { message } }
  segmentCreate(name: "Regulars", query: "customer_tags CONTAINS 'vip'") { userErrors { message } }
  metafieldDefinitionCreate(
    definition: {name: "Level", namespace: "loyalty", key: "level", ownerType: CUSTOMER,
                 type: "single_line_text_field"}
  ) { userErrors { message } }
}
"""
LEVEL = {"namespace": "loyalty", "key": "level", "type": "single_line_text_field", "value": "gold"}


def ask(cloud: Cloud, document: str) -> Json:
    reply = requests.post(
        f"{cloud.endpoints.shopify_url}/admin/api/{SHOPIFY_API_VERSION}/graphql.json",
        headers={"X-Shopify-Access-Token": STATIC_TOKEN},
        json={"query": document},
        timeout=30,
    ).json()
    assert "errors" not in reply, reply
    assert not [error for done in reply["data"].values() for error in done["userErrors"]]
    return dict(reply["data"])


def store(cloud: Cloud) -> str:
    """Return all that the store holds, as text; not what it was asked."""
    state = door(cloud.endpoints.shopify_url, "state")
    return json.dumps({what: held for what, held in state.items() if what not in ("throttle", "requests")})


def standing(cloud: Cloud) -> dict[str, int]:
    state = door(cloud.endpoints.shopify_url, "state")
    return {what: len(state[what]) for what in STANDING}


@pytest.fixture
def people(cloud: Cloud) -> Iterator[list[Someone]]:
    """Customers of a store of its own, with what the merchant and others have put there."""
    shop = a_shop(UNINSTALLED)
    people = [someone(shop), someone(shop), someone(shop, is_held_out=True)]
    marks: list[dict[str, Any]] = [{"tags": ["vip", "next:year"], "metafields": [LEVEL]}, {}, {}]
    customers = [{"id": one.id, "email": one.email, **mark} for one, mark in zip(people, marks, strict=True)]
    profiles = [{"email": one.email, "properties": {"shoe": 41}} for one in people]
    door(cloud.endpoints.shopify_url, "reset", {})
    door(cloud.endpoints.shopify_url, "seed", {"customers": customers})
    door(cloud.endpoints.klaviyo_url, "seed", {"profiles": profiles})
    ask(cloud, THEIRS)
    before = door(cloud.endpoints.shopify_url, "pose", {"shop": UNINSTALLED})["before"]
    yield people
    door(cloud.endpoints.shopify_url, "pose", {"shop": before})


def install(endpoints: Endpoints) -> None:
    """Do what a merchant's developer does."""
    own = ("--shop", UNINSTALLED)
    nextorder(
        endpoints,
        *("connect", "shopify", *own, "--client-id", endpoints.client_id, "--secret-stdin"),
        *("--webhook-url", endpoints.webhook_url),
        secret=endpoints.client_secret,
    )
    names = ("--prefix", UNINSTALLED_PREFIX)
    nextorder(endpoints, "connect", "klaviyo", *own, *names, "--key-stdin", secret=endpoints.klaviyo_api_key)
    nextorder(endpoints, "apply", "--all-at-once", *own)


def is_shown(cloud: Cloud, person: Someone) -> bool:
    ours = [
        name for name in profile(cloud, person)["properties"] if name.startswith(f"{UNINSTALLED_PREFIX}_")
    ]
    return bool(ours) and any(tag in tags(cloud, person) for tag in ("next:life:new", "next:hold"))


def test_an_uninstalled_store_is_what_it_was_before(cloud: Cloud, people: list[Someone]) -> None:
    endpoints = cloud.endpoints
    before, stood = store(cloud), standing(cloud)
    install(endpoints)
    made = standing(cloud)
    assert all(made[what] > stood[what] for what in STANDING)
    webhooks = [("customers/create", one.body()) for one in people]
    orders = [("orders/create", an_order_of(one, 3)) for one in people]
    deliver_all(at_shop(endpoints, UNINSTALLED), [*webhooks, *map(consent_of, people), *orders])
    assert eventually(lambda: all(is_shown(cloud, one) for one in people))
    wait_until_settled(endpoints)

    said = nextorder(endpoints, "uninstall", "--yes", "--now", "--shop", UNINSTALLED)

    wait_until_settled(endpoints)
    assert "shopify   taken back from 3 customers" in said
    assert store(cloud) == before
    assert [profile(cloud, one)["properties"] for one in people] == [{"shoe": 41}] * 3

    assert "removed" not in nextorder(endpoints, "uninstall", "--yes", "--now", "--shop", UNINSTALLED)
    assert store(cloud) == before
    left = cloud.shops.get(UNINSTALLED)
    assert left
    assert left.uninstalled_at, "or reconcile would go on asking the shop"

    assert "erased" in nextorder(endpoints, "uninstall", "--now", "--erase", "--yes", "--shop", UNINSTALLED)

    assert store(cloud) == before
    assert not [item for item in cloud.every_item() if UNINSTALLED in json.dumps(item)]
    secrets = cloud.client("secretsmanager")
    held = secrets.get_secret_value(SecretId=endpoints.outputs["ConnectionsSecretArn"])
    assert UNINSTALLED not in held["SecretString"]


def test_a_shop_that_comes_back_adopts_or_removes_what_was_left(cloud: Cloud, people: list[Someone]) -> None:
    """Another stack, or an earlier life, has left marks; the same customers are held out again."""
    anna, _, held_out = people
    before = store(cloud)
    gids = [f"gid://shopify/Customer/{one.id}" for one in (anna, held_out)]
    for gid, tag in zip(gids, ("next:life:missed", "next:hold"), strict=True):
        ask(cloud, f'mutation {{ tagsAdd(id: "{gid}", tags: ["{tag}"]) {{ userErrors {{ message }} }} }}')
    own = ("--shop", RETURNING)

    assert "adopted: 2 customers" in nextorder(cloud.endpoints, "leftovers", "--adopt", *own)
    orders = [("orders/create", an_order_of(one, 3)) for one in (anna, held_out)]
    deliver_all(at_shop(cloud.endpoints, RETURNING), orders)

    assert eventually(lambda: sorted(tags(cloud, anna)) == ["next:life:new", "next:year", "vip"])
    assert eventually(lambda: cloud.customers.state(RETURNING, held_out.id))
    wait_until_settled(cloud.endpoints)
    assert tags(cloud, held_out) == ["next:hold"]
    nextorder(cloud.endpoints, "uninstall", "--yes", "--now", *own)
    assert store(cloud) == before

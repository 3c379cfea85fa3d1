"""The fake store delivers what happens in it as Shopify does, and as badly as it is told to."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from nextorder.adapters.shopify.signature import is_signed
from tests.adapters.test_fake_shopify_installation import ADDRESS, subscribe
from tests.fakes.clock import StillClock
from tests.fakes.http import FakeServer
from tests.fakes.shopify.client import CUSTOMER, TAGS_ADD, TAGS_REMOVE, Client
from tests.unit import payloads

FOUR_HOURS_SECONDS = 14_400


class Door:
    """Takes deliveries, or refuses them while it is shut."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.is_shut = False

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
        if not self.is_shut:
            self.taken.append((url, body, headers))
        return not self.is_shut

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.taken]


@pytest.fixture
def door(shopify: Client) -> Door:
    shopify.fake.deliverer.send = door = Door()
    return door


def an_order(number: int, **fields: Any) -> dict[str, Any]:
    named = {"id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}"}
    return payloads.an_order(payloads.a_line(number, "10.00"), total="10.00", **named | fields)


def change(client: Client, *orders: dict[str, Any]) -> None:
    client.door("happen", [{"topic": "orders/updated", "payload": order} for order in orders])  # type: ignore[arg-type]


def test_a_change_is_seen_by_queries_and_by_subscribers(shopify: Client, door: Door) -> None:
    subscribe(shopify)
    change(shopify, an_order(1, name="#first"), an_order(1, name="#second"))
    shopify.door("deliver")

    read = shopify.ask('{ order(id: "gid://shopify/Order/1") { name } }')
    assert read["data"]["order"] == {"name": "#second"}
    assert [body["name"] for body in door.bodies] == ["#first", "#second"]


def test_a_delivery_is_signed_and_says_what_it_is(shopify: Client, door: Door) -> None:
    subscribe(shopify, name="nextorder-orders")
    change(shopify, an_order(1))
    shopify.door("deliver")
    [(url, body, headers)] = door.taken

    assert url == ADDRESS
    assert is_signed(body, headers["X-Shopify-Hmac-Sha256"], ["demo-secret"])
    assert headers["X-Shopify-Topic"] == "orders/updated"
    assert headers["X-Shopify-Shop-Domain"] == "demo.myshopify.com"
    assert headers["X-Shopify-Name"] == "nextorder-orders"


def test_a_retry_is_the_same_delivery_again(shopify: Client, door: Door, clock: StillClock) -> None:
    subscribe(shopify)
    change(shopify, an_order(1))
    door.is_shut = True
    failed = shopify.door("deliver")
    door.is_shut = False
    early, clock.now = shopify.door("deliver"), clock.now + FOUR_HOURS_SECONDS
    late = shopify.door("deliver")

    assert failed == {"waiting": 1, "failed": 1}
    assert early == {"waiting": 1}
    assert late == {"waiting": 0, "delivered": 1}


def test_eight_failures_in_a_row_delete_a_subscription(shopify: Client, door: Door) -> None:
    subscribe(shopify)
    change(shopify, an_order(1))
    door.is_shut = True
    came_of_it = shopify.door("deliver", {"ahead_seconds": FOUR_HOURS_SECONDS})

    assert came_of_it == {"waiting": 0, "failed": 7, "deleted": 1}
    assert shopify.fake.state()["webhook_subscriptions"] == []


def test_one_success_forgives_the_failures(shopify: Client, door: Door) -> None:
    subscribe(shopify)
    for number in range(10):
        change(shopify, an_order(number + 1))
        door.is_shut = True
        shopify.door("deliver", {"ahead_seconds": FOUR_HOURS_SECONDS / 2**6})
        door.is_shut = False
        shopify.door("deliver", {"ahead_seconds": FOUR_HOURS_SECONDS})

    assert len(door.taken) == 10
    assert len(shopify.fake.state()["webhook_subscriptions"]) == 1


def test_bad_weather_loses_doubles_and_mixes(shopify: Client, door: Door) -> None:
    subscribe(shopify)
    shopify.door("weather", {"loss": 0.05, "duplicates": 0.2, "disorder": True})
    change(shopify, *[an_order(number) for number in range(1, 401)])
    shopify.door("deliver")
    numbers = [body["id"] for body in door.bodies]

    assert 360 <= len(set(numbers)) < 400
    assert len(numbers) > len(set(numbers))
    assert numbers != sorted(numbers)


def test_a_subscription_gets_what_it_includes_and_lets_through(shopify: Client, door: Door) -> None:
    subscribe(shopify, includeFields=["id", "customer.id", "test"], filter="test:false")
    change(shopify, an_order(1), an_order(2, test=True))
    shopify.door("deliver")

    assert door.bodies == [{"id": 1, "customer": {"id": 7001}, "test": False}]


def test_a_filter_on_an_unknown_field_lets_nothing_through(shopify: Client, door: Door) -> None:
    subscribe(shopify, filter="no_such_field:1")
    change(shopify, an_order(1))
    shopify.door("deliver")

    assert door.taken == []


def test_our_own_tags_come_back_to_us(shopify: Client, door: Door) -> None:
    subscribe(shopify, "CUSTOMER_TAGS_ADDED")
    subscribe(shopify, "CUSTOMER_TAGS_REMOVED")
    shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["a"])
    shopify.ask(TAGS_REMOVE, id=CUSTOMER, tags=["a"])
    shopify.ask(TAGS_REMOVE, id=CUSTOMER, tags=["never there"])
    shopify.door("deliver")

    assert [(body["customerId"], body["tags"]) for body in door.bodies] == [(CUSTOMER, ["a"])] * 2


def test_an_address_can_lead_to_a_server_here(shopify: Client) -> None:
    subscribe(shopify)
    shopify.door("weather", {"routes": {"https://hooks.example.com": f"{shopify.fake.url}/nowhere"}})
    change(shopify, an_order(1))
    came_of_it = shopify.fake.deliver()

    assert came_of_it == {"waiting": 1, "failed": 1}
    assert _last_path(shopify.fake) == "/nowhere/shopify"


def _last_path(server: FakeServer) -> str:
    return str(server.requests[-1]["path"])

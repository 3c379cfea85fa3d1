"""What becomes of a webhook of a shop that was connected a moment ago."""

import json
from typing import Any

import pytest

from nextorder.adapters.connections import Connections
from nextorder.adapters.shopify.receive import Fate, Request, judge_request
from tests.fakes.clock import StillClock
from tests.local_stack.sending import signature

OLD, NEW = "old.myshopify.com", "new.myshopify.com"
BODY = b"{}"


class ASecret:
    """Secrets Manager with one secret; counts how often it is read."""

    def __init__(self, **shops: str) -> None:
        self.reads = 0
        self.shops = {OLD: shops["old"]}

    def get_secret_value(self, **_: str) -> dict[str, str]:
        self.reads += 1
        keys = {shop: {"client_secrets": [secret]} for shop, secret in self.shops.items()}
        return {"SecretString": json.dumps({"shops": keys})}


def webhook(shop: str, secret: str) -> Request:
    headers = {"x-shopify-shop-domain": shop, "x-shopify-topic": "orders/create"}
    return Request(BODY, headers | {"x-shopify-hmac-sha256": signature(secret, BODY)})


@pytest.fixture
def secret() -> ASecret:
    return ASecret(old="one app")


@pytest.fixture
def connections(secret: Any, clock: StillClock) -> Connections:
    """Read while only one shop was connected."""
    connections = Connections(secret, "arn", clock=clock)
    assert judge_request(webhook(OLD, "one app"), connections) is Fate.QUEUED
    return connections


def test_a_shop_just_connected_with_the_same_app_is_known_at_once(
    secret: ASecret, connections: Connections
) -> None:
    secret.shops[NEW] = "one app"
    assert judge_request(webhook(NEW, "one app"), connections) is Fate.QUEUED


def test_a_shop_that_is_not_connected_stays_unknown(connections: Connections) -> None:
    assert judge_request(webhook(NEW, "one app"), connections) is Fate.UNKNOWN_SHOP


def test_forgers_make_us_read_the_secret_once_a_minute(
    secret: ASecret, connections: Connections, clock: StillClock
) -> None:
    for _ in range(3):
        assert judge_request(webhook(NEW, "guessed"), connections) is Fate.FORGED
    assert secret.reads == 1
    clock.sleep(60)
    for _ in range(3):
        assert judge_request(webhook(NEW, "guessed"), connections) is Fate.FORGED
    assert secret.reads == 2

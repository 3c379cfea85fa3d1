"""The publisher and both destinations over HTTP: whatever fails once, the platforms end up the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.verdict import State, Verdict
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from tests.adapters.destination_cases import SECRET, SHOP
from tests.adapters.klaviyo_destination.cases import SINCE, VERDICT
from tests.fakes.caller import Caller
from tests.fakes.in_memory import InMemoryAccepted, InMemoryCustomers, InMemoryShops
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE, MODEL

ANNA = "9007199254740993"
LATER = replace(
    VERDICT,
    segments={"life": replace(VERDICT.segments["life"], value="missed", previous="closing")},
    reasons=("one",),
)


@dataclass
class Platforms:
    """A store and an account that know Anna, and publishers for both."""

    shopify: FakeShopify
    klaviyo: FakeKlaviyo
    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)

    def publisher(self, destination: str) -> Publisher:
        shopify = ShopifyClient(
            lambda _: SECRET, base_url=self.shopify.url, http=Caller("shopify", self.shopify)
        )
        klaviyo = KlaviyoClient(
            lambda _: "pk_demo", base_url=self.klaviyo.url, http=Caller("klaviyo", self.klaviyo)
        )
        return Publisher(
            destination=ShopifyDestination(shopify, lambda _: CATALOGUE)
            if destination == "shopify"
            else KlaviyoDestination(klaviyo, lambda _: CATALOGUE),
            customers=self.customers,
            accepted=InMemoryAccepted(customers=self.customers),
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
            contacts=None if destination == "shopify" else ShopifyContacts(shopify),
        )

    def place(self, verdict: Verdict | None, version: int) -> None:
        self.customers.states.pop((SHOP.id, ANNA), None)
        if verdict:
            state = State(verdict=verdict, digest="", version=version)
            self.customers.states[SHOP.id, ANNA] = state

    def publish_until_done(self, destination: str) -> None:
        """Deliver the message as a queue would; a new process each time."""
        for delivery in range(5):
            try:
                publish(SHOP.id, ANNA, publisher=self.publisher(destination), as_of=SINCE, again=delivery > 0)
            except (RetryLater, NeedsHuman):
                continue
            return
        raise AssertionError("never done")

    def shown(self) -> Any:
        anna = self.shopify.state()["customers"][ANNA]
        account = self.klaviyo.state()
        events = [event["unique_id"] for event in account["events"]]
        return anna["tags"], anna["metafields"], account["profiles"]["01ANNA"]["properties"], events


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with FakeShopify() as shopify, FakeKlaviyo() as klaviyo:
        shopify.seed({"customers": [{"id": ANNA, "email": "anna@example.com", "tags": ["vip"]}]})
        klaviyo.seed(
            {"profiles": [{"id": "01ANNA", "email": "anna@example.com", "properties": {"shoe": 41}}]}
        )
        yield Platforms(shopify, klaviyo)


def a_clean_pass(platforms: Platforms) -> Any:
    for version, verdict in enumerate((VERDICT, LATER), 1):
        platforms.place(verdict, version)
        platforms.publish_until_done("shopify")
        platforms.publish_until_done("klaviyo")
    return platforms.shown()


FAULTS = [
    {"status": 429, "retry_after": 0},
    {"status": 500},
    {"status": 401},
    {"timeout_before": True},
    {"timeout_after": True},
    {"drop_connection": "after"},
    {"drop_connection": "half"},
]
OPERATIONS = ["tagsAdd", "get_profiles", "update_profile", "create_event"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_any_failure_ends_where_a_clean_pass_ends(
    operation: str, fault: dict[str, Any], platforms: Platforms
) -> None:
    expected = a_clean_pass(platforms)
    platforms.place(None, 3)
    platforms.publish_until_done("shopify")
    platforms.publish_until_done("klaviyo")
    assert platforms.shown() == (["vip"], {}, {"shoe": 41}, expected[-1])

    fake = platforms.shopify if operation == "tagsAdd" else platforms.klaviyo
    fake.faults.add({"match": operation, **fault})
    assert a_clean_pass(platforms) == expected
    assert platforms.klaviyo.account.counters["profiles_created"] == 0


def test_the_same_state_asks_the_platforms_nothing(platforms: Platforms) -> None:
    a_clean_pass(platforms)
    requests = len(platforms.shopify.requests) + len(platforms.klaviyo.requests)
    for destination in ("shopify", "klaviyo"):
        published = publish(SHOP.id, ANNA, publisher=platforms.publisher(destination), as_of=SINCE)
        assert published is Published.UNCHANGED

    assert len(platforms.shopify.requests) + len(platforms.klaviyo.requests) == requests

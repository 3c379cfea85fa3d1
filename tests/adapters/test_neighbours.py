"""The merchant's own tags and segments are read in few calls, and never touched."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify import neighbours as module
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.neighbours import Neighbours
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify

COUNT = 260


@pytest.fixture
def shopify(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(clock=clock) as fake:
        tags = {n: ["vip"] if n % 2 else ["Next:Life:New", "Vintage"] for n in range(1, COUNT + 1)}
        fake.seed({"customers": [{"id": n, "tags": those} for n, those in tags.items()]})
        yield fake


@pytest.fixture
def beside(shopify: FakeShopify, clock: StillClock) -> Neighbours:
    client = ShopifyClient(lambda _: SECRET, base_url=shopify.url, clock=clock)
    return Neighbours(client, Patience(clock.sleep, seconds=600))


def put(shopify: FakeShopify, name: str, query: str) -> None:
    id_ = f"gid://shopify/Segment/{len(shopify.store.segments) + 1}"
    shopify.store.segments[id_] = {"__typename": "Segment", "id": id_, "name": name, "query": query}


def test_tags_and_segments_of_the_merchants_are_found_with_their_customers(
    shopify: FakeShopify, beside: Neighbours
) -> None:
    put(shopify, "VIPs", "customer_tags CONTAINS 'vip'")
    put(shopify, "Ours", "customer_tags CONTAINS 'next:life:new'")
    put(shopify, "Ours, too", "metafields.nextorder.p_5d >= 0.1")

    found = beside.read(SHOP)

    odd = {str(n) for n in range(1, COUNT + 1, 2)}
    everyone = {str(n) for n in range(1, COUNT + 1)}
    assert found.looked_at == everyone
    assert found.is_all
    assert found.tags == {"vip": odd, "Vintage": everyone - odd}
    assert found.segments == {"VIPs": odd}
    assert found.calls == len([one for one in shopify.requests if "graphql" in one["path"]])
    assert not [one for one in shopify.requests if "mutation" in str(one["body"])]


def test_the_number_of_calls_is_bounded_and_what_was_left_out_is_named(
    shopify: FakeShopify, beside: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "A_PAGE", 10)
    monkeypatch.setattr(module, "MOST_PAGES", 3)
    monkeypatch.setattr(module, "MOST_MEMBER_PAGES", 5)
    put(shopify, "VIPs", "customer_tags CONTAINS 'vip'")

    found = beside.read(SHOP)

    assert not found.is_all
    assert len(found.looked_at) == 30
    assert found.left_out == ["VIPs"]
    assert found.calls == 3 + 1 + 1

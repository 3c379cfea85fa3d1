"""Shopify's RFM groups are read of everyone, and nothing else of them."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.reading_documents import CUSTOMERS_PER_PAGE
from nextorder.adapters.shopify.rfm_groups import read_rfm_groups
from tests.fakes.shopify import FakeShopify

SHOP = "a.myshopify.com"


@pytest.fixture
def store() -> Iterator[FakeShopify]:
    with FakeShopify() as fake:
        yield fake


def read(store: FakeShopify) -> dict[str, str]:
    client = ShopifyClient(lambda _: Credentials(token="shpat_static"), base_url=store.url)
    return dict(read_rfm_groups(client, SHOP, Patience(lambda _: None, seconds=60)))


def test_everyone_on_every_page_is_read_with_their_group(store: FakeShopify) -> None:
    names = [str(number) for number in range(1, CUSTOMERS_PER_PAGE + 12)]
    store.seed({"customers": [{"id": name, "rfm_group": "LOYAL"} for name in names]})
    before = store.bucket.status()["currentlyAvailable"]

    assert read(store) == dict.fromkeys(names, "LOYAL")
    assert before - store.bucket.status()["currentlyAvailable"] < 100


def test_who_is_in_no_group_is_left_out(store: FakeShopify) -> None:
    store.seed({"customers": [{"id": 1, "rfm_group": "CHAMPIONS"}, {"id": 2}]})

    assert read(store) == {"1": "CHAMPIONS"}


def test_a_shop_of_nobody_has_no_groups(store: FakeShopify) -> None:
    assert read(store) == {}

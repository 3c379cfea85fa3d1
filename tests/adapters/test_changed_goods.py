"""Which products and costs changed in a shop, asked of a store that runs on the official schema."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from nextorder.adapters.shopify.changed_orders import PATIENCE_SECONDS, ChangedInShopify
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.reading_documents import PRODUCTS_PER_PAGE
from nextorder.domain.errors import RetryLater
from nextorder.domain.facts import ShopFact, UnitCost, VariantCategory
from tests.adapters.test_changed_orders import DAY, SHOP, START, Sent
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.unit.delivery_cases import LIVE
from tests.unit.payloads import Body

MANY = 330
"""Variants: more than come with their product and on the page after."""


@pytest.fixture
def store(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(shop=SHOP, clock=clock) as fake:
        yield fake


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def changed(store: FakeShopify, sent: Sent, clock: StillClock) -> ChangedInShopify:
    client = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=store.url, clock=clock)
    return ChangedInShopify(client, sent, sent, sleep=clock.sleep)  # type: ignore[arg-type]


def a_product(number: int, updated_at: datetime, variants: int = 1) -> Body:
    each = [{"id": 1000 * number + n, "inventory_item_id": 7000 * number + n} for n in range(variants)]
    return {"id": number, "title": "Mug", "updated_at": updated_at.isoformat(), "variants": each}


def window(changed: ChangedInShopify, since: datetime, until: datetime) -> list[tuple[ShopFact, ...]]:
    """Return what all pages tell, and put it on the queue."""
    found: list[tuple[ShopFact, ...]] = []
    after, more = "", True
    while more:
        page = changed.changed_goods(LIVE, since=since, until=until, after=after)
        changed.deliver(SHOP, page.found)
        found += [told.facts for told in page.found]
        after, more = page.after, bool(page.after)
    return found


def test_each_product_of_the_window_comes_with_all_its_variants_and_then_each_cost(
    store: FakeShopify, changed: ChangedInShopify, sent: Sent
) -> None:
    moments = [START + n * timedelta(minutes=1) for n in range(2 * PRODUCTS_PER_PAGE)]
    variants_of = {n: MANY if n == 9 else 1 for n in range(1, len(moments) + 1)}
    store.seed({"products": [a_product(n, moments[n - 1], many) for n, many in variants_of.items()]})

    found = window(changed, moments[5], moments[-2])

    expected = {n: variants_of[n] for n in range(6, 2 * PRODUCTS_PER_PAGE)}
    products = [facts for facts in found if isinstance(facts[0], VariantCategory)]
    assert [[int(fact.id) for fact in facts] for facts in products] == [
        [1000 * n + v for v in range(many)] for n, many in expected.items()
    ]
    costs = {fact.id for facts in found for fact in facts if isinstance(fact, UnitCost)}
    assert len(costs) == sum(expected.values())
    topics = ["products/update"] * len(expected) + ["inventory_items/update"] * len(costs)
    assert [one.topic for one in sent.deliveries] == topics


def test_all_that_a_page_asks_for_shares_its_patience(
    store: FakeShopify, changed: ChangedInShopify, clock: StillClock
) -> None:
    store.seed({"products": [a_product(1, START, MANY)]})
    for asked in ("^products$", "^node$"):
        store.faults.add({"match": asked, "status": 429, "retry_after": 0.6 * PATIENCE_SECONDS})

    with pytest.raises(RetryLater):
        window(changed, START, START + DAY)
    assert sum(clock.naps) < PATIENCE_SECONDS


def test_a_cost_that_changed_without_its_product_is_told(
    store: FakeShopify, changed: ChangedInShopify
) -> None:
    dear = {"id": 7001, "cost": "9.00", "updated_at": (START + DAY).isoformat()}
    store.seed({"products": [a_product(1, START)], "inventory_items": [dear]})

    [(told,)] = window(changed, START + DAY, START + 2 * DAY)

    assert isinstance(told, UnitCost)
    assert (told.id, told.unit_cost, told.updated_at) == ("7001", 900, START + DAY)

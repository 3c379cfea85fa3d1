"""Keeping to our share of Shopify's cost bucket: learnt from replies, before Shopify has to throttle."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import Mutations, customer_gid
from nextorder.adapters.shopify.jsonl import join
from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.adapters.shopify.pace import SHARE, Pace
from nextorder.adapters.shopify.reading_documents import REFUNDED_PER_QUERY, REFUNDS, bulk_orders
from nextorder.domain.errors import RetryLater
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.bulk_rows import rows
from tests.unit.payloads import Body, a_line, a_refund, an_order, refunded

POINTS = 799
"""Of one question about the refunds of REFUNDED_PER_QUERY orders, as the fake reckons."""


@pytest.fixture
def store(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(clock=clock) as fake:
        fake.seed({"customers": [{"id": 7}]})
        yield fake


def worker(store: FakeShopify, clock: StillClock, *, longest_seconds: float) -> ShopifyClient:
    pace = Pace(clock=clock, sleep=clock.sleep, longest_seconds=longest_seconds)
    return ShopifyClient(lambda _: SECRET, base_url=store.url, http=Http("shopify"), clock=clock, pace=pace)


def tag(client: ShopifyClient, mutations: int = 10) -> None:
    """Send so many mutations in one document; each costs ten points."""
    written = Mutations()
    for number in range(mutations):
        written.change_tags(f"m{number}", "tagsAdd", customer_gid("7"), [f"next:love:{number}"])
    client.execute(SHOP.id, written.document, written.variables, points=written.cost)


def test_a_worker_keeps_to_half_the_bucket_and_half_the_rate(store: FakeShopify, clock: StillClock) -> None:
    client, began = worker(store, clock, longest_seconds=60), clock.now
    for _ in range(40):
        tag(client)

    # 4,000 points, of which half a bucket of 2,000 is there at once; 50 of 100 a second come in
    assert clock.now - began == pytest.approx((4000 - 1000) / 50, rel=0.04)
    assert store.bucket.status()["currentlyAvailable"] >= 900


def test_two_workers_together_are_never_throttled_and_use_all_there_is(
    store: FakeShopify, clock: StillClock
) -> None:
    workers, began = [worker(store, clock, longest_seconds=0) for _ in range(2)], clock.now
    sent = 0
    while sent < 80:
        waits = []
        for client in workers:
            try:
                tag(client)
            except RetryLater as busy:
                waits.append(busy.seconds or 0.0)
            else:
                sent += 1
        if len(waits) == len(workers):
            clock.now += min(waits)

    # 8,000 points of a bucket of 2,000 that fills by 100 a second
    assert clock.now - began == pytest.approx((8000 - 2000) / 100, rel=0.04)
    assert store.counts["tagsAdd"] == sent * 10


def test_a_wait_that_is_too_long_here_is_left_to_the_caller(store: FakeShopify, clock: StillClock) -> None:
    client = worker(store, clock, longest_seconds=1)
    for _ in range(10):
        tag(client)
    with pytest.raises(RetryLater) as caught:
        tag(client)

    assert caught.value.seconds == pytest.approx(2, rel=0.1)
    assert clock.naps == []
    clock.now += caught.value.seconds or 0
    tag(client)


def test_what_others_have_taken_is_not_counted_on(store: FakeShopify, clock: StillClock) -> None:
    client = worker(store, clock, longest_seconds=0)
    tag(client, 1)
    store.bucket.empty()
    with pytest.raises(RetryLater, match="throttles"):
        tag(client)
    with pytest.raises(RetryLater, match="our share"):
        tag(client)


def test_a_document_beyond_our_share_goes_when_the_share_is_full(
    store: FakeShopify, clock: StillClock
) -> None:
    """Half a bucket of 2,000 holds what any one document may cost; another share may be smaller."""
    pace = Pace(clock=clock, sleep=clock.sleep, longest_seconds=60, share=0.1)
    client = ShopifyClient(lambda _: SECRET, base_url=store.url, http=Http("shopify"), clock=clock, pace=pace)
    tag(client, 1)
    tag(client, 50)

    assert sum(clock.naps) == pytest.approx(0, abs=1.1)
    tag(client, 1)
    assert sum(clock.naps) == pytest.approx(31, abs=1.5)


def test_shops_have_a_bucket_each(clock: StillClock) -> None:
    pace = Pace(clock=clock, sleep=clock.sleep)
    status = {"maximumAvailable": 20, "currentlyAvailable": 0, "restoreRate": 1}
    pace.learn("one", 0, {"extensions": {"cost": {"throttleStatus": status}}})

    with pytest.raises(RetryLater):
        pace.spend("one", 1)
    pace.spend("other", 1000)


def refunded_orders(count: int) -> list[Body]:
    """Return orders of one line, each paid back."""
    return [
        an_order(
            a_line(10 * number, "40.00"),
            total="40.00",
            refunds=[a_refund(refunded(a_line(10 * number, "40.00"), 1, "40.00"), order_id=number)],
            id=number,
            admin_graphql_api_id=f"gid://shopify/Order/{number}",
        )
        for number in range(1, count + 1)
    ]


def test_the_four_workers_of_an_import_take_half_of_what_comes_in_while_they_read_refunds(
    store: FakeShopify, clock: StillClock
) -> None:
    """None knows beforehand what a question costs: the next one waits for what the last has cost."""
    store.seed({"orders": refunded_orders(REFUNDED_PER_QUERY)})
    paces = [Pace(clock=clock, longest_seconds=0, share=SHARE / 4) for _ in range(4)]
    workers = [ShopifyClient(lambda _: SECRET, base_url=store.url, clock=clock, pace=pace) for pace in paces]
    ids = [f"gid://shopify/Order/{number}" for number in range(1, REFUNDED_PER_QUERY + 1)]
    began, asked, throttled = clock.now, 0, 0
    while asked < 40:
        waits = []
        for client in workers:
            try:
                found = client.execute(SHOP.id, REFUNDS, {"ids": ids})["nodes"]
            except RetryLater as busy:
                throttled += "throttles" in str(busy)
                waits.append(busy.seconds or 0.0)
            else:
                asked += 1
                assert all(order["refunds"] for order in found)
        if len(waits) == len(workers):
            clock.now += max(min(waits), 0.1)

    assert clock.now - began == pytest.approx(asked * POINTS / (SHARE * store.bucket.restore_rate), rel=0.1)
    assert throttled <= 2 * len(workers)


def test_an_import_waits_where_others_have_taken_the_bucket_and_reads_every_refund(
    store: FakeShopify, clock: StillClock
) -> None:
    orders = refunded_orders(3 * REFUNDED_PER_QUERY)
    store.seed({"orders": orders})
    lacking = join([row for _, row in rows(store.store, bulk_orders(""), grouped=False)]).nodes
    store.bucket.empty()
    client = worker(store, clock, longest_seconds=60)

    reader = OrderNodes(client, sleep=clock.sleep, patience_seconds=600)
    whole = list(reader.with_refunds(SHOP.id, lacking))

    assert [len(order["refunds"][0]["refundLineItems"]) for order in whole] == [1] * len(orders)
    assert sum(clock.naps) >= 3 * POINTS / store.bucket.restore_rate

"""A whole store's first write to Shopify on a simulated clock: requests, time, and the bucket of the plan."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.shopify.bulk_write import BulkWrite
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import CAPABILITIES, ShopifyDestination
from nextorder.adapters.shopify.pace import Pace
from nextorder.domain.verdict import Cause
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.adapters.destination_cases import SECRET, SHOP
from tests.adapters.many_cases import many
from tests.adapters.test_shopify_destination import VERDICT
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.in_memory import InMemoryAccepted, InMemoryShops
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE, MODEL

TAGS_AND_METAFIELDS = 10 + 2
"""Points of one customer's first write in batches: tagsAdd, and five of 25 metafields."""

THIRD_LOOK, FIFTH_LOOK = 1 + 2, 1 + 2 + 4 + 8
"""Seconds after which the fake's operations of a job are seen done: Shopify promises nothing. Of a full
job five begin at once, and the others when those have ended."""


@dataclass
class Rollout:
    """A store of so many customers that nothing is shown of yet."""

    count: int
    clock: StillClock = field(default_factory=StillClock)

    def __post_init__(self) -> None:
        assert VERDICT.cause is Cause.IMPORT
        self.customers = many(self.count, VERDICT, destination="shopify")

    def publish(self, store: FakeShopify) -> dict[Published, int]:
        pace = Pace(clock=self.clock, sleep=self.clock.sleep)
        http = Http("shopify", read_seconds=60)
        client = ShopifyClient(lambda _: SECRET, base_url=store.url, http=http, clock=self.clock, pace=pace)
        storage = Http("shopify's storage", read_seconds=60)
        publisher = Publisher(
            destination=ShopifyDestination(
                client,
                lambda _: CATALOGUE,
                bulk=BulkWrite(
                    client, storage, InMemoryBulkJobs(), shop_now=lambda _: SHOP, clock=self.clock
                ),
                sleep=self.clock.sleep,
            ),
            customers=self.customers,
            accepted=InMemoryAccepted(self.customers),
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
        )
        as_of = datetime.fromtimestamp(self.clock.now, UTC)
        return dict(publish_bulk(SHOP.id, publisher=publisher, as_of=as_of))


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[tuple[Rollout, FakeShopify]]:
    rollout = Rollout(request.param)
    with FakeShopify(clock=rollout.clock) as fake:
        fake.seed({"customers": [{"id": name, "tags": ["vip"]} for name in rollout.customers.names]})
        fake.store.bulk.seconds_a_look = 600
        yield rollout, fake


@pytest.mark.parametrize("store", [900], indirect=True)
def test_in_batches_it_takes_what_our_share_of_the_plan_gives(store: tuple[Rollout, FakeShopify]) -> None:
    rollout, shopify = store
    began = rollout.clock.now
    counts = rollout.publish(shopify)
    seconds, calls = rollout.clock.now - began, len(shopify.requests)

    assert counts[Published.SENT] == rollout.count
    at_least = (rollout.count * TAGS_AND_METAFIELDS - 1000) / 50
    assert at_least <= seconds <= 1.2 * at_least
    assert calls <= 1 + rollout.count / 25
    assert shopify.bucket.status()["currentlyAvailable"] >= 900
    assert b"Throttled" not in b"".join(str(one["body"]).encode() for one in shopify.requests)


@pytest.mark.parametrize(
    ("store", "a_job_seconds"),
    [(3_000, THIRD_LOOK), pytest.param(100_000, FIFTH_LOOK, marks=pytest.mark.proof)],
    indirect=["store"],
)
def test_by_bulk_jobs_it_takes_a_call_for_hundreds_of_customers(
    store: tuple[Rollout, FakeShopify], a_job_seconds: int
) -> None:
    rollout, shopify = store
    began = rollout.clock.now
    counts = rollout.publish(shopify)
    seconds, calls = rollout.clock.now - began, len(shopify.requests)
    sys.stdout.write(f"{rollout.count} customers: {calls} calls, {calls / rollout.count:.4f} each, ")
    sys.stdout.write(f"{seconds:.0f} s on the store's clock\n")

    assert counts[Published.SENT] == rollout.count
    assert calls <= 10 + rollout.count / 60
    assert seconds <= 1.2 * a_job_seconds * ceil(rollout.count / CAPABILITIES.most_rows)
    assert shopify.bucket.status()["currentlyAvailable"] >= 900
    held = shopify.store.resources[f"gid://shopify/Customer/{rollout.customers.names[-1]}"]
    assert held.tags == ["next:life:champion", "next:risk:at-risk", "vip"]
    assert len(held.metafields) == 5

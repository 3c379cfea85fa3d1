"""A whole store's first sync to Klaviyo on a simulated clock: calls, time, and whose limit it is."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.pace import Pace as KlaviyoPace
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.adapters.shopify.pace import Pace
from nextorder.bootstrap.publish import BULK_SHARE
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.adapters.destination_cases import SECRET, SHOP
from tests.adapters.klaviyo_destination.cases import VERDICT
from tests.adapters.many_cases import many
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.in_memory import InMemoryAccepted, InMemoryShops
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE, MODEL

JOB_SECONDS = 10.0
"""That the fake takes over a job: Klaviyo promises nothing."""
LOOK_UPS_A_MINUTE = 750
PROFILES_A_LOOK_UP = 100
CONTACTS_A_PAGE = 250
POINTS_A_PAGE = 34
OUR_POINTS_A_SECOND = 50


@dataclass
class Rollout:
    """A store of so many customers, each with a profile that shows nothing of ours yet."""

    count: int
    clock: StillClock = field(default_factory=StillClock)
    waited: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.customers = many(self.count, VERDICT, destination="klaviyo")

    def publish(self, store: FakeShopify, klaviyo: FakeKlaviyo) -> dict[Published, int]:
        pace = Pace(clock=self.clock, sleep=self._sleeper("shopify"))
        shopify = ShopifyClient(
            lambda _: SECRET,
            base_url=store.url,
            http=Http("shopify", read_seconds=60),
            clock=self.clock,
            pace=pace,
        )
        client = KlaviyoClient(
            lambda _: "pk_demo",
            base_url=klaviyo.url,
            http=Http("klaviyo", read_seconds=60),
            pace=KlaviyoPace(share=BULK_SHARE, clock=self.clock, sleep=self._sleeper("klaviyo")),
        )
        publisher = Publisher(
            destination=KlaviyoDestination(
                client,
                lambda _: CATALOGUE,
                imports=ImportJobs(client, InMemoryBulkJobs()),
                sleep=self._sleeper("klaviyo"),
            ),
            customers=self.customers,
            accepted=InMemoryAccepted(self.customers),
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
            contacts=ShopifyContacts(shopify, sleep=self._sleeper("shopify"), patience_seconds=60),
        )
        as_of = datetime.fromtimestamp(self.clock.now, UTC)
        return dict(publish_bulk(SHOP.id, publisher=publisher, as_of=as_of))

    def _sleeper(self, whose: str) -> "Sleeper":
        return Sleeper(self, whose)


@dataclass
class Sleeper:
    """Waits on the clock and notes for whom."""

    rollout: Rollout
    whose: str

    def __call__(self, seconds: float) -> None:
        self.rollout.waited[self.whose] = self.rollout.waited.get(self.whose, 0.0) + seconds
        self.rollout.clock.sleep(seconds)


@pytest.fixture
def stores(request: pytest.FixtureRequest) -> Iterator[tuple[Rollout, FakeShopify, FakeKlaviyo]]:
    rollout = Rollout(request.param)
    with (
        FakeShopify(clock=rollout.clock) as shopify,
        FakeKlaviyo(clock=rollout.clock, job_seconds=JOB_SECONDS) as klaviyo,
    ):
        emails = {name: f"c{name}@example.com" for name in rollout.customers.names}
        shopify.seed({"customers": [{"id": name, "email": email} for name, email in emails.items()]})
        klaviyo.seed({"profiles": [{"email": email} for email in emails.values()]})
        yield rollout, shopify, klaviyo


@pytest.mark.parametrize("stores", [2_000, pytest.param(100_000, marks=pytest.mark.proof)], indirect=True)
def test_a_first_sync_takes_what_the_limits_give_and_a_fifth_at_most(
    stores: tuple[Rollout, FakeShopify, FakeKlaviyo],
) -> None:
    rollout, shopify, klaviyo = stores
    began = rollout.clock.now
    counts = rollout.publish(shopify, klaviyo)
    seconds = rollout.clock.now - began
    calls = len(klaviyo.requests), len(shopify.requests)
    jobs = klaviyo.counts["bulk_import_profiles"]
    sys.stdout.write(
        f"{rollout.count} customers: {seconds:.0f} s, of them {rollout.waited}; {jobs} import jobs, "
        f"{calls[0]} calls to Klaviyo and {calls[1]} to Shopify, {sum(calls) / rollout.count:.4f} each\n"
    )

    assert counts[Published.SENT] == rollout.count
    assert klaviyo.state()["counters"]["profiles_created"] == 0
    asking = rollout.count / PROFILES_A_LOOK_UP / LOOK_UPS_A_MINUTE * 60
    reading = rollout.count / CONTACTS_A_PAGE * POINTS_A_PAGE / OUR_POINTS_A_SECOND
    assert seconds <= 1.2 * max(asking + jobs * JOB_SECONDS, reading)
    assert sum(calls) <= rollout.count / 40

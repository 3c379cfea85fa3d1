"""An ordinary day's changes, one by one as the stream brings them: calls, messages, minutes by the limits."""

import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.pace import Pace as KlaviyoPace
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.pace import Pace
from nextorder.bootstrap.publish import ONLINE_SHARE
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import RetryLater
from nextorder.domain.verdict import Cause, Segment, State
from nextorder.ports import Destination
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from tests.adapters.destination_cases import SECRET, SHOP
from tests.adapters.klaviyo_destination.cases import VERDICT
from tests.fakes.clock import StillClock
from tests.fakes.http import FakeServer
from tests.fakes.in_memory import InMemoryAccepted, InMemoryCustomers, InMemoryShops
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE, MODEL

CUSTOMERS = 100_000
ORDERS_A_MONTH = 0.15
"""Of a customer, as the planning estimate of costs has it."""
CHANGES_AN_ORDER = 2
"""The order's own, and one by time alone that follows from it."""
A_DAY = round(CUSTOMERS * ORDERS_A_MONTH / 30 * CHANGES_AN_ORDER)
SHORT = 150
"""Of them, where the whole day is a proof."""
TRIES = 5
TOO_MANY = 429
SHARE = 2 * ONLINE_SHARE
"""Of Klaviyo's limits: two workers serve a queue."""
UPDATES_A_MINUTE = 750


@dataclass
class Day:
    """Customers who are shown everywhere, and of whom each changes once."""

    count: int
    clock: StillClock = field(default_factory=StillClock)
    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    messages: int = 0
    """How often the queue brought one, those that it brought again among them."""

    def __post_init__(self) -> None:
        self.names = [str(10**12 + n) for n in range(self.count)]

    def changes(self, destination: Destination, remote_ids: dict[str, str]) -> Publisher:
        """Return the publisher of a destination that shows everyone as they were this morning."""
        now = datetime.fromtimestamp(self.clock.now, UTC)
        life = Segment(value="champion", since=now, previous="closing", reason="2 order days")
        then = replace(VERDICT, segments={"life": life}, cause=Cause.ORDER, scored_at=now)
        shown = destination.project(SHOP, VERDICT)
        accepted = InMemoryAccepted(self.customers)
        for name in self.names:
            self.customers.states[SHOP.id, name] = State(verdict=then, digest="", version=2)
            held = Accepted(
                attributes=shown.attributes,
                audiences=shown.audiences,
                joined=dict.fromkeys(shown.audiences, now - timedelta(days=9)),
                subjects=shown.subjects,
                version=1,
                remote_id=remote_ids.get(name, ""),
            )
            accepted.save(SHOP.id, name, destination.name, held)
        shops = InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP})
        return Publisher(destination=destination, customers=self.customers, accepted=accepted, shops=shops)

    def publish_all(self, publisher: Publisher) -> float:
        """Publish one after the other, waiting as the queue would; return the seconds on the clock."""
        began = self.clock.now
        for name in self.names:
            assert self._publish(name, publisher) is Published.SENT
        return self.clock.now - began

    def _publish(self, name: str, publisher: Publisher) -> Published:
        for _ in range(TRIES):
            as_of = datetime.fromtimestamp(self.clock.now, UTC)
            self.messages += 1
            try:
                return publish(SHOP.id, name, publisher=publisher, as_of=as_of)
            except RetryLater as busy:
                self.clock.sleep(max(busy.seconds or 0.0, 1.0))
        return Published.LATER


counts = pytest.mark.parametrize("count", [SHORT, pytest.param(A_DAY, marks=pytest.mark.proof)])


def say(destination: str, day: Day, calls: int, seconds: float) -> None:
    each = f"{calls / day.count:.2f} calls and {day.messages / day.count:.2f} messages each"
    sys.stdout.write(f"{day.count} changes to {destination}: {each}, {seconds / 60:.1f} min\n")


def throttled(platform: FakeServer) -> int:
    """Return how many requests were too many."""
    return sum(request["status"] == TOO_MANY for request in platform.requests)


@counts
def test_a_days_changes_reach_shopify_by_a_call_each_within_minutes(count: int) -> None:
    day = Day(count)
    with FakeShopify(clock=day.clock) as shopify:
        shopify.seed({"customers": [{"id": name, "tags": ["vip"]} for name in day.names]})
        pace = Pace(clock=day.clock, sleep=day.clock.sleep, longest_seconds=2.0)
        client = ShopifyClient(
            lambda _: SECRET, base_url=shopify.url, http=Http("shopify"), clock=day.clock, pace=pace
        )
        publisher = day.changes(ShopifyDestination(client, lambda _: CATALOGUE), {})
        began = len(shopify.requests)
        seconds = day.publish_all(publisher)
        calls = len(shopify.requests) - began
        tags = shopify.store.resources[f"gid://shopify/Customer/{day.names[-1]}"].tags
        too_many = throttled(shopify)
    say("shopify", day, calls, seconds)

    # a token, and a document each: tags to add, tags to remove, metafields to set and to delete
    assert calls <= count + 1
    assert (day.messages, too_many) == (count, 0)
    assert seconds <= 1.2 * count * 40 / 50
    assert tags == ["next:life:champion", "vip"]


@counts
def test_a_days_changes_and_their_events_reach_klaviyo_within_minutes(count: int) -> None:
    day = Day(count)
    with FakeKlaviyo(clock=day.clock) as klaviyo:
        ids = {name: f"P{name}" for name in day.names}
        klaviyo.seed({"profiles": [{"id": id_} for id_ in ids.values()]})
        pace = KlaviyoPace(share=SHARE, clock=day.clock, sleep=day.clock.sleep)
        client = KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url, http=Http("klaviyo"), pace=pace)
        publisher = day.changes(KlaviyoDestination(client, lambda _: CATALOGUE), ids)
        seconds = day.publish_all(publisher)
        too_many = throttled(klaviyo)
        events = len(klaviyo.state()["events"])
        calls = len(klaviyo.requests)
    say("klaviyo", day, calls, seconds)

    assert events == count
    assert (day.messages, too_many) == (count, 0)
    assert calls == 2 * count
    assert seconds <= 1.2 * 60 * count / (SHARE * UPDATES_A_MINUTE)

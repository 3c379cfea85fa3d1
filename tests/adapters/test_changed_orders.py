"""What changed in a shop, asked of a store that is executed against the official schema."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.queues import Delivery
from nextorder.adapters.shopify.changed_orders import WEBHOOK_ID, ChangedInShopify
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.reading_documents import CHANGED_PER_PAGE
from nextorder.adapters.shopify.receive import LARGEST_MESSAGE_BYTES
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, enum_of, fields_of
from nextorder.domain.errors import RetryLater
from nextorder.domain.facts import Consent, SignUp
from nextorder.domain.messages import Contact
from nextorder.domain.reconciliation import Reconciliation, Walk
from nextorder.use_cases.reconcile import Reconciler, Repaired, reconcile
from tests.fakes.clock import StillClock
from tests.fakes.house import House, Webhook
from tests.fakes.in_memory import InMemoryQueue
from tests.fakes.reconciliation import InMemoryHoldings, InMemoryNotes
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.deliverer import Deliverer, Weather
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.unit.delivery_cases import (
    ANNA,
    AS_OF,
    BERTA,
    LIVE,
    a_history,
    a_house,
    clean_pass,
    of_goods,
    placed,
    shown,
)
from tests.unit.payloads import Body, a_customer, a_transaction
from tests.unit.whole_cases import as_it_stands, whole

SHOP = LIVE.id
DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Sent:
    """The queue of facts, and the bucket of large bodies."""

    deliveries: list[Delivery] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def send(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)

    def put(self, shop: str, raw: bytes) -> str:
        key = f"bodies/{shop}/{len(self.bodies)}"
        self.bodies[key] = raw
        return key

    def webhooks(self) -> list[Webhook]:
        """Return what was sent as topic and body."""
        return [(one.topic, json.loads(one.body or self.bodies[one.body_key])) for one in self.deliveries]


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def store(clock: StillClock) -> Iterator[FakeShopify]:
    with FakeShopify(shop=SHOP, clock=clock, currency="EUR", timezone="Europe/Stockholm") as fake:
        yield fake


@pytest.fixture
def changed(store: FakeShopify, sent: Sent, clock: StillClock) -> ChangedInShopify:
    client = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=store.url, clock=clock)
    return ChangedInShopify(client, sent, sent, sleep=clock.sleep)  # type: ignore[arg-type]


def numbered(count: int, **fields: Any) -> list[Body]:
    """Return orders that changed a minute after the other from START on."""
    moments = ((START + n * timedelta(minutes=1)).isoformat() for n in range(count))
    return [placed(1 + n, "03-01", None, updated_at=at, **fields) for n, at in enumerate(moments)]


def window(changed: ChangedInShopify, since: datetime, until: datetime) -> list[str]:
    """Return the orders of all pages."""
    found: list[str] = []
    after, more = "", True
    while more:
        page = changed.changed_orders(SHOP, since=since, until=until, after=after)
        found += [order.id for order in page.found]
        after, more = page.after, bool(page.after)
    return found


def test_each_order_of_the_window_is_on_one_page_the_longest_ago_first(
    store: FakeShopify, changed: ChangedInShopify
) -> None:
    store.seed({"orders": numbered(2 * CHANGED_PER_PAGE + 20)})

    until = START + (2 * CHANGED_PER_PAGE + 9) * timedelta(minutes=1)
    found = window(changed, START + 5 * timedelta(minutes=1), until)

    assert found == [str(n) for n in range(6, 2 * CHANGED_PER_PAGE + 11)]


def test_how_far_along_an_order_is_and_what_was_paid_is_in_the_list(
    store: FakeShopify, changed: ChangedInShopify
) -> None:
    moved, failed = a_transaction(81, "45.00"), a_transaction(82, "45.00", status="failure")
    [order] = numbered(1, financial_status="partially_refunded", transactions=[moved, failed])
    store.seed({"orders": [order | {"cancelled_at": "2026-03-02T10:00:00Z"}]})

    [listed] = changed.changed_orders(SHOP, since=START, until=START + DAY, after="").found

    assert (listed.id, listed.payments) == ("1", ("81",))
    assert (listed.listed.financial_status, listed.listed.updated_at) == ("partially_refunded", START)
    assert listed.listed.cancelled_at


def test_an_order_goes_onto_the_queue_like_its_webhooks(
    store: FakeShopify, changed: ChangedInShopify, sent: Sent
) -> None:
    store.seed({"orders": numbered(2, transactions=[a_transaction(81, "45.00")])})

    changed.deliver_orders(SHOP, ["1", "404"])

    topics = ["orders/updated", "order_transactions/create"]
    assert [one.topic for one in sent.deliveries] == topics
    assert {(one.shop, one.webhook_id) for one in sent.deliveries} == {(SHOP, WEBHOOK_ID)}
    assert {datetime.fromisoformat(one.triggered_at) for one in sent.deliveries} == {START}


def test_a_body_that_no_message_holds_goes_to_s3(
    changed: ChangedInShopify, store: FakeShopify, sent: Sent
) -> None:
    [order] = numbered(1, tags=", ".join(f"{n:040d}" for n in range(25_000)))
    store.seed({"orders": [order]})

    changed.deliver_orders(SHOP, ["1"])

    [delivery] = sent.deliveries
    assert not delivery.body
    assert len(sent.bodies[delivery.body_key]) > LARGEST_MESSAGE_BYTES


def person(number: int, updated_at: datetime, **fields: Any) -> Body:
    return a_customer(
        id=number,
        admin_graphql_api_id=f"gid://shopify/Customer/{number}",
        email=f"{number}@example.com",
        updated_at=updated_at.isoformat(),
        **fields,
    )


def test_customers_are_cut_to_the_moment_though_the_filter_counts_in_days(
    store: FakeShopify, changed: ChangedInShopify, sent: Sent
) -> None:
    consent = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": None}
    ages = {1: 0, 2: 1, 3: 5, 4: 6}
    store.seed(
        {
            "customers": [
                person(n, START + hours * timedelta(hours=1), email_marketing_consent=consent)
                for n, hours in ages.items()
            ]
        }
    )

    since, until = START + timedelta(hours=1), START + timedelta(hours=5)
    page = changed.changed_customers(LIVE, since=since, until=until, after="")
    changed.deliver(SHOP, page.found)

    assert [(told.customer, type(told.fact).__name__) for told in page.found][:3] == [
        ("2", "SignUp"),
        ("2", "Consent"),
        ("2", "OrderCount"),
    ]
    assert {told.customer for told in page.found} == {"2", "3"}
    consents = [told.fact for told in page.found if isinstance(told.fact, Consent)]
    assert [(fact.state, fact.updated_at) for fact in consents] == [
        ("subscribed", since),
        ("subscribed", until),
    ]
    assert len(sent.deliveries) == len(page.found)
    assert not any("@" in one.body for one in sent.deliveries)


def test_while_shopify_throttles_it_waits_and_then_gives_up(
    store: FakeShopify, changed: ChangedInShopify, clock: StillClock
) -> None:
    store.seed({"orders": numbered(1)})
    store.bucket.empty()

    assert window(changed, START, START + DAY) == ["1"]
    assert clock.naps
    store.bucket.empty()
    with pytest.raises(RetryLater):
        window(replace(changed, patience_seconds=0.0), START, START + DAY)


def reconciled(house: House, changed: ChangedInShopify, sent: Sent) -> Repaired:
    """Run once over the whole time, and work off what came of it."""
    long_ago = Walk(reached=AS_OF - 365 * DAY)
    came = reconcile(
        LIVE,
        reconciler=Reconciler(
            upstream=changed,
            holdings=InMemoryHoldings(house.held, house.assortment),
            notes=InMemoryNotes({SHOP: Reconciliation(orders=long_ago, customers=long_ago, goods=long_ago)}),
            queue=InMemoryQueue(),
            restore=lambda _: (),
            try_denied=lambda _: (),
        ),
        as_of=AS_OF + DAY,
    )
    house.receive(*sent.webhooks())
    house.settle()
    sent.deliveries.clear()
    return came


def essence(house: House) -> object:
    """Return a house's essence; a sign-up is dated by whoever told it, an order or the customer."""
    for held in house.held.facts.values():
        for sk, fact in held.items():
            held[sk] = replace(fact, updated_at=AS_OF) if isinstance(fact, SignUp) else fact
    return house.essence()


def subscribed(store: FakeShopify, house: House, weather: Weather, seed: int) -> Deliverer:
    """Have a house take what the store sends of all our topics, cut as we ask for it, in some weather."""

    def take(_: str, body: bytes, headers: Mapping[str, str]) -> bool:
        house.receive((headers["X-Shopify-Topic"], json.loads(body)))
        return True

    deliverer = Deliverer("a secret", send=take, weather=weather, chance=random.Random(seed))  # noqa: S311
    for topic in SUBSCRIBED:
        store.store.subscriptions[topic] = {
            "id": topic,
            "topic": enum_of(topic),
            "uri": "https://example.com",
            "name": "",
            "filter": "",
            "includeFields": fields_of(topic),
        }
    return deliverer


@pytest.mark.parametrize("seed", range(8))
def test_webhooks_that_are_lost_doubled_and_mixed_change_nothing_in_the_end(
    store: FakeShopify, changed: ChangedInShopify, sent: Sent, seed: int
) -> None:
    everything = whole(of_goods(a_history()))
    mug, first_cost, _, *history = everything
    store.seed(as_it_stands(everything, AS_OF))
    clean = clean_pass(everything)
    reconciled(clean, changed, sent)
    clean.pass_by()
    clean.settle()
    house = a_house()
    # where no webhook told an e-mail, Shopify is asked for it
    for customer, email in ((ANNA, "anna@example.com"), (BERTA, "berta@example.com")):
        house.contacts.hold(SHOP, Contact(customer=customer, email=email), AS_OF)
    house.receive(first_cost)
    weather = Weather(loss=0.3, duplicates=0.2, disorder=True)
    deliverer = subscribed(store, house, weather, seed)
    for topic, body in [mug, *history]:
        deliverer.announce(store.store, topic, body)
    deliverer.deliver(store.store, until=store.store.now)
    house.settle()

    came = reconciled(house, changed, sent)
    house.pass_by()
    house.settle()

    assert came.orders
    assert came.goods
    assert essence(house) == essence(clean)
    assert shown(house) == shown(clean)
    assert reconciled(house, changed, sent) == Repaired(finished=True)

"""A fake store and a fake account for every test that wants one."""

from collections.abc import Iterator

import pytest

from tests.adapters.bulk_write_cases import MANY, VIP, Worker
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo import client as klaviyo_client
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify import client as shopify_client


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def shopify(clock: StillClock) -> Iterator[shopify_client.Client]:
    """A store with the customer 7."""
    with FakeShopify(clock=clock) as fake, shopify_client.Client(fake) as client:
        client.door("seed", {"customers": [{"id": 7, "email": "seven@example.com", "tags": ["VIP"]}]})
        yield client


@pytest.fixture
def klaviyo(clock: StillClock) -> Iterator[klaviyo_client.Client]:
    """An account with the profiles P1 and P2."""
    with FakeKlaviyo(api_key=klaviyo_client.KEY, clock=clock) as fake, klaviyo_client.Client(fake) as client:
        one = {"id": "P1", "email": "one@example.com", "external_id": "1", "properties": {"old": 1}}
        client.seed(one, {"id": "P2", "email": "two@example.com", "phone": "+46701234567"})
        yield client


@pytest.fixture
def store(clock: StillClock) -> Iterator[FakeShopify]:
    """A store with as many customers as a bulk job is for."""
    with FakeShopify(clock=clock) as fake:
        fake.seed({"customers": [{"id": n, "tags": [VIP]} for n in range(1, MANY + 1)]})
        fake.store.bulk.seconds_a_look = 0.3
        yield fake


@pytest.fixture
def worker(store: FakeShopify, clock: StillClock) -> Worker:
    """A process that writes there."""
    return Worker(store, clock)

"""The destination, over HTTP against the fake account that enforces the OpenAPI."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from tests.adapters.klaviyo_destination.list_cases import LISTED
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.klaviyo import FakeKlaviyo
from tests.unit.shop_cases import CATALOGUE


@pytest.fixture
def klaviyo(clock: StillClock) -> Iterator[FakeKlaviyo]:
    with FakeKlaviyo(clock=clock, job_seconds=3.0) as fake:
        fake.seed({"profiles": [{"id": "01ANNA", "email": "anna@example.com", "properties": {"shoe": 41}}]})
        yield fake
        assert fake.account.counters["profiles_created"] == 0, "Klaviyo bills for each, and nobody asked"


@pytest.fixture
def client(klaviyo: FakeKlaviyo) -> KlaviyoClient:
    return KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url, http=Caller("klaviyo", klaviyo))


@pytest.fixture
def jobs() -> InMemoryBulkJobs:
    return InMemoryBulkJobs()


@pytest.fixture
def records(klaviyo: FakeKlaviyo) -> HeldRecords:
    klaviyo.seed({"lists": [{"name": name} for name in LISTED]})
    return HeldRecords(lists={one.attributes["name"]: one.id for one in klaviyo.account.standing("list")})


@pytest.fixture
def destination(client: KlaviyoClient, clock: StillClock, jobs: InMemoryBulkJobs) -> KlaviyoDestination:
    return KlaviyoDestination(
        client,
        lambda _: CATALOGUE,
        imports=ImportJobs(client, jobs),
        sleep=clock.sleep,
        patience_seconds=60,
    )

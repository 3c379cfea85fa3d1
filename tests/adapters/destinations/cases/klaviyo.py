"""Klaviyo, for the tests of every destination: properties of profiles, and events."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.lists import Lists
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.unit.shop_cases import CATALOGUE


class KlaviyoCase(Case):
    """An account whose profiles have a property of the merchant's."""

    fake: FakeKlaviyo
    writes = "update_profile|bulk_import_profiles|create_event"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        scopes = DEFAULT_SCOPES | {"data-privacy:write"}
        self.fake = FakeKlaviyo(clock=clock, api_key=SECRET, scopes=scopes, job_seconds=3.0)
        self.jobs = InMemoryBulkJobs()

    def __exit__(self, *why: object) -> None:
        super().__exit__(*why)
        assert self.fake.account.counters["profiles_created"] == 0, "Klaviyo bills for each"

    def client(self) -> KlaviyoClient:
        return KlaviyoClient(
            lambda _: SECRET,
            base_url=self.fake.url,
            http=Caller("klaviyo", self.fake),
            renew=lambda: self.keys_may_be_renewed,
        )

    def lists(self) -> Lists | None:
        return None

    def connect(self) -> Destination:
        return KlaviyoDestination(
            self.client(),
            lambda _: CATALOGUE,
            imports=ImportJobs(self.client(), self.jobs),
            lists=self.lists(),
            sleep=self.clock.sleep,
            patience_seconds=self.patience_seconds,
        )

    def people(self, count: int) -> Sequence[Person]:
        emails = [f"c{n}@example.com" for n in range(count)]
        seeded = [
            {"id": f"01C{n}", "email": email, "properties": {"shoe": 41}} for n, email in enumerate(emails)
        ]
        self.fake.seed({"profiles": seeded})
        return [Person(customer=str(n), email=email) for n, email in enumerate(emails)]

    def shown(self, person: Person) -> object:
        return {name: value for name, value in self._properties(person).items() if _is_ours(name)}

    def others(self, person: Person) -> object:
        if f"01C{person.customer}" not in self.fake.state()["profiles"]:
            return None
        return {name: value for name, value in self._properties(person).items() if not _is_ours(name)}

    def head_count(self) -> int:
        return len(self.fake.state()["profiles"])

    def told(self, person: Person) -> Sequence[str]:
        events = self.fake.state()["events"]
        return [one["unique_id"] for one in events if f":{person.customer}:" in one["unique_id"]]

    def spoil(self, person: Person) -> Person:
        """By an id that is no profile's any more: the import job refuses its row alone."""
        return replace(person, remote_id=f"01GONE{person.customer}")

    def _properties(self, person: Person) -> Any:
        return self.fake.state()["profiles"].get(f"01C{person.customer}", {}).get("properties", {})


def _is_ours(name: str) -> bool:
    return name.startswith("nextorder_")


CASE = KlaviyoCase

"""HubSpot, for the tests of every destination: properties of contacts."""

from collections.abc import Sequence
from typing import Any

from nextorder.adapters.hubspot import destination as folder
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, installed
from tests.fakes.clock import StillClock
from tests.fakes.hubspot import FakeHubSpot


class HubSpotCase(Case):
    """An account whose contacts have a property of the merchant's."""

    fake: FakeHubSpot
    writes = "update_contacts"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeHubSpot(clock=clock, token=SECRET)

    def connect(self) -> Destination:
        return installed(folder, self, url=self.fake.url)

    def people(self, count: int) -> Sequence[Person]:
        emails = [f"c{n}@example.com" for n in range(count)]
        self.fake.seed({"contacts": [{"email": email, "shoe": "41"} for email in emails]})
        return [Person(customer=str(n), email=email) for n, email in enumerate(emails)]

    def shown(self, person: Person) -> object:
        return {name: value for name, value in self._properties(person).items() if _is_ours(name)}

    def others(self, person: Person) -> object:
        if person.email not in self.fake.state():
            return None
        return {name: value for name, value in self._properties(person).items() if not _is_ours(name)}

    def head_count(self) -> int:
        return len(self.fake.contacts)

    def spoil(self, person: Person) -> Person:
        """As one whose row HubSpot refuses, and the whole batch with it."""
        self.fake.unwilling |= {k for k, one in self.fake.contacts.items() if one["email"] == person.email}
        return person

    def _properties(self, person: Person) -> Any:
        return self.fake.state()[person.email]


def _is_ours(name: str) -> bool:
    return name.startswith("nextorder_")


CASE = HubSpotCase

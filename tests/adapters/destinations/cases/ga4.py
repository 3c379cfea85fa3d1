"""GA4, for the tests of every destination: one customer a call, and yes to everything."""

from collections.abc import Sequence
from typing import cast

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.ga4 import destination as folder
from nextorder.adapters.ga4.destination import Ga4Destination
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, parts_of
from tests.fakes.clock import StillClock
from tests.fakes.ga4 import FakeGa4


class Ga4Case(Case):
    """A web stream whose users have a property of the merchant's."""

    fake: FakeGa4
    destination: Ga4Destination
    writes = "^/mp/collect"
    always_says_yes = True

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeGa4(clock=clock, api_secret=SECRET)

    def connect(self) -> Destination:
        settings = {"url": self.fake.url, "measurement_id": "G-DEMO1", "identified": "yes"}
        return folder.destination(parts_of(cast("Folder", folder), self, **settings))

    def people(self, count: int) -> Sequence[Person]:
        self.fake.seed({"users": {str(n): {"plan": "gold"} for n in range(count)}})
        return [Person(customer=str(n), remote_id=str(n)) for n in range(count)]

    def shown(self, person: Person) -> object:
        """A property that says "none" says nothing."""
        user = self.fake.users.get(person.customer, {}).items()
        return {name: value for name, value in user if name.startswith("nextorder_") and value != "none"}

    def others(self, person: Person) -> object:
        user = self.fake.users.get(person.customer, {}).items()
        return {name: value for name, value in user if not name.startswith("nextorder_")}

    def head_count(self) -> int:
        return len(self.fake.users)


CASE = Ga4Case

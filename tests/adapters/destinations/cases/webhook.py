"""A signed webhook, for the tests of every destination."""

from base64 import b64encode
from collections.abc import Sequence
from typing import cast

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.webhook import destination as folder
from nextorder.adapters.webhook.destination import WebhookDestination
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import SECRET, Case, parts_of
from tests.fakes.clock import StillClock
from tests.fakes.webhook import FakeReceiver

KEY = f"whsec_{b64encode(3 * SECRET.encode()).decode()}"


class WebhookCase(Case):
    """A receiver that keeps what it is told of each customer."""

    fake: FakeReceiver
    destination: WebhookDestination
    writes = "changed|forgotten"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeReceiver(clock=clock, secret=KEY)

    def connect(self) -> Destination:
        parts = parts_of(cast("Folder", folder), self, url=f"{self.fake.url}/hook", secret=KEY)
        return WebhookDestination(parts, clock=self.clock)

    def people(self, count: int) -> Sequence[Person]:
        ids = [str(n) for n in range(count)]
        self.fake.seed({"customers": ids})
        return [Person(customer=id_) for id_ in ids]

    def shown(self, person: Person) -> object:
        known = self.fake.state()["customers"].get(person.customer, {})
        return known if any(known.values()) else {}

    def others(self, person: Person) -> object:
        return person.customer in self.fake.customers or None

    def head_count(self) -> int:
        return len(self.fake.customers)

    def told(self, person: Person) -> Sequence[str]:
        return [id_ for id_ in self.fake.events if id_.startswith(f"{SHOP.id}:{person.customer}:")]

    def spoil(self, person: Person) -> Person:
        self.fake.seed({"refused": {person.customer: "archived"}})
        return person


CASE = WebhookCase

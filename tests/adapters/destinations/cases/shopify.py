"""Shopify, for the tests of every destination: tags and metafields of customers."""

from collections.abc import Sequence
from typing import Any

from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.pace import Pace
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE


class ShopifyCase(Case):
    """A store whose customers have a tag of the merchant's."""

    fake: FakeShopify
    writes = "tagsAdd|tagsRemove|metafields"
    patience_seconds = 900

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeShopify(clock=clock, client_secret=SECRET)

    def connect(self) -> Destination:
        client = ShopifyClient(
            lambda _: Credentials(client_id="demo-client", client_secret=SECRET),
            base_url=self.fake.url,
            http=Caller("shopify", self.fake),
            clock=self.clock,
            pace=Pace(clock=self.clock, sleep=self.clock.sleep),
            renew=lambda: self.keys_may_be_renewed,
        )
        return ShopifyDestination(
            client, lambda _: CATALOGUE, sleep=self._sleep, patience_seconds=self.patience_seconds
        )

    def _sleep(self, seconds: float) -> None:
        """A nap is never shorter than asked for, not even by what a float leaves out."""
        self.clock.sleep(seconds + 0.001)

    def people(self, count: int) -> Sequence[Person]:
        ids = [str(n) for n in range(1, count + 1)]
        self.fake.seed({"customers": [{"id": n, "email": f"c{n}@example.com", "tags": ["vip"]} for n in ids]})
        return [Person(customer=n) for n in ids]

    def shown(self, person: Person) -> object:
        customer = self._customer(person)
        tags = [tag for tag in customer["tags"] if tag.startswith("next:")]
        return {"tags": tags, **customer["metafields"]} if tags or customer["metafields"] else {}

    def others(self, person: Person) -> object:
        return [tag for tag in self._customer(person)["tags"] if not tag.startswith("next:")]

    def head_count(self) -> int:
        return len(self.fake.state()["customers"])

    def spoil(self, person: Person) -> Person:
        """As many tags as a customer may have."""
        full = {"id": person.customer, "tags": [f"t{n}" for n in range(250)]}
        self.fake.seed({"customers": [full]})
        return person

    def _customer(self, person: Person) -> Any:
        return self.fake.state()["customers"][person.customer]


CASE = ShopifyCase

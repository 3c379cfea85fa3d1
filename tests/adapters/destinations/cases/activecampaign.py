"""ActiveCampaign, for the tests of every destination: custom fields and tags of contacts."""

from collections.abc import Sequence

from nextorder.adapters.activecampaign import destination as folder
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, installed
from tests.fakes.activecampaign import FakeActiveCampaign
from tests.fakes.clock import StillClock

THEIRS = ["next:year", "vip"]


class ActiveCampaignCase(Case):
    """An account whose contacts have tags of the merchant's, one of which looks like ours."""

    fake: FakeActiveCampaign
    writes = "update_contact|add_tag|remove_tag"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeActiveCampaign(clock=clock, token=SECRET)

    def connect(self) -> Destination:
        return installed(folder, self, url=self.fake.url)

    def people(self, count: int) -> Sequence[Person]:
        emails = [f"c{n}@example.com" for n in range(count)]
        self.fake.seed({"contacts": [{"email": email, "tags": THEIRS} for email in emails]})
        return [Person(customer=str(n), email=email) for n, email in enumerate(emails)]

    def shown(self, person: Person) -> object:
        contact = self.fake.state()[person.email]
        tags = [tag for tag in contact["tags"] if tag not in THEIRS]
        return contact["fields"] | ({"tags": tags} if tags else {})

    def others(self, person: Person) -> object:
        contact = self.fake.state().get(person.email)
        return contact and [tag for tag in contact["tags"] if tag in THEIRS]

    def head_count(self) -> int:
        return len(self.fake.contacts)

    def spoil(self, person: Person) -> Person:
        """As one whose fields are not taken."""
        self.fake.unwilling |= {k for k, one in self.fake.contacts.items() if one["email"] == person.email}
        return person


CASE = ActiveCampaignCase

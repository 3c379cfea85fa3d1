"""Mailchimp, for the tests of every destination: merge fields and tags of an audience's members."""

from collections.abc import Sequence

from nextorder.adapters.mailchimp import destination as folder
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, installed
from tests.fakes.clock import StillClock
from tests.fakes.mailchimp import FakeMailchimp


class MailchimpCase(Case):
    """An audience of the unsubscribed, with a tag of the merchant's each."""

    fake: FakeMailchimp
    writes = "update_list_member|update_list_member_tags|start"
    tells_when_to_come_back = False
    joins_quietly = True

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeMailchimp(clock=clock, api_key=SECRET)

    def connect(self) -> Destination:
        return installed(folder, self, url=self.fake.url, audience=self.fake.audience)

    def people(self, count: int) -> Sequence[Person]:
        emails = [f"C{n}@example.com" for n in range(count)]
        seeded = [{"email": one, "status": "unsubscribed", "tags": ["vip", "next:year"]} for one in emails]
        self.fake.seed({"members": seeded})
        return [Person(customer=str(n), email=email) for n, email in enumerate(emails)]

    def shown(self, person: Person) -> object:
        member = self.fake.state()[person.email]
        tags = [tag for tag in member["tags"] if tag not in {"vip", "next:year"}]
        return member["merge_fields"] | ({"tags": tags} if tags else {})

    def others(self, person: Person) -> object:
        member = self.fake.state().get(person.email)
        return member and (member["status"], [tag for tag in member["tags"] if tag in {"vip", "next:year"}])

    def head_count(self) -> int:
        return len(self.fake.members)

    def started(self, person: Person) -> Sequence[str]:
        return [tag for email, tag in map(str.split, self.fake.started) if email == person.email]

    def spoil(self, person: Person) -> Person:
        """In a state in which no change of theirs is taken."""
        for member in self.fake.members.values():
            member.unwilling |= member.email == person.email
        return person


CASE = MailchimpCase

"""Rule, for the tests of every destination: tags and fields of subscribers."""

from collections.abc import Sequence
from typing import Any, cast

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.rule import destination as folder
from nextorder.adapters.rule.destination import RuleDestination
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, parts_of
from tests.fakes.clock import StillClock
from tests.fakes.rule import FakeRule


class RuleCase(Case):
    """An account whose subscribers have a tag and a field of the merchant's."""

    fake: FakeRule
    destination: RuleDestination
    writes = "write_fields|delete_fields|add_tags|remove_tag|delete_subscriber"
    joins_quietly = True

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeRule(clock=clock, api_key=SECRET)

    def connect(self) -> Destination:
        return folder.destination(parts_of(cast("Folder", folder), self, url=self.fake.url))

    def people(self, count: int) -> Sequence[Person]:
        people = [Person(customer=str(n), email=f"c{n}@example.com") for n in range(count)]
        mine = {"tags": ["vip"], "fields": {"Shoes.size": "41"}}
        seeded = [{"id": 500 + n, "email": one.email, **_copy(mine)} for n, one in enumerate(people)]
        self.fake.seed({"subscribers": seeded})
        return people

    def shown(self, person: Person) -> object:
        one = self._subscriber(person)
        tags = [tag for tag in one["tags"] if tag.startswith("next:")]
        fields = {k: v for k, v in one["fields"].items() if k.startswith("Nextorder.") and v}
        return {"tags": tags, **fields} if tags or fields else {}

    def others(self, person: Person) -> object:
        one = self._subscriber(person)
        if not one["id"]:
            return None
        fields = {k: v for k, v in one["fields"].items() if not k.startswith("Nextorder.")}
        return [tag for tag in one["tags"] if not tag.startswith("next:")], fields

    def head_count(self) -> int:
        return len(self.fake.subscribers)

    def spoil(self, person: Person) -> Person:
        """As one whose fields Rule does not take."""
        self._subscriber(person)["unwilling"] = True
        return person

    def started(self, person: Person) -> Sequence[str]:
        return list(self._subscriber(person)["automations"])

    def _subscriber(self, person: Person) -> Any:
        id_ = str(500 + int(person.customer))
        return self.fake.subscribers.get(id_, {"id": "", "tags": [], "fields": {}, "automations": []})


def _copy(mine: dict[str, Any]) -> dict[str, Any]:
    return {"tags": list(mine["tags"]), "fields": dict(mine["fields"])}


CASE = RuleCase

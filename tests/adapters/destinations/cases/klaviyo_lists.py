"""Klaviyo with lists, for the tests of every destination: who is on them beside properties and events."""

from collections.abc import Sequence

from nextorder.adapters.klaviyo.lists import Lists
from nextorder.domain.changes import Person
from tests.adapters.destinations.cases.klaviyo import KlaviyoCase
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords

OURS = ("hold", "life:champion", "life:closing")


class KlaviyoListsCase(KlaviyoCase):
    """The same account with three lists of ours, and one of the merchant's with everybody on it."""

    writes = f"{KlaviyoCase.writes}|add_profiles_to_list|remove_profiles_from_list"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake.seed({"lists": [{"name": name} for name in (*OURS, "Newsletter")]})
        *ours, self.theirs = self.fake.account.standing("list")
        self.records = HeldRecords(lists={one.attributes["name"]: one.id for one in ours})

    def lists(self) -> Lists:
        return Lists(self.client(), self.records, clock=self.clock)

    def people(self, count: int) -> Sequence[Person]:
        people = super().people(count)
        self.theirs.members.update(f"01C{person.customer}" for person in people)
        return people

    def shown(self, person: Person) -> object:
        shown, on = super().shown(person), self._on(person, OURS)
        return (shown, on) if shown or on else ()

    def others(self, person: Person) -> object:
        others = super().others(person)
        return None if others is None else (others, self._on(person, ["Newsletter"]))

    def _on(self, person: Person, names: Sequence[str]) -> Sequence[str]:
        members = self.fake.state()["members"]
        return [name for name in names if f"01C{person.customer}" in members.get(name, ())]


CASE = KlaviyoListsCase

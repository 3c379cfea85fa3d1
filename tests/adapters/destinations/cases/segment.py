"""Segment, for the tests of every destination: it says yes to everything."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, cast

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.segment import destination as folder
from nextorder.adapters.segment.destination import MOST_BYTES_OF_ONE, SegmentDestination
from nextorder.domain.changes import Person
from nextorder.ports import Destination
from tests.adapters.destinations.contract import SECRET, Case, parts_of
from tests.fakes.clock import StillClock
from tests.fakes.segment import FakeSegment


class SegmentCase(Case):
    """A source whose users have a trait of the merchant's."""

    fake: FakeSegment
    destination: SegmentDestination
    writes = "identify|track"
    rudder: ClassVar[bool] = False

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.fake = FakeSegment(clock=clock, write_key=SECRET, rudder=self.rudder)

    def connect(self) -> Destination:
        parts = parts_of(cast("Folder", folder), self, url=self.fake.url, identified="yes")
        return folder.destination(parts)

    def people(self, count: int) -> Sequence[Person]:
        self.fake.seed({"users": {str(n): {"plan": "gold"} for n in range(count)}})
        return [Person(customer=str(n), remote_id=str(n)) for n in range(count)]

    def shown(self, person: Person) -> object:
        traits = self.fake.users.get(person.customer, {}).items()
        return {name: value for name, value in traits if name.startswith("nextorder_") and value is not False}

    def others(self, person: Person) -> object:
        traits = self.fake.users.get(person.customer, {}).items()
        return {name: value for name, value in traits if not name.startswith("nextorder_")}

    def head_count(self) -> int:
        return len(self.fake.users)

    def spoil(self, person: Person) -> Person:
        """Whoever takes up more than one call may."""
        return replace(person, customer="9" * MOST_BYTES_OF_ONE)

    def told(self, person: Person) -> Sequence[str]:
        return [track["messageId"] for track in self.fake.tracks if track["userId"] == person.customer]


CASE = SegmentCase

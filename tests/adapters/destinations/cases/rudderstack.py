"""RudderStack, for the tests of every destination: Segment's API on a data plane that says no."""

from dataclasses import replace

from nextorder.domain.changes import Person
from tests.adapters.destinations.cases.segment import SegmentCase


class RudderstackCase(SegmentCase):
    """It looks at keys and ids, and its 429 is bare."""

    tells_when_to_come_back = False
    rudder = True

    def spoil(self, person: Person) -> Person:
        """Whoever has no id makes it refuse the whole request."""
        return replace(person, customer=" ")


CASE = RudderstackCase

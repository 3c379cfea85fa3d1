"""Before many are sent: does it look as somebody would mean it to?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from nextorder.domain.changes import Accepted, Desired
from nextorder.domain.diff import kept
from nextorder.domain.errors import NeedsHuman
from nextorder.use_cases.planned import Publication, was_shown

HELD_ABOVE: Final = 0.30
"""Of customers who are shown already and would change: more than so many, and a human has to agree."""
A_CROWD: Final = 10
"""Fewer customers are judged by nobody: one of three is no third."""


@dataclass(slots=True)
class Guard:
    """
    Judges a run by the first few hundred customers: the table's order is a hash's, so they are a fair sample.

    Who is not shown yet does not count, nor who is taken off on purpose. Who has no state any more
    does: of a few that is a deletion, of many an empty table.
    """

    destination: str
    riders: frozenset[str]
    shown: int = 0
    moved: int = 0
    emptied: int = 0
    is_done: bool = False
    """Whether the run may go on, or there is nothing to judge since all is to go."""

    def note(self, plans: Iterable[Publication]) -> None:
        """Count what would become of customers."""
        for plan in plans:
            held = plan.held
            is_taken_off = plan.state is None and plan.version > 0
            if is_taken_off or held is None or not was_shown(held) or not _is_anything(held):
                continue
            self.shown += 1
            self.moved += not _is_same(plan.desired, held, self.riders)
            self.emptied += not _is_anything(plan.desired)

    def check(self, *, agreed: bool) -> None:
        """
        Let the run go on; it is judged once.

        Raises:
            NeedsHuman: Everyone would be shown nothing any more, whatever was agreed to; or more
                than HELD_ABOVE would change, and nobody has agreed.
        """
        if self.is_done:
            return
        if self.emptied == self.shown >= A_CROWD:
            raise NeedsHuman(
                f"{self.destination}: held, since nobody would be shown anything there any more; where that "
                f"is meant, `nextorder publish --destination {self.destination} --take-back` does it"
            )
        if not agreed and self.moved >= A_CROWD and self.moved > HELD_ABOVE * self.shown:
            raise NeedsHuman(
                f"{self.destination}: held, since {self.moved / self.shown:.0%} of the customers who are "
                f"shown there would change ({self.moved} of the first {self.shown}); after new numbers that "
                "may well be: look with `nextorder plan`, agree with --yes"
            )
        self.is_done = True


def _is_anything(shown: Desired | Accepted) -> bool:
    return bool(shown.attributes or shown.audiences)


def _is_same(desired: Desired, held: Accepted, riders: frozenset[str]) -> bool:
    wanted = kept(desired.attributes)
    names = (wanted.keys() | held.attributes.keys()) - riders
    same = all(wanted.get(name) == held.attributes.get(name) for name in names)
    return same and desired.audiences == held.audiences

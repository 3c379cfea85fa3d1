"""How a destination stands: whom it shows, what it does not show yet and since when, what it refused."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.changes import Accepted
from nextorder.domain.verdict import State


@dataclass(slots=True, kw_only=True)
class Standing:
    """One destination's; it grows with each customer."""

    destination: str
    shown: int = 0
    """Customers of whom it has taken something."""
    outside: int = 0
    """Whom going live has not reached, and whom it does not show."""
    behind: int = 0
    """Whose latest change it has not taken."""
    oldest: datetime | None = None
    """When the oldest of these was made; later where it was looked at again since."""
    first: int = 0
    """Those of whom it has taken nothing yet, and whom the bulk publisher brings."""
    bare: int = 0
    """Of whom there is nothing to show there: held out before the tags, or without a consent it needs."""
    unsure: int = 0
    """Of whom a request ended without an answer: all is said afresh with the next."""
    refused: Counter[str] = field(default_factory=Counter)
    """Code of a permanent no -> customers it stands for."""
    accepted_at: datetime | None = None
    """When it last took anything."""

    def note(
        self,
        state: State | None,
        held: Accepted | None,
        at: datetime | None,
        *,
        is_reached: bool,
        is_behind: bool,
        is_bare: bool = False,
    ) -> None:
        """Count one customer; `at` is when `held` was recorded, `is_bare` that nothing is to be shown."""
        if held:
            self._note_held(held, at)
        if state and not is_reached:
            self.outside += held is None
            return
        if state and held is None and is_bare:
            self.bare += 1
            return
        if is_behind:
            self.behind += 1
            made = state.verdict.scored_at if state else None
            self.oldest = min(filter(None, (self.oldest, made)), default=None)
        elif state and held is None:
            self.first += 1

    def _note_held(self, held: Accepted, at: datetime | None) -> None:
        self.shown += held.version > 0
        self.unsure += held.unsure and not held.refused
        if held.refused:
            self.refused[held.refused] += 1
        elif not held.unsure and held.version:
            self.accepted_at = max(filter(None, (self.accepted_at, at)), default=None)

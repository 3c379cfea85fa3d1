"""Which destinations deny us access, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class InMemoryDenials:
    """ports.Denials in a dictionary."""

    notes: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def note(self, shop: str, destination: str, at: datetime) -> None:
        self.notes[shop, destination] = at

    def standing(self, shop: str) -> Mapping[str, datetime]:
        return {name: at for (of, name), at in self.notes.items() if of == shop}

    def lift(self, shop: str, destination: str, *, last: datetime) -> None:
        if self.notes.get((shop, destination)) == last:
            del self.notes[shop, destination]

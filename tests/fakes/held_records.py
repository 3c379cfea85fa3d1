"""What was made in one shop's account, kept in memory."""

from dataclasses import dataclass, field

from nextorder.domain.installation import Record


@dataclass
class HeldRecords:
    """ports.ListRecords of one shop."""

    segments: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)

    def load(self, shop: str) -> Record:
        return Record(segments=dict(self.segments), lists=dict(self.lists))

    def settle(self, shop: str, *, uri: str, in_app: bool) -> None:
        """Nothing to settle."""

    def keep_segment(self, shop: str, name: str, id_: str) -> None:
        self.segments[name] = id_
        if not id_:
            del self.segments[name]

    def keep_list(self, shop: str, name: str, id_: str) -> None:
        self.lists[name] = id_

    def lose_list(self, shop: str, name: str, id_: str) -> None:
        if self.lists.get(name) == id_:
            del self.lists[name]

    def drop(self, shop: str) -> None:
        self.segments.clear()
        self.lists.clear()

"""Who holds which person, in memory, under the same contract tests as the real table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class InMemoryHolders:
    """ports.Holders."""

    held: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def hold(self, shop: str, destination: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
        return {one: self.held.setdefault((shop, destination, one), to) for one, to in wanted.items()}

    def hand_over(self, shop: str, destination: str, remote_id: str, *, held_by: str, to: str) -> bool:
        is_still = self.held.get((shop, destination, remote_id)) == held_by
        if is_still:
            self.held[shop, destination, remote_id] = to
        return is_still

    def release(self, shop: str, destination: str, remote_id: str, *, held_by: str) -> None:
        if self.held.get((shop, destination, remote_id)) == held_by:
            del self.held[shop, destination, remote_id]

"""Whether what a run of minutes is about to do at Klaviyo is meant still."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nextorder.adapters.klaviyo.capabilities import NAME
from nextorder.domain.changes import Handed
from nextorder.domain.shop import Shop


@dataclass(frozen=True, slots=True)
class StillMeant:
    """Looks again before many are handed over, and before anybody joins a list: that starts its flows."""

    shop_now: Callable[[str], Shop | None] = lambda _: None
    """Reads a shop anew; None = it is as it was."""
    versions: Callable[[str, Sequence[str]], Mapping[str, int]] | None = None
    """Reads the versions of states as they are now; without it nobody has moved on."""

    def is_paused(self, shop: Shop) -> bool:
        """Tell of a pause or a step back since, or that the app left; what is taken back goes on."""
        now = self.shop_now(shop.id) or shop
        lets_out_less = not now.applied or shop.live(NAME).is_beyond(now.live(NAME))
        return (shop.applied and lets_out_less) or now.uninstalled_at != shop.uninstalled_at

    def outdated(self, shop: Shop, rows: Sequence[Handed]) -> Collection[str]:
        """Name the customers of whom it is not meant any more: all in a pause, else whoever has moved on."""
        versions = {row.customer: row.version for row in rows}
        if self.is_paused(shop):
            return versions.keys()
        now = self.versions(shop.id, [*versions]) if self.versions else versions
        return {customer for customer, then in versions.items() if now.get(customer, 0) != then}


ALWAYS: Final = StillMeant()

"""What looking after an installation needs from the outside."""

from typing import Protocol

from nextorder.domain.installation import Part, Record, Survey
from nextorder.domain.shop import Shop


class Installer(Protocol):
    """
    Puts into a shop what of ours stands there. Every call may be repeated safely.

    A survey of a shop where `connect` has settled nothing wants nothing. `repair` takes what is
    wanted and what stands. All raise Refused, NeedsHuman or RetryLater.
    """

    def survey(self, shop: Shop) -> Survey: ...
    def make(self, shop: Shop, part: Part) -> None: ...
    def repair(self, shop: Shop, part: Part, found: Part) -> None: ...
    def remove(self, shop: Shop, part: Part) -> None: ...
    def forget(self, shop: Shop) -> None:
        """Drop the record of what was made."""
        ...


class Records(Protocol):
    """What `connect` has settled and made, by shop."""

    def load(self, shop: str) -> Record: ...
    def settle(self, shop: str, *, uri: str, in_app: bool) -> None: ...
    def keep_segment(self, shop: str, name: str, id_: str) -> None:
        """Keep the platform's id of a segment that we made; "" drops it."""
        ...

    def drop(self, shop: str) -> None: ...


class ListRecords(Records, Protocol):
    """The same of a platform that has lists beside segments."""

    def keep_list(self, shop: str, name: str, id_: str) -> None:
        """Keep the platform's id of a list that we made."""
        ...

    def lose_list(self, shop: str, name: str, id_: str) -> None:
        """Drop the id of a list that is gone; of one that was made since, nothing."""
        ...

"""What the merchant's page needs from the outside."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol


class Titles(Protocol):
    """What products are called; a part of the assortment."""

    def titles(self, shop: str) -> Mapping[str, str]:
        """Return the latest title of each product that has one, by id."""
        ...


class Shelf(Protocol):
    """Where pages lie, by shop and day; nobody reads one without being let in."""

    def keep(self, shop: str, day: str, files: Mapping[str, bytes]) -> None: ...
    def read(self, shop: str, day: str, name: str) -> bytes: ...
    def link(self, shop: str, day: str, name: str, holds: timedelta) -> str:
        """Return an address that lets in whoever has it, for so long at most."""
        ...

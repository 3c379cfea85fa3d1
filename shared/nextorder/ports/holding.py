"""Who of several customers a destination's person stands for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """What a customer is to the person at the destination whom they match."""

    OWN = "own"
    TAKEN_OVER = "taken-over"
    """Another customer's until now: what is shown there has to go first."""
    ANOTHERS = "anothers"


class Claims(Protocol):
    """Settles whose verdict a person shows whom several customers match."""

    def settle(self, shop: str, found: Mapping[str, str]) -> Mapping[str, Standing]:
        """Return the standing of each customer; `found` is the destination's own id by customer."""
        ...

    def release(self, shop: str, customer: str, remote_id: str) -> None:
        """Let a person go again, of whom nothing is shown any more."""
        ...


class Holders(Protocol):
    """Which customer each person of a destination stands for."""

    def hold(self, shop: str, destination: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """Give persons (keys) whom nobody holds to customers; return who holds each now."""
        ...

    def hand_over(self, shop: str, destination: str, remote_id: str, *, held_by: str, to: str) -> bool:
        """Give a person to another customer; False where it is no longer held by whom it was."""
        ...

    def release(self, shop: str, destination: str, remote_id: str, *, held_by: str) -> None: ...

"""What a test delivery leaves behind; apart, since it is imported online."""

from typing import Protocol


class Pings(Protocol):
    """Our own test deliveries, as they came out at the other end."""

    def note(self, shop: str, ping: str) -> None: ...

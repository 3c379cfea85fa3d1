"""What every destination's folder says of itself, and what it is given."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from nextorder.adapters.http import Http
from nextorder.domain.capabilities import Capabilities
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.shop import Shop
from nextorder.ports import Destination

PATIENCE_SECONDS: Final = 300.0
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
"""Where an address needs no https: nothing leaves the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a merchant tells us of a destination."""

    name: str
    """As it is called in `Parts.settings`."""
    label: str
    """What is asked for, in the destination's own words."""
    default: str | None = None
    """What an empty answer means; None = an answer is needed."""
    secret: bool = False
    place: bool = False
    """Whether another value is another place, where nothing of ours stands yet."""
    wrong: Callable[[str], str] = lambda _: ""
    """Says what is wrong with a value, and never quotes it; empty = nothing that can be seen from here."""


def no_address(text: str) -> str:
    """Say what is expected of an address, where a text is none."""
    try:
        url = urlsplit(text)
        good = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
        named = url.hostname or ""
    except ValueError:
        good, named = False, ""
    if good and named and not any(one.isspace() for one in text):
        return ""
    return "expected an address that begins with https://, such as https://example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """
    What a destination is built from.

    `settings` are a shop's, asked at each call so that a rotated key is seen; whoever is not
    connected is a NeedsHuman. `renew` reads all keys afresh after a refusal and tells whether that
    was allowed now. `http` keeps to this worker's share of what one account may be asked.
    """

    settings: Callable[[str], Mapping[str, str]]
    http: Http
    catalogue: Callable[[Shop], Catalogue]
    renew: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = field(default=time.sleep)
    patience_seconds: float = PATIENCE_SECONDS
    """The longest that one `deliver_many` waits in total."""


class Folder(Protocol):
    """The module `adapters/NAME/destination.py` of a destination."""

    CAPABILITIES: Capabilities
    SETTINGS: tuple[Setting, ...]

    @staticmethod
    def destination(parts: Parts) -> Destination:
        """Build it."""
        ...

"""A file of history as slips: lines, each with what it must be read together with."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from nextorder.domain.errors import BadPayload
from nextorder.domain.imports import Reject
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop

GOODS: Final = "goods"
"""Products and costs: to be stored before the orders that take them."""
PEOPLE: Final = "people"
"""Whose an e-mail address is."""
HISTORY: Final = "history"

Lines = Callable[[str], Iterable[bytes]]
"""The lines of a part by kind."""


class Slip(NamedTuple):
    """A line with its end; the same key falls in the same part."""

    kind: str
    key: str
    line: bytes


class HistoryFile(Protocol):
    """A file that is cut into slips, which are then read part by part."""

    notes: Counter[str]
    """What the merchant should know of the file, with how many orders it concerns."""

    def slips(self) -> Iterator[Slip | Reject]:
        """Yield the file's lines, once."""
        ...

    def read(self, kind: str, lines: Lines, shop: Shop) -> Iterator[Reading | Reject]:
        """Yield what a part says."""
        ...


def refused(number: int, error: BadPayload, line: bytes = b"") -> Reject:
    """Return what is kept of a line that cannot be used; it stays beside the merchant's own file."""
    return Reject(id=f"line {number}", reason=str(error), text=line.decode(errors="replace").strip())

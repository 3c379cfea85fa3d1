"""An import in the cloud: what is asked of the platform, how it is cut into chunks, and how far it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil
from typing import Final
from zlib import crc32

ROOTS_A_CHUNK: Final = 2_000
"""Orders, customers or products that one worker takes in: some 10 MB, and a few minutes at the most."""
ORDERS_A_WINDOW: Final = 200_000
"""So many a bulk operation writes in minutes; several windows run side by side."""
MOST_WINDOWS: Final = 40
CUSTOMERS_A_SEGMENT: Final = 20_000
"""Scored by one worker in a few minutes."""
MOST_SEGMENTS: Final = 200
ATTEMPTS: Final = 3
"""Of one part, before a human is asked."""
_FIRST_WAIT_SECONDS: Final = 2
_LONGEST_WAIT_SECONDS: Final = 600
_SHARE_OF_ELAPSED: Final = 20
"""Waiting a twentieth of what has passed keeps even ten days of polling within a state machine's history."""


class Kind(StrEnum):
    """What a bulk operation is about."""

    PRODUCTS = "products"
    CUSTOMERS = "customers"
    ORDERS = "orders"


PHASES: Final = ((Kind.PRODUCTS,), (Kind.CUSTOMERS, Kind.ORDERS))
"""Products first: an order's lines take category and cost as they are stored."""


class Stage(StrEnum):
    """How far an import is."""

    ASKED = "asked"
    EXPORTING = "exporting"
    CUTTING = "cutting"
    STORING = "storing"
    TRAINING = "training"
    SCORING = "scoring"
    PUBLISHING = "publishing"
    ENDED = "ended"
    FAILED = "failed"


OVER: Final = frozenset({Stage.ENDED, Stage.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one bulk operation is asked for."""

    name: str
    kind: Kind
    since: datetime | None = None
    """Of orders: those created from then on; None = from the first."""
    until: datetime | None = None
    operation: str = ""
    """The platform's id of it; empty = not begun."""
    attempt: int = 1
    roots: int = 0
    """Orders, customers or products that it has written so far."""
    is_ready: bool = False
    is_empty: bool = False


class Progress(StrEnum):
    """How far an operation is."""

    UNDER_WAY = "under-way"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One operation as the platform tells of it."""

    progress: Progress
    roots: int = 0
    is_empty: bool = False
    why: str = ""
    """Of one that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is to import."""

    orders: int
    first: datetime | None
    """When the first order was made; None = there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import of a shop, as its item in the table says."""

    run: str
    started_at: datetime
    stage: Stage = Stage.ASKED
    parts: tuple[Part, ...] = ()
    segments: int = 0
    """Into which everyone is cut for the first scoring."""
    ended_at: datetime | None = None
    failure: str = ""
    unpublished: tuple[str, ...] = ()
    """In words, for each destination that does not show everyone yet: why."""
    trouble: str = ""
    """Why the latest try of a step did not come through, in words; empty = it did."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is under way any more."""
        return self.stage in OVER

    def roots(self, kind: Kind) -> int:
        """Return how many of a kind there are."""
        return sum(part.roots for part in self.parts if part.kind is kind)

    def chunks(self, kind: Kind) -> int:
        """Return into how many chunks a kind is cut; none where all its exports are empty."""
        has_some = any(part.kind is kind and not part.is_empty for part in self.parts)
        return max(ceil(self.roots(kind) / ROOTS_A_CHUNK), 1) if has_some else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How far a part is cut: every line before this byte is in its chunk."""

    offset: int = 0
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """What could not be used, and why."""

    id: str
    reason: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the workers have done so far."""

    chunks: Mapping[str, int] = field(default_factory=dict)
    """Key = kind."""
    taken: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    segments: int = 0


def parts_of(orders: int, first: datetime | None, as_of: datetime) -> tuple[Part, ...]:
    """Return what is asked for: customers, products, and the orders in windows of their creation."""
    windows = min(max(ceil(orders / ORDERS_A_WINDOW), 1), MOST_WINDOWS)
    whole = (Part(name="customers", kind=Kind.CUSTOMERS), Part(name="products", kind=Kind.PRODUCTS))
    return (*whole, *_windows(windows, first or as_of, as_of))


def _windows(count: int, first: datetime, as_of: datetime) -> Iterator[Part]:
    """Yield windows of equal length, the first and the last one open, so that nothing lies outside."""
    step = (as_of - first) / count
    bounds = [(first + n * step).astimezone(UTC).replace(microsecond=0) for n in range(1, count)]
    edges: Sequence[datetime | None] = (None, *bounds, None)
    for number, (since, until) in enumerate(pairwise(edges), start=1):
        yield Part(name=f"orders-{number}", kind=Kind.ORDERS, since=since, until=until)


def chunk_of(root: str, chunks: int) -> int:
    """Return the chunk of an order, a customer or a product by its id; what belongs to it goes along."""
    return crc32(root.encode()) % chunks


def segments_for(customers: int) -> int:
    """Return into how many segments the table is cut, so that one worker has time for each."""
    return min(max(ceil(customers / CUSTOMERS_A_SEGMENT), 1), MOST_SEGMENTS)


def wait_seconds(elapsed: timedelta) -> int:
    """Return how long to wait before looking again at what has taken so long already."""
    share = int(elapsed.total_seconds() / _SHARE_OF_ELAPSED)
    return min(max(share, _FIRST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)

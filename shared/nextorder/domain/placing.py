"""What every family of segments is placed by, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Memory, Segment

Told = tuple[Segment | None, datetime | None]
"""Where a family stands, and when that ends by time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a customer stood when last looked at, for numbers that changed since the last fact."""

    at: datetime
    """From here on the numbers of now hold; whole second."""
    segments: Mapping[str, Segment]
    memory: Memory
    left: frozenset[str] = frozenset()
    """Episodes that are over and are not entered again."""
    void: frozenset[str] = frozenset()
    """Families that a checkout has placed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """One customer before the catalogue, as of `features.as_of`."""

    features: Features
    shop: Shop
    buyer: Buyer | None
    """None without an order day."""
    catalogue: Catalogue
    standing: Standing | None = None
    """None = the facts alone place the customer."""
    moved: dict[str, tuple[datetime, ...]] = field(default_factory=dict, repr=False, compare=False)
    lifted: set[str] = field(default_factory=set, repr=False, compare=False)
    """What new numbers moved and lifted, by key: domain.memory notes it here as it tells."""


Family = Callable[[Placing], Mapping[str, Told]]
"""Answers by key of `Verdict.segments`; what is not answered does not hold and is not due."""

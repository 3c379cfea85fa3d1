"""What every family of segments is placed by, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Memory, Segment

Told = tuple[Segment | None, datetime | None]
"""Where a family stands, and when that ends by time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """One customer before the catalogue, as of `features.as_of`."""

    features: Features
    shop: Shop
    buyer: Buyer | None
    """None without an order day."""
    catalogue: Catalogue
    memory: Memory | None = None


Family = Callable[[Placing], Mapping[str, Told]]
"""Answers by key of `Verdict.segments`; what is not answered does not hold and is not due."""

"""What the merchant's page says, as data: figures, pictures and sentences, ready to be drawn or read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from nextorder.domain.audit import Finding

Value = str | float | int | bool | None
"""Dates are ISO text; money is minor units of the shop's currency; None = not known."""


class Kind(StrEnum):
    """How a value is written."""

    COUNT = "count"
    SHARE = "share"
    """0 to 1, written in per cent."""
    MONEY = "money"
    """Minor units of the shop's currency."""
    DAYS = "days"
    RATIO = "ratio"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with the range that it may lie in; both ends None = it was counted, not estimated."""

    value: float
    lo: float | None = None
    hi: float | None = None

    @property
    def ends(self) -> tuple[float, float | None, float | None]:
        """Return value, lower and upper end, as a table's three columns."""
        return self.value, self.lo, self.hi

    @property
    def within(self) -> float:
        """Half of the range: to so much it is known; 0 = it was counted."""
        return 0.0 if self.lo is None or self.hi is None else (self.hi - self.lo) / 2

    def moved(self, by: float) -> "Estimate":
        """Return it with its range, so much higher."""
        lo, hi = (None if end is None else end + by for end in (self.lo, self.hi))
        return Estimate(value=self.value + by, lo=lo, hi=hi)

    def each_of(self, count: float) -> "Estimate":
        """Return what a sum of so many makes of one."""
        lo, hi = (None if end is None else end / count for end in (self.lo, self.hi))
        return Estimate(value=self.value / count, lo=lo, hi=hi)


NOT_KNOWN: Final = (None, None, None)
"""What stands in an estimate's three columns where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the five figures at the top of the page."""

    key: str
    title: str
    kind: Kind
    now: Estimate | None
    """None = it cannot be told; `says` tells why."""
    before: Estimate | None = None
    """A week earlier."""
    says: str = ""
    """One sentence: what it is, of whom, and how it compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a picture's table."""

    name: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: its table is all that is drawn, and is there to be read as well."""

    key: str
    title: str
    says: str
    """One sentence on what it shows of this store; where it is not drawn, why."""
    n: int
    """How many it rests on."""
    unit: str
    """Of what `n` counts: customers, orders, ..."""
    interval: str = ""
    """What its ranges promise, in words; empty = it has none."""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Value]] = ()
    """In the order of the columns; long, not wide. Empty = too little to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole page."""

    shop: str
    currency: str
    timezone: str
    as_of: datetime
    model: str
    customers: int
    sampled: int = 0
    """How many customers were looked at where not all were; 0 = all were."""
    too_few: str = ""
    """Why people are not ranked here; empty = they are."""
    figures: Sequence[Figure] = ()
    suggestion: str = ""
    """One thing to do on Monday, with its reason and its number."""
    pictures: Sequence[Picture] = ()
    """In the order of the page."""
    findings: Sequence[Finding] = ()
    """The audit's traffic lights."""

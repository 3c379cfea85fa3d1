"""What every picture of the page is made from: a store as known at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.audit import Finding
from nextorder.domain.backtest import Backtest
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.currency import why_unranked
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import Features
from nextorder.domain.judged import Judged
from nextorder.domain.shop import Shop
from nextorder.domain.withholding import VALUE
from nextorder.training.foretell import Foretold
from nextorder.training.store import buyers_by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Store:
    """A store's customers with what is said of them; nothing in it knows what came after `as_of`."""

    shop: Shop
    """With its numbers, window and settings of now."""
    catalogue: Catalogue
    as_of: datetime
    everyone: Sequence[Features]
    """By customer id; withheld ones and those who never ordered included."""
    told: Foretold
    """By the model in force, for the buyers."""
    facts: Mapping[str, Sequence[StoredFact]]
    """Customer -> what was known of them."""
    before: "Store | None" = None
    """A week earlier, from what was known then, by the same model."""
    month_ago: Foretold | None = None
    """What would have been said 30 days earlier, by a model that knew nothing later; of `before`, too."""
    backtest: Backtest | None = None
    """As of the latest day from which the horizons that are judged have come to their end."""
    judged: Sequence[Judged] = ()
    """What was published, beside what came of it."""
    findings: Sequence[Finding] = ()
    """The audit's traffic lights."""
    share: float = 1.0
    """How much of everyone these are; below 1 a sample stands for them."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Product -> what it is called, no two alike; one that is not here goes by its id."""

    @property
    def buyers(self) -> Sequence[Features]:
        """Those whom the model is about, in the order of `told`."""
        return buyers_by(self.everyone, self.as_of)

    @property
    def why_unvalued(self) -> str:
        """Why nobody is ranked or compared by profit; empty = they are."""
        return why_unranked(self.shop) or self.shop.numbers.withheld.get(VALUE, "")

    def in_all(self, count: float) -> int:
        """Return what a count or an amount of those who were looked at makes of everyone."""
        return round(count / self.share)

"""The part of a store's model that has a formula: MBG/NBD, Gamma-Gamma, the clock, the store's units."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.clock import effective_days
from nextorder.scoring.model import StoreModel
from nextorder.scoring.traits import Usual
from nextorder.training.batch import Ordering, Spending, chances_of_order
from nextorder.training.clock_fit import fit_clock
from nextorder.training.order_fit import TOLERANCE, fit_orders, median_gap, rounded
from nextorder.training.prior import Prior
from nextorder.training.spend_fit import fit_spend
from nextorder.training.table import Floats, OrderTable, Summary, summarise


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What is fitted before anything is boosted."""

    ordering: Ordering
    spending: Spending
    clock: tuple[float, ...]
    usual: Usual

    def model(self, prior: Prior, **content: Any) -> StoreModel:
        """Return a store's model of it; `content` replaces the prior's drift and the other defaults."""
        r, alpha, a, b = self.ordering
        p, q, v = self.spending
        usual = {"drift": dict(prior.drift), "value_drift": prior.value_drift}
        return StoreModel.of(r=r, alpha=alpha, a=a, b=b, p=p, q=q, v=v, clock=self.clock, **(usual | content))


def fit_base(
    table: OrderTable,
    as_of: datetime,
    prior: Prior,
    start: Ordering | None = None,
    tolerance: float = TOLERANCE,
) -> Base:
    """Fit to a table that ends at `as_of`; `start` and `tolerance` are those of the search."""
    known, gap = summarise(table, as_of), median_gap(table, prior)
    paid = table.revenue[table.revenue > 0]
    return Base(
        ordering=fit_orders(known, gap, prior, None if start is None else np.log(start), tolerance),
        spending=fit_spend(known, prior),
        clock=fit_clock(table, as_of),
        usual=Usual(
            gap_days=rounded(gap), spend=rounded(float(paid.mean()) if len(paid) else prior.spend_minor)
        ),
    )


def survival(base: Base, summary: Summary, origin: datetime, zone: ZoneInfo, days: Floats) -> Floats:
    """Return each customer's chance of no order by each of the days ahead, on the clock."""
    effective = effective_days(base.clock, zone, origin, [float(day) for day in days])
    chances = [1.0 - chances_of_order(base.ordering, summary, day) for day in effective]
    return np.column_stack(chances) if chances else np.ones((len(summary.x), 0))

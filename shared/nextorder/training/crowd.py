"""Who a store's model learns from."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from nextorder.scoring.traits import Usual
from nextorder.training.marks import borne, common_marks
from nextorder.training.table import Floats, OrderTable, summarise
from nextorder.training.traits import People, own_gap, traits_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """Who may be learned from: customers by number, with the marks that they bear, and a seed."""

    names: tuple[str, ...]
    bearers: Floats
    """0 or 1, customer number x mark."""
    seed: int = 0
    most: int | None = None

    @classmethod
    def of(cls, table: OrderTable) -> "Crowd":
        """Return a table's customers without marks."""
        return cls.marked(unmarked(table), ())

    @classmethod
    def marked(cls, marks: pd.DataFrame, names: tuple[str, ...] | None = None, seed: int = 0) -> "Crowd":
        """Return the customers of a table of marks, by `names` or by the marks that many bear."""
        names = common_marks(marks) if names is None else names
        return cls(names=names, bearers=borne(marks, names), seed=seed)

    def drawn(self, most: int) -> "Crowd":
        """Return the same, of whom at most so many are described at a time."""
        return replace(self, most=most)

    def people(self, known: OrderTable, origin: datetime, usual: Usual) -> People:
        """Describe those whose order days before an origin are given."""
        customers = known.customer[np.flatnonzero(np.diff(known.customer, prepend=-1))]
        if self.most is not None and len(customers) > self.most:
            random = np.random.default_rng((self.seed, int(origin.timestamp())))
            drawn = np.sort(random.choice(customers, self.most, replace=False))
            known = known.where(np.isin(known.customer, drawn))
        summary = summarise(known, origin)
        return People(
            summary=summary,
            traits=traits_of(known, summary, usual, self.bearers[summary.customer]),
            silence=summary.tenure - summary.t_x,
            own_gap=own_gap(summary, usual),
        )


def unmarked(table: OrderTable) -> pd.DataFrame:
    """Return a table of marks in which nobody bears any."""
    return pd.DataFrame(index=range(int(table.customer.max(initial=-1)) + 1))

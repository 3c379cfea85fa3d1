"""scoring.traits for all customers at once, to the last bit the same."""

from dataclasses import dataclass

import numpy as np

from nextorder.scoring.traits import UNKNOWN, WINDOWS, Usual
from nextorder.training.table import DAY_SECONDS, Bools, Floats, Ints, OrderTable, Summary


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Customers of one moment as MBG/NBD and as the correction see them, one row each."""

    summary: Summary
    traits: Floats
    silence: Floats
    own_gap: Floats

    def where(self, rows: Bools | Ints) -> "People":
        """Return some of the rows."""
        return People(
            summary=self.summary.where(rows),
            traits=self.traits[rows],
            silence=self.silence[rows],
            own_gap=self.own_gap[rows],
        )


def traits_of(table: OrderTable, summary: Summary, usual: Usual, marks: Floats) -> Floats:
    """
    Return a row of TRAITS and marks a customer; `table` holds the order days that `summary` sums up.

    The steps are those of scoring.traits.traits: sums, quotients and comparisons in the same order.
    """
    days = (summary.x + 1).astype(np.int64)
    last = np.cumsum(days) - 1
    first = last - days + 1
    owner = np.repeat(np.arange(len(days)), days)
    day = (table.second - table.second[first][owner]) / DAY_SECONDS
    gaps = np.diff(day, prepend=0.0)
    gaps[first] = 0.0
    age = summary.tenure[owner] - day
    spend = np.maximum(table.revenue, 0.0)

    x, t_x, tenure, mean, gap = summary.x, summary.t_x, summary.tenure, summary.mean_spend, usual.gap_days
    own, silence = own_gap(summary, usual), tenure - t_x
    squares = np.bincount(owner, weights=gaps * gaps, minlength=len(days))
    longest = np.maximum.reduceat(gaps, first) if len(first) else gaps
    columns = [
        x,
        silence / gap,
        tenure / gap,
        silence / own,
        own / gap,
        (squares + 2.0 * gap * gap) / (x + 1.0) / (own * own),
        np.where(x > 0, gaps[last] / own, UNKNOWN),
        np.where(x > 1, gaps[np.maximum(last - 1, 0)] / own, UNKNOWN),
        _over(silence, longest, UNKNOWN),
        *(np.bincount(owner, weights=age <= window * gap, minlength=len(days)) for window in WINDOWS),
        mean / usual.spend,
        _over(spend[last], mean, UNKNOWN),
        spend[first] / usual.spend,
        _over(t_x, tenure, 0.0),
        (x + 1.0) / (tenure + gap) * gap,
    ]
    return np.column_stack([*columns, marks])


def own_gap(summary: Summary, usual: Usual) -> Floats:
    """Return scoring.traits.own_gap of every customer."""
    gap: Floats = (summary.t_x + usual.gap_days) / (summary.x + 1.0)
    return gap


def stretches_of(people: People, usual: Usual, edges: Floats) -> Floats:
    """Return scoring.traits.stretches: customer x interval x STRETCHES."""
    middles = (edges[:-1] + edges[1:]) / 2.0
    then = people.silence[:, None] + middles
    ahead = np.broadcast_to(middles, then.shape)
    return np.stack([ahead, then / usual.gap_days, then / people.own_gap[:, None]], axis=2)


def _over(above: Floats, below: Floats, otherwise: float) -> Floats:
    quotient: Floats = np.divide(above, below, out=np.full(len(above), otherwise), where=below > 0.0)
    return quotient

"""What a store's model foresees of many customers: chances, order days, spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.scoring.clock import effective_days
from nextorder.scoring.correction import pieces
from nextorder.scoring.model import StoreModel
from nextorder.training.batch import Ordering, Spends, chances_of_order, expected_order_days, spends_of
from nextorder.training.table import Floats, Ints
from nextorder.training.traits import People
from nextorder.training.trees import shifts_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Customer x horizon."""

    chance: Floats
    order_days: Floats
    spends: Spends


def outlook(
    model: StoreModel,
    people: People,
    as_of: datetime,
    zone: ZoneInfo,
    days: Sequence[float],
    shift: Floats | None = None,
) -> Outlook:
    """Return what is foreseen within each of some days, which rise, on the clock; `shift` if known."""
    horizons, ordering = tuple(days), ordering_of(model)
    moments, intervals = pieces(edges_of(model), horizons)
    effective = effective_days(model.clock, zone, as_of, moments)
    asked = [moments.index(horizon) for horizon in horizons]
    base = np.column_stack([chances_of_order(ordering, people.summary, day) for day in effective])
    said = base
    if model.correction:
        shift = shifts_of(model.correction, people, ordering) if shift is None else shift
        said = corrected(base, np.array(intervals), shift)
    base, chance = base[:, asked], said[:, asked]
    ratio = np.divide(chance, base, out=np.ones_like(base), where=base > 0.0)
    within = [effective[at] for at in asked]
    counts = [expected_order_days(ordering, people.summary, day) for day in within]
    order_days = np.column_stack(counts) * ratio
    spending = (model.p, model.q, model.v)
    spends = spends_of(
        ordering, spending, people.summary, [effective[at] for at in asked], chance, order_days
    )
    return Outlook(chance=chance, order_days=order_days, spends=spends)


def corrected(base: Floats, intervals: Ints, shift: Floats) -> Floats:
    """Return scoring.correction.corrected of every customer, step by step the same."""
    surviving = 1.0 - base
    before = np.column_stack([np.ones(len(base)), surviving[:, :-1]])
    stays: Floats = np.divide(surviving, before, out=np.ones_like(base), where=before > 0.0)
    factors = np.column_stack([np.exp(shift), np.ones(len(shift))])
    chances: Floats = 1.0 - np.cumprod(stays / (stays + (1.0 - stays) * factors[:, intervals]), axis=1)
    return chances


def ordering_of(model: StoreModel) -> Ordering:
    """Return MBG/NBD's parameters."""
    return model.r, model.alpha, model.a, model.b


def edges_of(model: StoreModel) -> tuple[float, ...]:
    """Return where the correction's intervals end; none where nothing is corrected."""
    return model.correction.edges if model.correction else (0.0,)

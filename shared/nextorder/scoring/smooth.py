"""
The smooth half of the correction: a quadratic form in a few logs of a history and of the time ahead.

With v = (1, the LOGS, log days ahead), each log standardised,
    shift = sum of weight_ij v_i v_j over i <= j, and one weight a mark,
the linear predictor of a discrete-time logistic hazard on MBG/NBD's offset, fitted with a
ridge penalty (Hoerl and Kennard, "Ridge Regression", Technometrics 12(1), 1970). Where few
customers are alike a plane is surer than a tree's steps.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from nextorder.scoring.traits import TRAITS

FROM_TRAITS = (
    ("repeat_days", 1.0),
    ("silence_in_usual_gaps", 0.1),
    ("tenure_in_usual_gaps", 0.1),
    ("silence_in_own_gaps", 0.3),
    ("unevenness_of_gaps", 0.0),
    ("mean_spend_in_usual_spends", 0.1),
)
"""Traits whose logs are taken, and what is added to each before: enough to tame the log near 0."""
COLUMNS = tuple((TRAITS.index(name), added) for name, added in FROM_TRAITS)
LOGS = (*(name for name, _ in FROM_TRAITS), "odds_of_being_active", "orders_a_day", "days_ahead")
"""The two before the last are MBG/NBD's own belief."""
SUREST = 6.0
"""Log odds of being active beyond which nothing is told apart."""
FARTHEST = 4.0
"""Standard deviations beyond which a log counts as this far: a quadratic must not run away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """What its fit leaves behind."""

    centre: tuple[float, ...]
    """Mean of each of the LOGS among those it was learned from."""
    scale: tuple[float, ...]
    """Their standard deviations."""
    weights: tuple[tuple[float, ...], ...]
    """Row i holds weight_ij from j = i on."""
    of_marks: tuple[float, ...]

    def to_document(self) -> dict[str, Any]:
        """Return JSON values."""
        lists = {field.name: list(getattr(self, field.name)) for field in fields(self)}
        return lists | {"weights": [list(row) for row in self.weights]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Smooth":
        """Read what `to_document` wrote; raises KeyError, TypeError or ValueError when it is odd."""
        made = cls(
            weights=tuple(tuple(map(float, row)) for row in document["weights"]),
            **{key: tuple(map(float, document[key])) for key in ("centre", "scale", "of_marks")},
        )
        size = len(LOGS) + 1
        sizes = [len(row) for row in made.weights]
        if len(made.centre) != len(LOGS) or len(made.scale) != len(LOGS) or sizes != [*range(size, 0, -1)]:
            raise ValueError("correction: a log lacks its centre, scale or weights")
        numbers = (*made.centre, *made.scale, *made.of_marks, *(one for row in made.weights for one in row))
        if not all(map(math.isfinite, numbers)) or min(made.scale) <= 0:
            raise ValueError("correction: a weight is not finite, or a scale not positive")
        return made


def smooth_shifts(
    smooth: Smooth, row: Sequence[float], belief: tuple[float, float], days_ahead: Sequence[float]
) -> list[float]:
    """Return the shift of the log odds for each of the days ahead; `row` holds traits, then marks."""
    active, rate = belief
    logs = [*(math.log(row[at] + added) for at, added in COLUMNS), max(min(active, SUREST), -SUREST), rate]
    v = [1.0, *map(_standard, logs, smooth.centre, smooth.scale)]
    steady = sum(map(_product, smooth.of_marks, row[len(TRAITS) :]))
    slope = 0.0
    for at, one in enumerate(v):
        *among, ahead = smooth.weights[at]
        steady += one * sum(map(_product, among, v[at:]))
        slope += one * ahead
    ((curve,), centre, scale) = smooth.weights[-1], smooth.centre[-1], smooth.scale[-1]
    times = [_standard(math.log1p(day), centre, scale) for day in days_ahead]
    return [steady + (slope + curve * time) * time for time in times]


def _standard(log: float, centre: float, scale: float) -> float:
    return max(min((log - centre) / scale, FARTHEST), -FARTHEST)


def _product(one: float, other: float) -> float:
    return one * other

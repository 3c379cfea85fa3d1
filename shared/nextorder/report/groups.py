"""Newcomers by group: what a customer of each brings in the first year, and who surely differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from nextorder.report.newcomers import NOT_KNOWN, Newcomers
from nextorder.report.page import Estimate
from nextorder.scoring.interval import Z80
from nextorder.training.table import Floats, Ints

LEAST: Final = 30
"""Of fewer nothing is said beside the others."""
SHOWN: Final = 12
"""Largest groups of a dimension that are told apart."""
OTHERS: Final = "all others"
RECENT_DAYS: Final = 90
BY_CHANCE: Final = 0.10
"""How often one group or more is said to differ where none does, over all that are compared."""
_LEAST_SPREAD: Final = 0.1
"""Groups of customers are taken to differ by a tenth or so even where so few show nothing of it."""
_BORROWED: Final = 30
"""So many customers' weight the variance over all groups has beside a group's own."""


class Compared(StrEnum):
    """How a group's first year compares with everybody else's; empty = as chance would have it."""

    LESS = "less"
    MORE = "more"
    ALIKE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Newcomers who came by the same; amounts in minor units, a customer."""

    dimension: str
    name: str
    n: int
    recent: int
    """Of the last 90 days."""
    before: int
    """Of the 90 days before those."""
    first_profit: float
    year: Estimate
    """Shrunk to the store; the 80 % range of the average of such customers."""
    compared: Compared = Compared.ALIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All groups of all dimensions, and what they are compared with."""

    n: int
    year: Estimate
    """Of all newcomers."""
    found: Sequence[Group] = ()
    """By dimension, the largest first."""
    compared: int = 0
    """How many were compared."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A group's numbers before it is set beside the others."""

    at: Ints
    mean: float
    error: float
    """Standard error of the mean: the group's own sample alone."""
    unsure: float
    """What the model's error adds, and shares among all of them."""


def groups_of(people: Newcomers, today: date, named: Mapping[str, Iterable[str]] | None = None) -> Groups:
    """
    Compare groups of at least 30 with everybody else, by each dimension that the people have names in.

    A mean is shrunk to the store's by how much the groups of its dimension differ beyond chance (DerSimonian
    and Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7(3), 1986), and all of a
    dimension moved alike, so that they average to the store's (Wang, Fuller and Qu, "Small area
    estimation under a restriction", Survey Methodology 34(1), 2008). Words such as "less" need more
    than its 80 % range: with Bonferroni's bound over all comparisons no group is said to differ by
    chance alone in nine of ten stores.

    Args:
        people: Who was won within a year.
        today: The shop's day, which is not over.
        named: Dimension -> names that are told apart however small they are: money was spent on them.
    """
    values = people.year_profit
    if not len(values):
        return Groups(n=0, year=Estimate(value=0.0))
    whole = _sample(people, np.arange(len(values)), float(values.var()))
    found = [
        group
        for dimension in people.names
        for group in _of_dimension(
            people, dimension, whole, today, frozenset((named or {}).get(dimension, ()))
        )
    ]
    count = sum(_is_compared(group) for group, _ in found)
    return Groups(
        n=len(values),
        year=_estimate(whole.mean, whole.error, whole.unsure),
        found=[_compared(group, sample, people, count) for group, sample in found],
        compared=count,
    )


def _of_dimension(
    people: Newcomers, dimension: str, whole: _Sample, today: date, named: frozenset[str]
) -> Iterator[tuple[Group, _Sample]]:
    """Yield a dimension's groups; none where all are of the same one."""
    places = _places(people.names[dimension], named)
    if len(places) < 2 and not named:  # noqa: PLR2004 - with itself nothing is compared
        return
    pooled = _pooled(people.year_profit, places.values())
    samples = {name: _sample(people, at, pooled) for name, at in places.items()}
    spread = _spread([one for one in samples.values() if len(one.at) >= LEAST], whole.mean)
    years = _years(samples, whole, spread)
    for name, one in samples.items():
        recent, before = won_lately(people, one.at, today)
        yield (
            Group(
                dimension=dimension,
                name=name,
                n=len(one.at),
                recent=recent,
                before=before,
                first_profit=float(people.first_profit[one.at].mean()),
                year=years[name],
            ),
            one,
        )


def _places(names: Sequence[str], named: frozenset[str]) -> Mapping[str, Ints]:
    """Return who is in which group, the largest first; small ones are one group together, the last."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    by_size = sorted(found, key=lambda name: (-len(found[name]), name))
    kept = [name for name in by_size if len(found[name]) >= LEAST][:SHOWN]
    kept += [name for name in by_size if name.casefold() in named and name not in kept]
    rest = [place for name in by_size if name not in kept for place in found[name]]
    groups = {name: np.array(found[name]) for name in kept}
    return groups | ({OTHERS: np.array(sorted(rest))} if rest else {})


def _pooled(values: Floats, groups: Iterable[Ints]) -> float:
    """Return the variance within groups."""
    squares = [((values[at] - values[at].mean()) ** 2).sum() for at in groups]
    return float(sum(squares) / max(len(values) - len(squares), 1))


def _sample(people: Newcomers, at: Ints, pooled: float) -> _Sample:
    values, n = people.year_profit[at], len(at)
    own = float(values.var()) if n > 1 else pooled
    variance = (n * own + _BORROWED * pooled) / (n + _BORROWED)
    return _Sample(at, float(values.mean()), sqrt(variance / n), float(people.unsure[at].mean()))


def _spread(samples: Sequence[_Sample], store: float) -> float:
    """Return the variance of true means between groups, beyond what so few leave to chance."""
    least = (_LEAST_SPREAD * store) ** 2
    errors = np.array([one.error**2 for one in samples])
    if len(samples) < 2 or (errors <= 0).any():  # noqa: PLR2004 - one group does not differ from itself
        return least
    means, weights = np.array([one.mean for one in samples]), 1 / errors
    centre = (weights * means).sum() / weights.sum()
    beyond = (weights * (means - centre) ** 2).sum() - (len(samples) - 1)
    return max(float(beyond / (weights.sum() - (weights**2).sum() / weights.sum())), least)


def _shrunk(one: _Sample, store: float, spread: float) -> Estimate:
    kept = spread / (spread + one.error**2) if spread > 0 else 1.0
    return _estimate(store + kept * (one.mean - store), sqrt(kept) * one.error, one.unsure)


def _years(samples: Mapping[str, _Sample], whole: _Sample, spread: float) -> Mapping[str, Estimate]:
    """Shrink the groups of one dimension, then move them alike: weighted by customers they are the whole."""
    years = {name: _shrunk(one, whole.mean, spread) for name, one in samples.items()}
    total = sum(len(samples[name].at) * year.value for name, year in years.items())
    gap = whole.mean - total / len(whole.at)
    return {name: year.moved(gap) for name, year in years.items()}


def _estimate(mean: float, error: float, unsure: float) -> Estimate:
    half = Z80 * sqrt(error**2 + unsure**2)
    return Estimate(value=mean, lo=mean - half, hi=mean + half)


def won_lately(people: Newcomers, at: Iterable[int], today: date) -> tuple[int, int]:
    """Count those of the last 90 whole days and those of the 90 before."""
    ago = [(today - people.first_days[place]) // timedelta(days=1) for place in at]
    recent = sum(0 < days <= RECENT_DAYS for days in ago)
    return recent, sum(RECENT_DAYS < days <= 2 * RECENT_DAYS for days in ago)


def _is_compared(group: Group) -> bool:
    return group.n >= LEAST and group.name not in (OTHERS, NOT_KNOWN)


def _compared(group: Group, one: _Sample, people: Newcomers, count: int) -> Group:
    rest = np.setdiff1d(np.arange(len(people.year_profit)), one.at)
    if not _is_compared(group) or len(rest) < LEAST:
        return group
    others = people.year_profit[rest]
    gap = one.mean - float(others.mean())
    error = sqrt(one.error**2 + float(others.var()) / len(rest))
    strict = NormalDist().inv_cdf(1 - BY_CHANCE / (2 * count)) * error
    if abs(gap) <= strict:
        return group
    return replace(group, compared=Compared.MORE if gap > 0 else Compared.LESS)

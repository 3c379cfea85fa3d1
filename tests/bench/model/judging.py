"""One cell of the benchmark: a store, a cut-off and a setting, every model side by side."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from nextorder.training import metrics
from nextorder.training.prior import Prior
from nextorder.training.table import Bools, Floats
from tests.bench.model.data import SETS, Store
from tests.bench.model.models import models
from tests.bench.model.protocol import (
    Forecast,
    History,
    Model,
    Outcome,
    day_of,
    histories,
    horizons_of,
    outcome,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What is to be judged."""

    store: str
    cutoff: str
    setting: str
    prior: Prior


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Of all customers of a cell: what happened, and who had ordered once."""

    outcomes: Sequence[Outcome]
    one_time: Bools

    def ordered(self, days: float) -> Bools:
        """Say who ordered within the days."""
        return np.concatenate([each.ordered[days] for each in self.outcomes])

    def spent(self, days: float) -> Floats:
        """Say who spent how much."""
        return np.concatenate([each.spent[days] for each in self.outcomes])


@dataclass(slots=True)
class Verdict:
    """All scores of one model in one cell; keys are horizons in days as text."""

    seconds: float = 0.0
    chances: dict[str, metrics.Scores] = field(default_factory=dict)
    one_time: dict[str, metrics.Scores] = field(default_factory=dict)
    calibration: dict[str, list[tuple[int, float, float]]] = field(default_factory=dict)
    coverage: dict[str, tuple[int, int]] = field(default_factory=dict)
    spend: metrics.Scores = field(default_factory=dict)
    spend_coverage: metrics.Scores = field(default_factory=dict)
    notes: list[Mapping[str, Any]] = field(default_factory=list)


@cache
def the_store(name: str) -> Store:
    """Return a set, read once a process."""
    return SETS[name]()


def judge(cell: Cell) -> dict[str, Verdict]:
    """Fit every model on the cell's history, or its several small ones, and judge all customers together."""
    store, cut = the_store(cell.store), day_of(cell.cutoff)
    days = horizons_of(store, cut)
    seen = histories(store, cut, cell.setting)
    truth = Truth(
        [outcome(store, customers, cut, days) for _, customers in seen],
        np.concatenate([history.days == 1 for history, _ in seen]),
    )
    return {
        model.name: verdict_on(model, [history for history, _ in seen], days, truth)
        for model in models(cell.prior)
    }


def verdict_on(model: Model, seen: Sequence[History], horizons: Sequence[float], truth: Truth) -> Verdict:
    """Let one model answer for each history, and judge the answers as one."""
    began = time.process_time()
    said = [model(history, horizons) for history in seen]
    found = Verdict(seconds=round(time.process_time() - began, 2))
    found.notes = [dict(each.notes) for each in said]
    for days in horizons if said[0].chances else ():
        _judge_chances(found, days, said, truth)
    if said[0].spend is not None:
        _judge_spend(found, max(horizons), said, truth)
    return found


def _judge_chances(found: Verdict, days: float, said: Sequence[Forecast], truth: Truth) -> None:
    """Judge one horizon; where nobody ordered, or everybody, there is nothing to tell apart."""
    key, chance, happened = (
        f"{days:g}",
        np.concatenate([each.chances[days] for each in said]),
        truth.ordered(days),
    )
    if happened.all() or not happened.any():
        return
    found.chances[key] = metrics.chance_scores(chance, happened)
    found.calibration[key] = metrics.calibration(chance, happened.astype(float))
    once = truth.one_time
    if happened[once].any() and not happened[once].all():
        found.one_time[key] = metrics.chance_scores(chance[once], happened[once])
    if said[0].chance_ranges:
        counts = [
            metrics.coverage_of_rates(each.chances[days], *each.chance_ranges[days], did.ordered[days])
            for each, did in zip(said, truth.outcomes, strict=True)
        ]
        found.coverage[key] = sum(inside for inside, _ in counts), sum(of for _, of in counts)


def _judge_spend(found: Verdict, days: float, said: Sequence[Forecast], truth: Truth) -> None:
    spent = truth.spent(days)
    if not spent.any():
        return
    expected = np.concatenate([each.spend for each in said if each.spend is not None])
    found.spend = metrics.spend_scores(expected, spent)
    ranges = [each.spend_range for each in said if each.spend_range is not None]
    if ranges:
        low, high = (np.concatenate(ends) for ends in zip(*ranges, strict=True))
        once = truth.one_time
        inside = metrics.coverage_of_spend(expected, low, high, spent)
        of_once = metrics.coverage_of_spend(expected[once], low[once], high[once], spent[once])
        found.spend_coverage = {**inside, "one_time": of_once["all"]}

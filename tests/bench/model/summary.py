"""Means over cells, by setting, model and set."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from tests.bench.model.judging import Cell, Verdict

MEAN = "mean"
Table = Mapping[str, Mapping[str, float]]
"""Model -> set -> number; the set "mean" is the mean over sets."""
Results = Sequence[tuple[Cell, Mapping[str, Verdict]]]
Pick = Callable[[Verdict], Iterable[float]]


def _of_chances(metric: str) -> Pick:
    return lambda verdict: [scores[metric] for scores in verdict.chances.values()]


def _of_one_time(metric: str) -> Pick:
    return lambda verdict: [scores[metric] for scores in verdict.one_time.values()]


def _of_spend(metric: str) -> Pick:
    return lambda verdict: [verdict.spend[metric]] if verdict.spend else []


def _coverage(verdict: Verdict) -> list[float]:
    return [inside / of for inside, of in verdict.coverage.values()]


def _off(total: float) -> float:
    return abs(math.log(max(total, 1e-9)))


METRICS: Mapping[str, Pick] = {
    "normalised log loss": _of_chances("normalised"),
    "AUC": _of_chances("auc"),
    "Brier": _of_chances("brier"),
    "ECE": _of_chances("ece"),
    "calibration slope": _of_chances("slope"),
    "|log total bias| of orders": lambda verdict: [_off(each["bias"]) for each in verdict.chances.values()],
    "one-time: normalised log loss": _of_one_time("normalised"),
    "one-time: AUC": _of_one_time("auc"),
    "one-time: ECE": _of_one_time("ece"),
    "spend: MAE": _of_spend("mae"),
    "spend: RMSE": _of_spend("rmse"),
    "spend: Gini": _of_spend("gini"),
    "spend: Spearman": _of_spend("spearman"),
    "spend: top 10 %": _of_spend("top_10"),
    "spend: top 20 %": _of_spend("top_20"),
    "|log total bias| of spend": lambda verdict: [_off(verdict.spend["bias"])] if verdict.spend else [],
    "coverage of 90 % ranges of rates": _coverage,
    "coverage of 80 % ranges of spend": lambda verdict: _share(verdict, "all"),
    "the same, top decile": lambda verdict: _share(verdict, "top_decile"),
    "the same, one-time": lambda verdict: _share(verdict, "one_time"),
    "CPU seconds": lambda verdict: [verdict.seconds],
}


def means(results: Results, setting: str, pick: Pick) -> Table:
    """Return a metric's mean over a set's cut-offs and horizons, and the mean of these over sets."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for cell, verdicts in results:
        if cell.setting == setting:
            for model, verdict in verdicts.items():
                found[model][cell.store] += pick(verdict)
    by_set = {
        model: {name: fmean(numbers) for name, numbers in sets.items() if numbers}
        for model, sets in found.items()
    }
    return {model: {**sets, MEAN: fmean(sets.values())} for model, sets in by_set.items() if sets}


def by_horizon(results: Results, setting: str) -> Table:
    """Return the normalised log loss by horizon, mean over all cells that have it."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for cell, verdicts in results:
        if cell.setting == setting:
            for model, verdict in verdicts.items():
                for days, scores in verdict.chances.items():
                    found[model][f"{days} d"].append(scores["normalised"])
    return {
        model: {
            days: fmean(numbers)
            for days, numbers in sorted(horizons.items(), key=lambda it: float(it[0][:-2]))
        }
        for model, horizons in found.items()
    }


def _share(verdict: Verdict, of: str) -> list[float]:
    return [verdict.spend_coverage[of]] if verdict.spend_coverage else []

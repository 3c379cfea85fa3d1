"""What the terminal shows: a table a metric, and a line a goal."""

from collections.abc import Iterable

from tests.bench.model.goals import Goal
from tests.bench.model.protocol import FULL
from tests.bench.model.summary import MEAN, METRICS, Results, Table, by_horizon, means

ONLY_WRITTEN = ("Brier", "calibration slope", "spend: RMSE", "spend: Spearman", "spend: top 10 %")
SHOWN = {
    FULL: tuple(metric for metric in METRICS if metric not in ONLY_WRITTEN),
    "": (
        "normalised log loss",
        "AUC",
        "|log total bias| of orders",
        "one-time: normalised log loss",
        "spend: Gini",
    ),
}
"""Metrics to show of a setting; "" is every other. The rest is in model.json."""
LOWER_IS_BETTER = ("loss", "Brier", "ECE", "bias", "MAE", "RMSE", "seconds")
NAME, NUMBER = 24, 18


def show(results: Results, settings: Iterable[str]) -> str:
    """Return all tables as text."""
    parts = []
    for setting in settings:
        parts += [
            _table(f"{metric}, {setting}", table)
            for metric in SHOWN.get(setting, SHOWN[""])
            if (table := means(results, setting, METRICS[metric]))
        ]
        parts.append(_table(f"normalised log loss by horizon, {setting}", by_horizon(results, setting)))
    return "\n\n".join(parts)


def show_goals(found: Iterable[Goal]) -> str:
    """Return one line a goal."""
    lines = ["goals: computed, never asserted"]
    for goal in found:
        reached = "reached    " if goal.reached else "NOT reached"
        lines.append(f"  {reached}  {goal.where:<18}{goal.what}: {goal.ours:.4f} (bar {goal.bar})")
    return "\n".join(lines)


def _table(title: str, table: Table) -> str:
    """Lay out one metric; the best of each column is marked where one is best by its number alone."""
    columns = list(dict.fromkeys(name for row in table.values() for name in row if name != MEAN))
    columns += [MEAN] if any(MEAN in row for row in table.values()) else []
    best = {name: _best(title, table, name) for name in columns}
    lines = [f"{title}", " " * NAME + "".join(f"{name:>{NUMBER}}" for name in columns)]
    for model, row in table.items():
        cells = [_number(row.get(name), best[name]) for name in columns]
        lines.append(f"{model:<{NAME}}" + "".join(f"{cell:>{NUMBER}}" for cell in cells))
    return "\n".join(lines)


def _best(title: str, table: Table, column: str) -> float | None:
    if "coverage" in title or "the same" in title or "slope" in title:
        return None
    numbers = [row[column] for row in table.values() if column in row]
    return min(numbers) if any(word in title for word in LOWER_IS_BETTER) else max(numbers)


def _number(number: float | None, best: float | None) -> str:
    if number is None:
        return "-"
    text = f"{number:.4f}" if number < 10 else f"{number:,.1f}"
    return f"*{text}" if number == best else text

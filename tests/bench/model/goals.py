"""The goals, computed from the same tables that are printed: reached or not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.model.models import HAZARD, OURS, PUBLISHED, SPENDERS
from tests.bench.model.protocol import FULL, SETTINGS, SHORT, SMALL
from tests.bench.model.summary import MEAN, METRICS, Results, Table, means

TIE, WIDE_TIE = 1.002, 1.005
WIDE_TIE_DAYS = 4 * 30.0
"""A store whose whole data are shorter than four months, of the usual horizon, has the wide tie."""
WIDE_TIE_CUSTOMERS = 1_000
AUC_SLACK = 0.002
EVERYONE = tuple(dict.fromkeys((*PUBLISHED, HAZARD, *SPENDERS)))
RATES_WITHIN, SPEND_WITHIN, SPEND_TOP_LEAST = (0.87, 0.96), (0.76, 0.92), 0.76


@dataclass(frozen=True, slots=True)
class Goal:
    """One line: what was asked, what came, against whom."""

    what: str
    where: str
    ours: float
    bar: str
    reached: bool


def goals(results: Results, sizes: Mapping[str, tuple[int, float]]) -> Iterator[Goal]:
    """Yield every goal that the run can tell; `sizes` are customers and days of data of each set."""
    run = {cell.setting for cell, _ in results}
    tables = {name: means(results, FULL, pick) for name, pick in METRICS.items()}
    if FULL in run:
        for name in sorted({cell.store for cell, _ in results}):
            yield from _of_set(tables, name, *sizes[name])
    for setting in (SHORT, SMALL):
        table = means(results, setting, METRICS["normalised log loss"])
        if setting in run and table:
            yield _below(table, MEAN, f"log loss below every peer's, {setting}", EVERYONE)
    for setting in SETTINGS:
        if setting in run:
            yield from _of_ranges(results, setting)


def _of_set(tables: Mapping[str, Table], name: str, customers: int, days: float) -> Iterator[Goal]:
    losses = tables["normalised log loss"]
    tie = WIDE_TIE if days < WIDE_TIE_DAYS or customers < WIDE_TIE_CUSTOMERS else TIE
    yield _below(losses, name, "log loss below every published peer's", PUBLISHED)
    yield _below(losses, name, f"log loss at most {tie - 1:.1%} above the hazard GBM's", (HAZARD,), times=tie)
    yield _above(tables["AUC"], name, f"AUC at most {AUC_SLACK} below the best", EVERYONE, AUC_SLACK)
    yield _below(tables["|log total bias| of orders"], name, "|log total bias| of orders no worse", EVERYONE)
    yield _below(tables["|log total bias| of spend"], name, "|log total bias| of spend no worse", EVERYONE)
    yield _above(tables["spend: Gini"], name, "Gini of spend above all", EVERYONE)
    yield _above(tables["spend: top 20 %"], name, "top-20 % capture of spend above all", EVERYONE)
    yield _below(tables["one-time: ECE"], name, "ECE of one-time customers no worse", EVERYONE)


def _of_ranges(results: Results, setting: str) -> Iterator[Goal]:
    wanted = (
        ("coverage of 90 % ranges of rates", RATES_WITHIN),
        ("coverage of 80 % ranges of spend", SPEND_WITHIN),
        ("the same, top decile", (SPEND_TOP_LEAST, 1.0)),
    )
    for metric, (low, high) in wanted:
        table = means(results, setting, METRICS[metric])
        if OURS in table:
            share = table[OURS][MEAN]
            yield Goal(f"{metric}, {setting}", MEAN, share, f"{low} to {high}", low <= share <= high)


def _below(table: Table, where: str, what: str, peers: Sequence[str], times: float = 1.0) -> Goal:
    peer = min((one for one in peers if where in table.get(one, {})), key=lambda one: table[one][where])
    ours, bar = table[OURS][where], table[peer][where] * times
    return Goal(what, where, ours, f"{bar:.4f} {peer}", ours <= bar)


def _above(table: Table, where: str, what: str, peers: Sequence[str], slack: float = 0.0) -> Goal:
    peer = max((one for one in peers if where in table.get(one, {})), key=lambda one: table[one][where])
    ours, bar = table[OURS][where], table[peer][where] - slack
    return Goal(what, where, ours, f"{bar:.4f} {peer}", ours >= bar)

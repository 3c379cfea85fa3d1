"""The model in force against the recipe that would replace it, on a past that neither has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy.special import xlogy
from scipy.stats import rankdata

from nextorder.domain.contest import DECIDING, MEASURES, Contest, Pair
from nextorder.scoring.model import StoreModel
from nextorder.scoring.traits import Usual
from nextorder.training.crowd import Crowd, unmarked
from nextorder.training.fit import fit_table
from nextorder.training.outlook import outlook
from nextorder.training.past import outcomes
from nextorder.training.table import Bools, Floats, OrderTable

DAYS = (5.0, 30.0)
APART = timedelta(days=30)
"""Between origins: no outcome counts twice."""
MOST_ORIGINS = 3
ANY = Usual(gap_days=1.0, spend=1.0)
"""Units of traits that nobody asks for."""
PARTS = 10
SURE = 1e-9

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """What a model said at an origin and what came of it, customer x DAYS."""

    chance: Floats
    expected: Floats
    ordered: Bools
    spent: Floats

    @property
    def figures(self) -> Figures:
        """How good it was, of everyone."""
        return figures_of(self.chance, self.expected, self.ordered, self.spent)

    def part(self, which: int) -> Figures:
        """How good it was, of one of PARTS parts of the customers."""
        rows = slice(which, None, PARTS)
        return figures_of(self.chance[rows], self.expected[rows], self.ordered[rows], self.spent[rows])


def contest_of(
    table: OrderTable,
    champion: StoreModel,
    since: datetime,
    as_of: datetime,
    zone: ZoneInfo,
    marks: pd.DataFrame | None = None,
) -> Contest | None:
    """
    Judge a model fitted at `since` beside one that is refitted at each origin to what was known then.

    `marks` are those of first orders, a row a customer of the table.
    Origins lie 30, 60 and 90 days back, none before `since`. Revenue is as known today: a refund
    after an origin has lowered it for both. None = too little has happened to tell.
    """
    origins = [
        origin
        for origin in (as_of - back * APART for back in range(1, MOST_ORIGINS + 1))
        if origin >= since and len(table.before(origin).second)
    ]
    rounds = []
    marks = unmarked(table) if marks is None else marks
    crowd = Crowd.marked(marks)
    for origin in origins:
        challenger = fit_table(table.before(origin), origin, zone, crowd=crowd)
        rounds.append([said_at(model, table, origin, zone, marks) for model in (champion, challenger)])
    figures = {name: pair for name in MEASURES if (pair := _pair(name, rounds))}
    if not any(name in figures for name in DECIDING):
        return None
    return Contest(origins=tuple(origins), figures=figures)


def said_at(
    model: StoreModel,
    table: OrderTable,
    origin: datetime,
    zone: ZoneInfo,
    marks: pd.DataFrame | None = None,
) -> Said:
    """Ask a model at an origin, of what is known then, and look at the month after it."""
    known = table.before(origin)
    usual = model.correction.usual if model.correction else ANY
    names = model.correction.marks if model.correction else ()
    crowd = Crowd.marked(unmarked(table) if marks is None else marks, names)
    people = crowd.people(known, origin, usual)
    seen = outlook(model, people, origin, zone, DAYS)
    ordered, spent = outcomes(table, people.summary, origin, DAYS)
    return Said(chance=seen.chance, expected=seen.spends.mean, ordered=ordered > 0, spent=spent)


def _pair(name: str, rounds: Sequence[Sequence[Said]]) -> Pair | None:
    """Return the means over the origins that tell; the noise is seen in the parts' differences."""
    both = [[said.figures.get(name) for said in one] for one in rounds]
    told = [(at, held, new) for at, (held, new) in enumerate(both) if held is not None and new is not None]
    if not told:
        return None
    errors = [_standard_error(name, *rounds[at]) for at, _, _ in told]
    return Pair(
        champion=float(np.mean([held for _, held, _ in told])),
        challenger=float(np.mean([new for _, _, new in told])),
        noise=float(np.linalg.norm(errors)) / len(errors),
    )


def _standard_error(name: str, champion: Said, challenger: Said) -> float:
    """Return the standard error of a difference, by the method of batch means; 1 where parts are too few."""
    parts = [(champion.part(which), challenger.part(which)) for which in range(PARTS)]
    differences = [new[name] - held[name] for held, new in parts if name in held and name in new]
    if len(differences) <= PARTS // 2:
        return 1.0
    return float(np.std(differences, ddof=1) / np.sqrt(len(differences)))


def figures_of(chance: Floats, expected: Floats, ordered: Bools, spent: Floats) -> Figures:
    """Return a model's figures from customer x DAYS, as far as some have ordered and some have not."""
    found: Figures = {}
    for at, days in enumerate(DAYS):
        said, happened = np.clip(chance[:, at], SURE, 1.0 - SURE), ordered[:, at]
        if happened.any() and not happened.all():
            found[f"loss_{days:g}"] = log_loss(said, happened)
            found[f"auc_{days:g}"] = auc(said, happened)
    if "loss_30" in found:
        found["bias_30"] = abs(float(np.log(said.sum() / ordered[:, -1].sum())))
    if (spent[:, -1] > 0).any():
        found["gini_30"] = gini(expected[:, -1], spent[:, -1]) / gini(spent[:, -1], spent[:, -1])
    return found


def log_loss(chance: Floats, happened: Bools) -> float:
    """Return the log loss in units of the entropy of the outcomes' own base rate."""
    rate = float(happened.mean())
    entropy = -float(xlogy(rate, rate) + xlogy(1.0 - rate, 1.0 - rate))
    return float(-np.log(np.where(happened, chance, 1.0 - chance)).mean()) / entropy


def auc(score: Floats, happened: Bools) -> float:
    """Return the chance that who ordered has the higher score, ties half (Mann and Whitney, 1947)."""
    yes, no = int(happened.sum()), int((~happened).sum())
    return float((rankdata(score)[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def gini(by: Floats, spent: Floats) -> float:
    """Return the Gini coefficient of spend gathered in the order of a score, ties shared."""
    centred: Floats = rankdata(by) - (len(by) + 1) / 2
    return float(2.0 * (centred @ spent) / (len(by) * spent.sum()))

"""The model in force against the recipe that would replace it, on a past that neither has seen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.special import xlogy
from scipy.stats import rankdata

from nextorder.domain.contest import DECIDING, MEASURES, Contest, Pair
from nextorder.scoring.model import StoreModel
from nextorder.scoring.traits import Usual
from nextorder.training.crowd import Crowd
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
SURE = 1e-9

Figures = dict[str, float]


def contest_of(
    table: OrderTable, champion: StoreModel, since: datetime, as_of: datetime, zone: ZoneInfo
) -> Contest | None:
    """
    Judge a model fitted at `since` beside one that is refitted at each origin to what was known then.

    Origins lie 30, 60 and 90 days back, none before `since`. Revenue is as known today: a refund
    after an origin has lowered it for both. None = too little has happened to tell.
    """
    origins = list(_origins(table, since, as_of))
    rounds = [_round(table, champion, origin, zone) for origin in origins]
    figures = {
        name: Pair(
            champion=float(np.mean([held[name] for held, _ in judged])),
            challenger=float(np.mean([new[name] for _, new in judged])),
        )
        for name in MEASURES
        if (judged := [pair for pair in rounds if all(name in one for one in pair)])
    }
    if not any(name in figures for name in DECIDING):
        return None
    return Contest(origins=tuple(origins), figures=figures)


def _origins(table: OrderTable, since: datetime, as_of: datetime) -> Iterator[datetime]:
    for back in range(1, MOST_ORIGINS + 1):
        origin = as_of - back * APART
        if origin >= since and len(table.before(origin).second):
            yield origin


def _round(
    table: OrderTable, champion: StoreModel, origin: datetime, zone: ZoneInfo
) -> tuple[Figures, Figures]:
    challenger = fit_table(table.before(origin), origin, zone)
    return figures_at(champion, table, origin, zone), figures_at(challenger, table, origin, zone)


def figures_at(model: StoreModel, table: OrderTable, origin: datetime, zone: ZoneInfo) -> Figures:
    """Judge what a model says at an origin, of what is known then, by the month after it."""
    known = table.before(origin)
    usual = model.correction.usual if model.correction else ANY
    people = Crowd.of(known).people(known, origin, usual)
    seen = outlook(model, people, origin, zone, DAYS)
    ordered, spent = outcomes(table, people.summary, origin, DAYS)
    return figures_of(seen.chance, seen.spends.mean, ordered > 0, spent)


def figures_of(chance: Floats, expected: Floats, ordered: Bools, spent: Floats) -> Figures:
    """Return a model's figures from customer x DAYS, as far as some have ordered and some have not."""
    found: Figures = {}
    for at, days in enumerate(DAYS):
        said, happened = np.clip(chance[:, at], SURE, 1.0 - SURE), ordered[:, at]
        if happened.any() and not happened.all():
            found[f"loss_{days:g}"] = log_loss(said, happened)
            found[f"auc_{days:g}"] = auc(said, happened)
    if "loss_30" in found:
        found["bias_30"] = abs(float(np.log(chance[:, -1].sum() / ordered[:, -1].sum())))
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

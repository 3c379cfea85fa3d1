"""Peers that learn each horizon by itself: base rate, recency, hiatus, logistic regression, boosting."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from nextorder.training.table import Bools, Floats
from tests.bench.model.features import Origin, described, prolonged, trainable
from tests.bench.model.protocol import SEED, Forecast, History

RECENCY_COLUMN = 0
RFM_COLUMNS = 4
DECILES = np.arange(0.1, 0.95, 0.1)
LEAST_EVENTS = 5
EVENTS_A_TREE, TREES = 2, (20, 150)
PENALTY = 0.1
"""scikit-learn's C; like the trees above the best of several on the tuning cut-offs."""
Learner = Callable[[Floats, Bools, Floats], Floats]
"""Training rows, what happened, rows to answer for -> chances; all columns of `described`."""


def base_rate(_: Floats, happened: Bools, asked: Floats) -> Floats:
    """Answer the rate of the past for everyone."""
    return np.full(len(asked), _rate(happened))


def recency_deciles(rows: Floats, happened: Bools, asked: Floats) -> Floats:
    """Answer the past rate of the same tenth by days since the last order."""
    edges = np.quantile(rows[:, RECENCY_COLUMN], DECILES)
    mine, past = (np.searchsorted(edges, table[:, RECENCY_COLUMN]) for table in (asked, rows))
    rates = np.array([_rate(happened[past == tenth]) for tenth in range(len(edges) + 1)])
    return np.asarray(rates[mine])


def hiatus(rows: Floats, happened: Bools, asked: Floats) -> Floats:
    """
    Answer one rate for the active, one for the inactive, split where silence tells most.

    Wuebben and von Wangenheim, "Instant Customer Base Analysis", Journal of Marketing 72(3), 2008.
    """
    silent = rows[:, RECENCY_COLUMN]

    def loss(limit: float) -> float:
        total = 0.0
        for side in (silent <= limit, silent > limit):
            rate, count = _rate(happened[side]), happened[side].sum()
            total -= count * np.log(rate) + (side.sum() - count) * np.log(1 - rate)
        return float(total)

    limit = min(np.quantile(silent, DECILES), key=loss)
    active, inactive = (_rate(happened[side]) for side in (silent <= limit, silent > limit))
    return np.where(asked[:, RECENCY_COLUMN] <= limit, active, inactive)


def logistic(rows: Floats, happened: Bools, asked: Floats) -> Floats:
    """Answer a logistic regression on the logs of recency, frequency, monetary value and tenure."""
    return _regression(rows, happened, asked, StandardScaler())


def logistic_squares(rows: Floats, happened: Bools, asked: Floats) -> Floats:
    """Answer the same with squares and products of the four."""
    squares = PolynomialFeatures(degree=2, include_bias=False)
    return _regression(rows, happened, asked, make_pipeline(StandardScaler(), squares, StandardScaler()))


def boosting(rows: Floats, happened: Bools, asked: Floats) -> Floats:
    """Answer scikit-learn's HistGradientBoosting on all features."""
    model = HistGradientBoostingClassifier(
        learning_rate=0.03,
        max_iter=int(np.clip(happened.sum() / EVENTS_A_TREE, *TREES)),
        max_leaf_nodes=7,
        min_samples_leaf=40,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=SEED,
    )
    return np.asarray(model.fit(rows, happened).predict_proba(asked)[:, 1])


class PerHorizon:
    """Fits a learner to each horizon's past origins; what cannot be learnt is prolonged."""

    LEARNERS: ClassVar[dict[str, Learner]] = {
        "LR on RFM": logistic,
        "LR on RFM, squares": logistic_squares,
        "HistGradientBoosting": boosting,
        "Recency deciles": recency_deciles,
        "Hiatus": hiatus,
        "Base rate": base_rate,
    }

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Answer each horizon by itself."""
        asked = described(history)
        notes: dict[str, object] = {}
        chances = {}
        for days in horizons:
            learnt, origins = trainable(history, days)
            if learnt != days or not origins:
                notes[f"learnt for {days:g} d"] = learnt if origins else "nothing"
            chances[days] = prolonged(self._learn(origins, learnt, asked), learnt, days)
        return Forecast(chances=chances, notes=notes)

    def _learn(self, origins: list[Origin], days: float, asked: Floats) -> Floats:
        if not origins:
            return np.full(len(asked), 0.5)
        rows = np.concatenate([origin.table for origin in origins])
        happened = np.concatenate([origin.outcome.ordered[days] for origin in origins])
        if min(happened.sum(), (~happened).sum()) < LEAST_EVENTS:
            return base_rate(rows, happened, asked)
        return self.LEARNERS[self.name](rows, happened, asked)


def _regression(rows: Floats, happened: Bools, asked: Floats, prepare: TransformerMixin) -> Floats:
    model = make_pipeline(prepare, LogisticRegression(C=PENALTY, max_iter=2_000))
    model.fit(rows[:, :RFM_COLUMNS], happened)
    return np.asarray(model.predict_proba(asked[:, :RFM_COLUMNS])[:, 1])


def _rate(happened: Bools) -> float:
    # half a customer on either side: no group is certain
    return float((happened.sum() + 0.5) / (len(happened) + 1.0))

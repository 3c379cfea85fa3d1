"""Peers for the money: the past rate, and a two-part GBM in the manner of ZILN."""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from nextorder.training.table import Floats
from tests.bench.model.features import described, trainable
from tests.bench.model.protocol import SEED, Forecast, History

LEAST_TENURE_DAYS = 30.0
LEAST_BUYERS = 50
SETTINGS = {
    "learning_rate": 0.05,
    "max_iter": 100,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    "early_stopping": False,
    "random_state": SEED,
}


class PastRate:
    """Everyone goes on spending as before."""

    name = "Past rate"

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Return spend per day so far times the longest horizon."""
        tenure = np.maximum(history.cut - history.first_at, LEAST_TENURE_DAYS)
        return Forecast(spend=history.mean_amount * history.days / tenure * max(horizons))


class TwoPart:
    """
    P(any spend) times a log-normal amount, both boosted.

    Wang, Liu and Miao, "A Deep Probabilistic Model for Customer Lifetime Value Prediction",
    2019 (zero-inflated log-normal), with trees instead of their network: no store here
    has the customers that one needs.
    """

    name = "ZILN two-part GBM"

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Learn the longest horizon, or the longest part of it that the history allows."""
        learnt, origins = trainable(history, max(horizons))
        if not origins:
            return Forecast(spend=history.mean_amount)
        rows = np.concatenate([origin.table for origin in origins])
        spent = np.concatenate([origin.outcome.spent[learnt] for origin in origins])
        expected = _expected(rows, spent, described(history))
        return Forecast(spend=expected * max(horizons) / learnt, notes={"learnt days": learnt})


def _expected(rows: Floats, spent: Floats, asked: Floats) -> Floats:
    bought = spent > 0
    if min(bought.sum(), (~bought).sum()) < LEAST_BUYERS:
        return np.full(len(asked), spent.mean())
    chance = HistGradientBoostingClassifier(**SETTINGS).fit(rows, bought)
    logs = np.log(spent[bought])
    amount = HistGradientBoostingRegressor(**SETTINGS).fit(rows[bought], logs)
    variance = float(np.var(logs - amount.predict(rows[bought])))
    return np.asarray(chance.predict_proba(asked)[:, 1] * np.exp(amount.predict(asked) + variance / 2))

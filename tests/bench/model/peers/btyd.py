"""The package lifetimes: BG/NBD, MBG/NBD and Pareto/NBD, each with its Gamma-Gamma."""

import contextlib
import io
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from nextorder.training.table import Floats
from tests.bench.model.peers.learners import PerHorizon
from tests.bench.model.protocol import Forecast, History

PENALTIES = (0.0, 0.001, 0.01, 0.1)
"""Tried in turn until a fit converges, as its documentation advises."""
FITTERS = {
    "BG/NBD": "BetaGeoFitter",
    "MBG/NBD": "ModifiedBetaGeoFitter",
    "Pareto/NBD": "ParetoNBDFitter",
}
LEAST_BUYERS = 10
STARTS = {"ParetoNBDFitter": {"initial_params": np.ones(4), "tol": 1e-4}}
"""
Its own start is ones with unseeded noise: the same run would not give the same numbers.
The tolerance finds the same parameters to eight digits as its own 1e-7, in two thirds of the time.
"""


class Lifetimes:
    """One of lifetimes' models of orders, with Gamma-Gamma for the money."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Answer from its own fit; P(order) in closed form from its own parameters and P(alive)."""
        x, t_x, tenure = history.days - 1, history.last_at - history.first_at, history.cut - history.first_at
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            orders, penalty = _fitted(FITTERS[self.name], *_condensed(x, t_x, tenure))
            if orders is None:
                given_up = PerHorizon("Base rate")(history, horizons).chances
                mean = float(history.mean_amount.mean())
                spend = np.array(given_up[max(horizons)]) * mean
                return Forecast(chances=given_up, spend=spend, notes={"given up": "no penalty converged"})
            alive = np.asarray(orders.conditional_probability_alive(x, t_x, tenure), dtype=float)
            chances, broken = {}, 0
            for days in horizons:
                steady = _chance_if_alive(orders, x, tenure, days)
                asked = self._chance(orders, (x, t_x, tenure), alive * steady, days)
                fine = np.isfinite(asked) & (asked >= -1e-9) & (asked <= 1 + 1e-9)
                broken += int((~fine).sum())
                chances[days] = np.nan_to_num(np.clip(np.where(fine, asked, alive * steady), 0, 1), nan=0.0)
            count = orders.conditional_expected_number_of_purchases_up_to_time(max(horizons), x, t_x, tenure)
            count = np.asarray(count, dtype=float)
            rate = np.nan_to_num(alive) * (orders.params_["r"] + x) / (orders.params_["alpha"] + tenure)
            broken += int((~np.isfinite(count)).sum())
            count = np.where(np.isfinite(count), count, rate * max(horizons))
            spend, spend_penalty = _mean_spend(history)
        notes = {
            "parameters": {key: float(value) for key, value in orders.params_.items()},
            "penalty": penalty,
            "penalty of Gamma-Gamma": spend_penalty,
            "overflows replaced": broken,
        }
        return Forecast(chances=chances, spend=np.maximum(count, 0) * spend, notes=notes)

    def _chance(self, orders: Any, known: tuple[Floats, ...], steady: Floats, days: float) -> Floats:
        """Return P(order): BG and MBG drop out only after an order, Pareto at any time."""
        if self.name != "Pareto/NBD":
            return steady
        x, t_x, tenure = known
        none = orders.conditional_probability_of_n_purchases_up_to_time(0, days, x, t_x, tenure)
        return np.asarray(1 - none, dtype=float)


def _chance_if_alive(orders: Any, x: Floats, tenure: Floats, days: float) -> Floats:
    waiting = np.log1p(days / (orders.params_["alpha"] + tenure))
    return np.asarray(-np.expm1(-(orders.params_["r"] + x) * waiting), dtype=float)


def _condensed(x: Floats, t_x: Floats, tenure: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Join customers with equal numbers into weighted rows, as lifetimes allows: the same likelihood."""
    rows, weight = np.unique(np.stack([x, t_x, tenure], axis=1), axis=0, return_counts=True)
    return rows[:, 0], rows[:, 1], rows[:, 2], weight.astype(float)


def _fitted(fitter: str, *rows: Floats) -> tuple[Any, float | None]:
    """Return the first fit that converged to finite parameters, and its penalty."""
    import lifetimes  # noqa: PLC0415 - it warns when imported

    for penalty in PENALTIES:
        model = getattr(lifetimes, fitter)(penalizer_coef=penalty)
        # NOTE: its standard errors may need the inverse of a singular matrix; the fit itself is done by then
        with contextlib.suppress(lifetimes.utils.ConvergenceError, np.linalg.LinAlgError):
            model.fit(*rows, **STARTS.get(fitter, {}))
        parameters = np.asarray(getattr(model, "params_", [np.nan]), dtype=float)
        if np.isfinite(parameters).all() and (parameters > 0).all() and (parameters < 1e6).all():
            return model, penalty
    return None, None


def _mean_spend(history: History) -> tuple[Floats, float | str]:
    """
    Return expected sales per order day by Gamma-Gamma.

    Of all order days, the first included: one-time customers' amounts say something, too.
    """
    import lifetimes  # noqa: PLC0415 - it warns when imported

    count, mean = history.days, history.mean_amount
    usable = mean > 0
    overall = float(mean[usable].mean()) if usable.any() else 0.0
    repeated = usable & (count > 1)
    if repeated.sum() < LEAST_BUYERS:
        return np.full(len(count), overall), "too few buyers"
    for penalty in PENALTIES:
        model = lifetimes.GammaGammaFitter(penalizer_coef=penalty)
        with contextlib.suppress(lifetimes.utils.ConvergenceError, np.linalg.LinAlgError):
            model.fit(count[repeated], mean[repeated], q_constraint=penalty > 0)
        parameters = getattr(model, "params_", None)
        if parameters is not None and np.isfinite(parameters).all() and parameters["q"] > 1:
            said = np.asarray(model.conditional_expected_average_profit(count, mean), dtype=float)
            return np.where(usable & np.isfinite(said), said, overall), penalty
    return np.full(len(count), overall), "no penalty converged"

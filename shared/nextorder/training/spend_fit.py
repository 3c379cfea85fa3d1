"""Fit Gamma-Gamma to the spend of customers who came back."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from nextorder.training.order_fit import LOG_BOUND, rounded
from nextorder.training.prior import Prior
from nextorder.training.table import Floats, Summary

LEAST_SPEND_DAYS = 2


def fit_spend(
    summary: Summary, prior: Prior | None, least_days: int = LEAST_SPEND_DAYS
) -> tuple[float, float, float]:
    """
    Return p, q, v (minor units) from customers with at least `least_days` of positive revenue.

    A weak normal prior on log p, log(q - 1) and the log of the mean spend keeps few
    customers sane; without one this is maximum likelihood.
    """
    believed, pull = prior or Prior(), 1.0 if prior else 0.0
    known = (summary.spend_days >= least_days) & (summary.mean_spend > 0)
    days, means = summary.spend_days[known], summary.mean_spend[known]
    paid = summary.spend_days > 0
    scale = float(np.exp(np.log(summary.mean_spend[paid]).mean())) if paid.any() else believed.spend_minor
    centre = np.array([*believed.spend_log_mean, 0.0])

    def loss(theta: Floats) -> tuple[float, Floats]:
        p, above, mean = np.exp(theta)
        q, v = above + 1.0, mean * above / p
        value, (by_p, by_q, by_v) = log_likelihood((p, q, v), days, means / scale)
        slope = np.array([p * by_p - v * by_v, above * by_q + v * by_v, v * by_v])
        away = pull * (theta - centre) / believed.spend_log_sd
        return float(away @ away / 2 - value), away / believed.spend_log_sd - slope

    bounds = [(-LOG_BOUND, LOG_BOUND)] * 3
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13})
    p, above, mean = (float(value) for value in np.exp(found.x))
    return rounded(p), rounded(above + 1.0), rounded(scale * mean * above / p)


def log_likelihood(
    parameters: tuple[float, float, float], days: Floats, means: Floats
) -> tuple[float, tuple[float, float, float]]:
    """Return Fader and Hardie's (2013) log-likelihood of mean spends, and its gradient in p, q, v."""
    p, q, v = parameters
    shape, rate = p * days, v + days * means
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
    value += (shape - 1) * np.log(means) + shape * np.log(days) - (shape + q) * np.log(rate)
    ahead = digamma(shape + q)
    by_p = days * (ahead - digamma(shape) + np.log(means) + np.log(days) - np.log(rate))
    by_q = ahead - digamma(q) + np.log(v) - np.log(rate)
    by_v = q / v - (shape + q) / rate
    return float(value.sum()), (float(by_p.sum()), float(by_q.sum()), float(by_v.sum()))

"""The formulas of scoring.counts and scoring.spend for all customers at once."""

import numpy as np
from scipy.special import expit, hyp2f1

from nextorder.training.table import Floats, Summary

Ordering = tuple[float, float, float, float]
Spending = tuple[float, float, float]
AWAY_FROM_ONE = 1e-4


def chances_of_order(ordering: Ordering, data: Summary, horizon_days: float) -> Floats:
    """Return every customer's P(order within the horizon)."""
    r, alpha, _, _ = ordering
    waiting = np.log1p(horizon_days / (alpha + data.tenure))
    chances: Floats = p_active(ordering, data) * -np.expm1(-(r + data.x) * waiting)
    return chances


def expected_spend(ordering: Ordering, spending: Spending, data: Summary, horizon_days: float) -> Floats:
    """Return every customer's expected net revenue within the horizon, minor units."""
    p, q, v = spending
    mean = p * (v + data.spend_days * data.mean_spend) / (p * data.spend_days + q - 1)
    return expected_order_days(ordering, data, horizon_days) * mean


def expected_order_days(ordering: Ordering, data: Summary, horizon_days: float) -> Floats:
    """Return every customer's mean number of order days, by Batislam et al.'s 2F1 (2007)."""
    r, alpha, a, b = ordering
    if abs(a - 1) < AWAY_FROM_ONE:
        a = 1 + AWAY_FROM_ONE
    z = horizon_days / (alpha + data.tenure + horizon_days)
    rest = np.exp((r + data.x) * np.log1p(-z)) * hyp2f1(r + data.x, b + data.x + 1, a + b + data.x, z)
    days: Floats = p_active(ordering, data) * (a + b + data.x) / (a - 1) * (1 - rest)
    return days


def p_active(ordering: Ordering, data: Summary) -> Floats:
    """Return the chance of every customer that she has not left yet."""
    r, alpha, a, b = ordering
    silence = np.log(alpha + data.tenure) - np.log(alpha + data.t_x)
    active: Floats = expit(np.log(b + data.x) - np.log(a) - (r + data.x) * silence)
    return active

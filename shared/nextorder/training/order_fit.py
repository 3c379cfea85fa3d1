"""Fit MBG/NBD to a store's customers, leaning on the prior where they say little."""

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from nextorder.training.prior import Prior
from nextorder.training.table import DAY_SECONDS, Floats, OrderTable, Summary

LOG_BOUND = 12.0
TOLERANCE = 1e-13
DIGITS = 10
"""Significant digits kept of a parameter: more would differ between machines."""


def fit_orders(
    summary: Summary,
    gap_days: float,
    prior: Prior | None,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> tuple[float, float, float, float]:
    """
    Return r, alpha (days), a, b: the posterior mode, or maximum likelihood without a prior.

    The prior is normal in log r, log(alpha / gap_days), log a, log b; L-BFGS with the
    exact gradient, in the logs; `tolerance` is relative, of the log-likelihood.
    """
    shift = np.array([0.0, np.log(gap_days), 0.0, 0.0])
    believed = prior or Prior()
    mean, sd = np.array(believed.log_mean) + shift, np.array(believed.log_sd)
    pull = 1.0 / sd**2 if prior else np.zeros(4)
    people = max(float(summary.weight.sum()), 1.0)

    def loss(theta: Floats) -> tuple[float, Floats]:
        value, slope = log_likelihood(theta, summary)
        away = theta - mean
        return (away @ (pull * away) / 2 - value) / people, (pull * away - slope) / people

    found = minimize(
        loss,
        mean if start is None else start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LOG_BOUND, LOG_BOUND)] * 4,
        options={"ftol": tolerance, "gtol": 1e-8, "maxiter": 500},
    )
    r, alpha, a, b = (rounded(float(value)) for value in np.exp(found.x))
    return r, alpha, a, b


def log_likelihood(theta: Floats, data: Summary) -> tuple[float, Floats]:
    """
    Return the MBG/NBD log-likelihood and its gradient in log r, log alpha, log a, log b.

    Batislam, Denizel and Filiztekin (2007): with s = r + x,
        Gamma(s) alpha^r / Gamma(r)  x  B-terms  x  (a (alpha+t_x)^-s + (b+x) (alpha+T)^-s).
    """
    r, alpha, a, b = np.exp(theta)
    x, weight = data.x, data.weight
    s = r + x
    near, far = np.log(alpha + data.t_x), np.log(alpha + data.tenure)
    left, stays = np.log(a) - s * near, np.log(b + x) - s * far
    both = np.logaddexp(left, stays)
    gone = np.exp(left - both)
    value = gammaln(s) - gammaln(r) + r * theta[1]
    value += gammaln(a + b) - gammaln(b) + gammaln(b + x) - gammaln(a + b + x + 1) + both
    ahead = digamma(a + b) - digamma(a + b + x + 1)
    slope = np.stack(
        [
            r * (digamma(s) - digamma(r) + theta[1] - gone * near - (1 - gone) * far),
            r - s * alpha * (gone / (alpha + data.t_x) + (1 - gone) / (alpha + data.tenure)),
            a * ahead + gone,
            b * (ahead - digamma(b) + digamma(b + x) + (1 - gone) / (b + x)),
        ]
    )
    return float(weight @ value), slope @ weight


def median_gap(table: OrderTable, prior: Prior) -> float:
    """Return the store's median gap between order days, days, few gaps leaning on the prior's."""
    same = np.diff(table.customer) == 0
    gaps = np.diff(table.second)[same] / DAY_SECONDS
    if not len(gaps):
        return prior.gap_days
    own, weight = np.log(max(float(np.median(gaps)), 1.0)), len(gaps) / (len(gaps) + prior.gap_weight)
    return float(np.exp(weight * own + (1 - weight) * np.log(prior.gap_days)))


def condensed(data: Summary, digits: int) -> Summary:
    """Join customers with the same x, t_x and T, rounded to so many digits of a day, into weighted rows."""
    columns = np.round(np.stack([data.x, data.t_x, data.tenure]), digits)
    rows, place = np.unique(columns.T.copy().view("f8,f8,f8"), return_inverse=True)
    return replace(
        data,
        x=rows["f0"],
        t_x=rows["f1"],
        tenure=rows["f2"],
        weight=np.bincount(place.ravel(), weights=data.weight, minlength=len(rows)).astype(float),
    )


def rounded(number: float) -> float:
    """Keep the digits that mean something."""
    return float(f"{number:.{DIGITS}g}")

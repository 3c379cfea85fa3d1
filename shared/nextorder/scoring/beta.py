"""The Beta distribution: is a rate that was seen a few times surely above a level?"""

from math import exp, lgamma, log, log1p

TINY = 1e-30
CLOSE = 1e-12
MOST_TERMS = 10_000


def beta_cdf(x: float, a: float, b: float) -> float:
    """
    Return P(X <= x) of Beta(a, b), a and b > 0: the regularised incomplete beta function.

    By the continued fraction of DLMF 8.17.22 (https://dlmf.nist.gov/8.17.v), read by Lentz's
    method as in Press et al., "Numerical Recipes", 3rd edition, 2007, sections 5.2 and 6.4.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


def surely_above(level: float, successes: int, cases: int, *, mean: float, weight: float) -> bool:
    """
    Whether a rate's 80 % range lies above a level: P(rate <= level) < 0.1.

    Its prior is Beta with that mean (strictly between 0 and 1), worth `weight` cases.
    """
    a = successes + weight * mean
    b = cases - successes + weight * (1.0 - mean)
    return beta_cdf(level, a, b) < (1.0 - 0.8) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1 / (1 + d2 / (1 + ...))."""
    value, c, d = 1.0, 1.0, 0.0
    for n in range(1, MOST_TERMS):
        term = _term(n, x, a, b)
        d = 1.0 / _not_zero(1.0 + term * d)
        c = _not_zero(1.0 + term / c)
        value *= c * d
        if abs(c * d - 1.0) < CLOSE:
            break
    return value


def _term(n: int, x: float, a: float, b: float) -> float:
    m = n // 2
    if n % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY

"""
How much money: Gamma-Gamma spend per order day, and the sum over a random number of them.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013: an order day's net
revenue is Gamma(p, rate), the rate is Gamma(q, v) across customers. After n order days
with mean m a customer's rate is Gamma(q + p n, v + n m).
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from nextorder.scoring.counts import BuyingHistory
from nextorder.scoring.model import StoreModel

ATOMS = 24
"""Values by which a wide distribution of counts is represented."""
LEVELS = (0.1, 0.9)
PRECISION = 1e-3
"""Of a quantile, relative."""
LEAST_EXCESS = 0.05
WIDEST = 64.0
TINY = 1e-300


def mean_spend(model: StoreModel, history: BuyingHistory) -> float:
    """Return the expected net revenue per order day, p (v + n m) / (p n + q - 1), minor units."""
    shape, rate = _posterior(model, history)
    return model.p * rate / (shape - 1.0)


def squared_variation(model: StoreModel, history: BuyingHistory, chances: Sequence[float]) -> float:
    """
    Return the variance of a customer's spend over its squared mean; `chances` as from `at_least`.

    Near and below a posterior shape of 2 the Gamma-Gamma variance is infinite; it is held
    finite there, since only a group's average is judged by it.
    """
    mean = sum(chances)
    if mean < TINY:
        return 0.0
    square = sum((2 * n - 1) * chance for n, chance in enumerate(chances, start=1))
    shape, _ = _posterior(model, history)
    between = (shape - 1.0) / max(shape - 2.0, LEAST_EXCESS)
    return max(between * (square / mean + 1.0 / model.p) / mean - 1.0, 0.0)


def spend_range(model: StoreModel, history: BuyingHistory, chances: Sequence[float]) -> tuple[float, float]:
    """
    Return the 10 % and 90 % points of a customer's own spend, minor units.

    The sum of n order days is v' times a beta prime variable (p n, q') with her own
    q' and v', so that her spend is a mixture of these over n, with an atom at zero.
    """
    nothing = 1.0 - chances[0]
    if nothing >= max(LEVELS):
        return 0.0, 0.0
    shape, rate = _posterior(model, history)
    atoms = _condense(chances)

    def below(log_amount: float) -> float:
        amount = math.exp(log_amount)
        return nothing + sum(
            mass * _beta_prime_below(amount, model.p * count, shape) for count, mass in atoms
        )

    guess = math.log(model.p / shape * sum(count * mass for count, mass in atoms) / sum(m for _, m in atoms))
    low, high = (
        0.0 if nothing >= level else rate * math.exp(_quantile(below, level, guess)) for level in LEVELS
    )
    return low, max(low, high)


def _posterior(model: StoreModel, history: BuyingHistory) -> tuple[float, float]:
    return (
        model.q + model.p * history.spend_days,
        model.v + history.spend_days * history.mean_spend,
    )


def _condense(chances: Sequence[float]) -> list[tuple[float, float]]:
    """Return (count, probability) of each count, neighbours joined until few are left."""
    limit = chances[0] / ATOMS
    atoms: list[tuple[float, float]] = []
    mass = moment = 0.0
    for n, (here, beyond) in enumerate(pairwise((*chances, 0.0)), start=1):
        mass += here - beyond
        moment += n * (here - beyond)
        if mass >= limit or beyond == 0.0:
            atoms.append((moment / mass if mass > 0.0 else float(n), mass))
            mass = moment = 0.0
    return atoms


def _beta_prime_below(amount: float, a: float, b: float) -> float:
    """
    Return P(beta prime(a, b) <= amount), to about a percent point.

    Paulson, "An Approximate Normalization of the Analysis of Variance Distribution",
    Annals of Mathematical Statistics 13(2), 1942: the cube root of an F variable is
    nearly a ratio of normals.
    """
    root = math.cbrt(amount * b / a)
    near, far = 1.0 / (9.0 * a), 1.0 / (9.0 * b)
    score = ((1.0 - far) * root - (1.0 - near)) / math.sqrt(far * root**2 + near)
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


def _quantile(below: Callable[[float], float], level: float, guess: float) -> float:
    """Return where `below` passes `level`, by regula falsi (Illinois) around the guess."""
    low, high, width = guess - 1.0, guess + 1.0, 1.0
    at_low, at_high = below(low) - level, below(high) - level
    while at_low > 0.0 and width < WIDEST:
        high, at_high = low, at_low
        low, width = low - width, 2.0 * width
        at_low = below(low) - level
    while at_high < 0.0 and width < WIDEST:
        low, at_low = high, at_high
        high, width = high + width, 2.0 * width
        at_high = below(high) - level
    while high - low > PRECISION and at_high > at_low:
        middle = high - at_high * (high - low) / (at_high - at_low)
        at_middle = below(middle) - level
        if abs(at_middle) < PRECISION / 10:
            return middle
        if at_middle > 0.0:
            high, at_high, at_low = middle, at_middle, at_low / 2
        else:
            low, at_low, at_high = middle, at_middle, at_high / 2
    return (low + high) / 2

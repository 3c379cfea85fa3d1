"""
How many order days: MBG/NBD in closed form, one customer at a time.

Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models for
customer base analysis", International Journal of Research in Marketing 24(3), 2007.
Given x repeat order days, the last of them t_x days after the first, and a tenure of T
days, a customer who is still active has
    rate of ordering        Gamma(r + x, alpha + T)
    chance of leaving       Beta(a, b + x + 1)    after each order day,
independent of each other. Everything below follows from these two.
"""

import math
from functools import lru_cache
from itertools import count, takewhile

from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.interval import expit
from nextorder.scoring.model import StoreModel

MOST_ORDER_DAYS = 366
"""A year holds no more of them."""
NEGLIGIBLE = 1e-9
ROUNDING = 1e-15
COARSEST_STEP = 0.36


def p_active(model: StoreModel, history: BuyingHistory) -> float:
    """Return the chance that she has not left yet: 1 / (1 + a/(b+x) ((alpha+T)/(alpha+t_x))^(r+x))."""
    return expit(belief(model, history)[0])


def belief(model: StoreModel, history: BuyingHistory) -> tuple[float, float]:
    """Return the log odds of being active, and the log of the mean rate (order days a day) while so."""
    shape, waited = _shape(model, history), math.log(model.alpha + history.tenure_days)
    silence = waited - math.log(model.alpha + history.first_to_last_days)
    odds_left = math.log(model.a / (model.b + history.repeat_days)) + shape * silence
    return -odds_left, math.log(shape) - waited


def chance_of_order(model: StoreModel, history: BuyingHistory, horizon_days: float) -> float:
    """Return P(at least one order within the horizon): p_active (1 - ((alpha+T)/(alpha+T+h))^(r+x))."""
    waiting = math.log1p(horizon_days / (model.alpha + history.tenure_days))
    return p_active(model, history) * -math.expm1(-_shape(model, history) * waiting)


def expected_order_days(model: StoreModel, history: BuyingHistory, horizon_days: float) -> float:
    """
    Return the mean number of order days within the horizon.

    A customer who leaves with probability p after each order makes (1 - e^(-rate p h)) / p
    of them on average; over rate and p that is p_active E[(1 - (1 + p u)^-(r+x)) / p] with
    u = h / (alpha+T). The papers write it with Gauss' 2F1, as a difference that loses its
    digits near a = 1; the mean over p is the same number from positive terms only.
    """
    u = horizon_days / (model.alpha + history.tenure_days)
    shape = _shape(model, history)
    mean = _mean_over_leaving(model.a, model.b + history.repeat_days + 1, shape, u)
    return p_active(model, history) * mean


def at_least(model: StoreModel, history: BuyingHistory, horizon_days: float) -> list[float]:
    """
    Return P(N >= 1), P(N >= 2), ... of the number N of order days within the horizon.

    N >= n needs n arrivals of a negative binomial and n - 1 decisions to stay, which are
    independent: P(N >= n) = p_active P(NB >= n) E[(1-p)^(n-1)]. Ends where the chance is
    negligible, or after a year of order days.
    """
    shape, staying = _shape(model, history), model.b + history.repeat_days + 1
    waiting = math.log1p(horizon_days / (model.alpha + history.tenure_days))
    z = -math.expm1(-waiting)
    # NOTE: underflows only where far more than MOST_ORDER_DAYS arrivals are expected
    arrivals = math.exp(-shape * waiting)
    tail = -math.expm1(-shape * waiting)
    stays = p_active(model, history)
    chances = []
    for n in range(1, MOST_ORDER_DAYS + 1):
        chances.append(tail * stays)
        if chances[-1] < NEGLIGIBLE:
            break
        arrivals *= (shape + n - 1) / n * z
        tail = max(tail - arrivals, 0.0)
        stays *= (staying + n - 1) / (model.a + staying + n - 1)
    return chances


def _shape(model: StoreModel, history: BuyingHistory) -> float:
    return model.r + history.repeat_days


def _mean_over_leaving(a: float, b: float, shape: float, u: float) -> float:
    """
    Return the mean of (1 - (1 + p u)^-shape) / p over p ~ Beta(a, b).

    Trapezoid rule over the log odds of p, which converges exponentially (Trefethen and
    Weideman, "The Exponentially Convergent Trapezoidal Rule", SIAM Review 56(3), 2014).
    Where p is tiny the terms fall geometrically; the rest of that tail is summed exactly.
    """
    expm1, log1p = math.expm1, math.log1p
    step = _step(a)
    reach = 2.0 ** math.ceil(math.log2(1.0 + u * (shape + 1.0)))
    terms = [-weight * expm1(-shape * log1p(p * u)) for p, weight in _nodes(a, b, reach)]
    return step * (sum(terms) + terms[-1] / expm1(a * step))


def _step(a: float) -> float:
    return min(COARSEST_STEP, 0.6 / math.sqrt(1.0 + a))


@lru_cache(maxsize=512)
def _nodes(a: float, b: float, reach: float) -> tuple[tuple[float, float], ...]:
    """
    Return p and its density over log odds divided by p, at all p that count, the smallest last.

    What is averaged rises from 1 to at most `reach` times as much where p is small; the last
    p is so small that it is linear from there on.
    """
    step, mode = _step(a), math.log(a / b)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def density(w: float) -> tuple[float, float]:
        fold = math.log1p(math.exp(-abs(w)))
        log_p = min(w, 0.0) - fold
        return math.exp(log_p), math.exp(scale + a * log_p + b * (min(-w, 0.0) - fold))

    least, linear_below = ROUNDING * density(mode)[1], 1e-11 / (reach + a + b)
    above = takewhile(lambda node: node[1] > least, (density(mode + n * step) for n in count()))
    below = takewhile(
        lambda node: node[1] * reach > least and node[0] > linear_below,
        (density(mode - n * step) for n in count(1)),
    )
    return tuple((p, height / p) for p, height in (*above, *below))

"""The 80 % range of the average of customers like this one: drift and sampling together."""

import math
from itertools import pairwise

from nextorder.scoring.estimate import Estimate
from nextorder.scoring.model import StoreModel

Z80 = 1.2815515655446004
"""Standard normal quantile at 0.9."""
TINY = 1e-300


def drift_of(model: StoreModel, horizon_days: float) -> float:
    """Return the logit drift at a horizon: the store's own, between horizons by log days."""
    known = sorted((float(key), sd) for key, sd in model.drift.items())
    for (near, sd_near), (far, sd_far) in pairwise(known):
        if near <= horizon_days <= far:
            share = math.log(horizon_days / near) / math.log(far / near)
            return sd_near + share * (sd_far - sd_near)
    return known[0][1] if horizon_days < known[0][0] else known[-1][1]


def probability_range(p: float, drift: float, group: int) -> Estimate:
    """
    Return p with logit p +- 1.28 sqrt(drift^2 + log(1 + 1 / (group p (1 - p)))), half a customer wider.

    The second term is the sampling of a group's rate: where the group expects many
    orders it is the delta method's 1 / (group p (1 - p)); its logarithm is the variance
    of the log-normal with the same mean and variance, which stays sane for the rarest
    orders (with the bare term a chance of one in a million would range from 0 to 1).
    Half a customer is the continuity correction: a group's rate moves in steps of one,
    and most groups that expect less than one order see none.
    """
    spread = group * p * (1.0 - p)
    half = Z80 * math.sqrt(drift**2 + math.log1p(1.0 / spread)) if spread > TINY else 0.0
    step = 0.5 / group
    return Estimate(
        value=p,
        lo=max(_shifted(p, -half) - step, 0.0),
        hi=min(_shifted(p, half) + step, 1.0),
    )


def _shifted(p: float, by: float) -> float:
    """Return the probability whose log odds are `by` more."""
    if p in {0.0, 1.0}:
        return p
    return expit(math.log(p) - math.log1p(-p) + by)


def amount_range(amount: float, squared_variation: float, drift: float, group: int) -> Estimate:
    """
    Return an average amount with its log-normal range; negative amounts keep lo <= hi.

    `squared_variation` is the variance of one customer's outcome over its squared mean.
    """
    half = Z80 * math.sqrt(drift**2 + math.log1p(squared_variation / group))
    ends = sorted((amount * math.exp(-half), amount * math.exp(half)))
    return Estimate(value=amount, lo=ends[0], hi=ends[1])


def expit(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def wilson(rate: float, n: int, z: float = Z80) -> tuple[float, float]:
    """
    Return the score interval of a rate (Wilson, "Probable Inference", JASA 22(158), 1927).

    80 % unless another normal quantile is given.
    """
    z2 = z * z
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)

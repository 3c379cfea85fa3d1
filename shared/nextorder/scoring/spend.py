"""
How much money: Gamma-Gamma spend per order day, and the sum over a random number of them.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013: an order day's net
revenue is Gamma(p, rate), the rate is Gamma(q, v) across customers. After n order days
with mean m a customer's rate is Gamma(q + p n, v + n m).
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from statistics import NormalDist

from nextorder.scoring.counts import at_least
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.model import SPEND_BANDS, StoreModel

LEAST_EXCESS = 0.05
"""Near and below a posterior shape of 2 the Gamma-Gamma variance is infinite; it is held finite there."""
LEAST_VARIATION = 1e-9
TINY = 1e-300
ROOT_OF_TINY = 1e-150
STANDARD = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What one customer will have spent by a horizon: nothing, or something log-normal."""

    chance: float
    """Of any order."""
    mean_if_any: float
    """Minor units."""
    variation_if_any: float
    """Variance over squared mean."""

    @property
    def mean(self) -> float:
        """The mean, orders or not."""
        return self.chance * self.mean_if_any

    @property
    def variation(self) -> float:
        """Variance over squared mean, orders or not."""
        return (1.0 + self.variation_if_any) / self.chance - 1.0 if self.chance > TINY else 0.0


def mean_spend(model: StoreModel, history: BuyingHistory) -> float:
    """Return the expected net revenue per order day, p (v + n m) / (p n + q - 1), minor units."""
    shape, rate = _posterior(model, history)
    return model.p * rate / (shape - 1.0)


def spend_of(
    model: StoreModel, history: BuyingHistory, days: float, chance: float, order_days: float
) -> Spend:
    """
    Return the spend within some days, from the chance of any order and the mean number of order days.

    N Gamma(p) order days at a rate that is Gamma(q', v') have E[S^2] / E[S]^2 =
    (q'-1)/(q'-2) (E[N^2]/E[N]^2 + 1/(p E[N])); N, given any, varies as under MBG/NBD.
    """
    count = max(order_days / chance, 1.0) if chance > TINY else 1.0
    shape, _ = _posterior(model, history)
    between = (shape - 1.0) / max(shape - 2.0, LEAST_EXCESS)
    variation = between * (_squared_count(model, history, days) + 1.0 / (model.p * count)) - 1.0
    return Spend(
        chance=chance,
        mean_if_any=count * mean_spend(model, history),
        variation_if_any=max(variation, LEAST_VARIATION),
    )


def _squared_count(model: StoreModel, history: BuyingHistory, days: float) -> float:
    """Return E[N^2] / E[N]^2 given N > 0, from P(N >= 1), P(N >= 2), ..."""
    first = mean = square = 0.0
    for n, chance in enumerate(at_least(model, history, days), start=1):
        first = first or chance
        mean += chance
        square += (2 * n - 1) * chance
    return first * square / (mean * mean) if mean > ROOT_OF_TINY else 1.0


def spend_range(model: StoreModel, spend: Spend) -> tuple[float, float]:
    """
    Return the 80 % range of a customer's own spend, minor units.

    The levels whose quantiles these are come from the store's past, by band of expected
    spend (Mondrian conformal: Vovk, Gammerman and Shafer, "Algorithmic Learning in a
    Random World", 2005, section 4.5), 10 % and 90 % where it has none.
    """
    usual = model.p * model.v / (model.q - 1.0)
    low, high = model.spend_levels[bisect_right(SPEND_BANDS, spend.mean / usual)]
    return _quantile(spend, low), _quantile(spend, high)


def _quantile(spend: Spend, level: float) -> float:
    nothing = 1.0 - spend.chance
    if level <= nothing:
        return 0.0
    spread = math.sqrt(math.log1p(spend.variation_if_any))
    score = STANDARD.inv_cdf((level - nothing) / spend.chance)
    return spend.mean_if_any * math.exp(spread * (score - spread / 2.0))


def _posterior(model: StoreModel, history: BuyingHistory) -> tuple[float, float]:
    return (
        model.q + model.p * history.spend_days,
        model.v + history.spend_days * history.mean_spend,
    )

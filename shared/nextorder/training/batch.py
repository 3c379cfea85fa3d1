"""The formulas of scoring.counts and scoring.spend for all customers at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, hyp2f1, ndtr, ndtri

from nextorder.scoring.counts import MOST_ORDER_DAYS, NEGLIGIBLE
from nextorder.scoring.model import SPEND_BANDS
from nextorder.scoring.spend import LEAST_EXCESS, LEAST_VARIATION, ROOT_OF_TINY, TINY
from nextorder.training.table import Floats, Ints, Summary

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
    return expected_order_days(ordering, data, horizon_days) * mean_spend(spending, data)


def mean_spend(spending: Spending, data: Summary) -> Floats:
    """Return every customer's expected net revenue per order day, minor units."""
    p, q, v = spending
    mean: Floats = p * (v + data.spend_days * data.mean_spend) / (p * data.spend_days + q - 1)
    return mean


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
    active: Floats = expit(belief(ordering, data)[0])
    return active


def belief(ordering: Ordering, data: Summary) -> tuple[Floats, Floats]:
    """Return every customer's log odds of being active, and the log of the mean rate while so."""
    r, alpha, a, b = ordering
    waited = np.log(alpha + data.tenure)
    silence = waited - np.log(alpha + data.t_x)
    return np.log(b + data.x) - np.log(a) - (r + data.x) * silence, np.log(r + data.x) - waited


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spends:
    """scoring.spend.Spend in columns: customer x horizon."""

    chance: Floats
    mean_if_any: Floats
    variation_if_any: Floats
    usual: float
    """The store's mean order day, minor units."""

    @property
    def mean(self) -> Floats:
        """The mean, orders or not."""
        mean: Floats = self.chance * self.mean_if_any
        return mean

    @property
    def bands(self) -> Ints:
        """Which band of expected spend each outcome belongs to."""
        return np.digitize(self.mean / self.usual, SPEND_BANDS).astype(np.int64)

    def below(self, spent: Floats) -> Floats:
        """Return P(spend <= spent), given any order."""
        spread = np.sqrt(np.log1p(self.variation_if_any))
        with np.errstate(divide="ignore"):
            score = np.log(spent / self.mean_if_any) / spread + spread / 2
        share: Floats = ndtr(score)
        return share

    def quantile(self, level: Floats) -> Floats:
        """Return scoring.spend's quantile at a level each."""
        spread = np.sqrt(np.log1p(self.variation_if_any))
        share = (level - 1.0 + self.chance) / np.maximum(self.chance, TINY)
        buys = share > 0.0
        score = ndtri(np.where(buys, share, 0.5))
        return np.where(buys, self.mean_if_any * np.exp(spread * (score - spread / 2)), 0.0)


def spends_of(
    ordering: Ordering,
    spending: Spending,
    data: Summary,
    days: Sequence[float],
    chance: Floats,
    order_days: Floats,
) -> Spends:
    """Return scoring.spend.spend_of for customer x horizon."""
    p, q, v = spending
    ratio = np.divide(order_days, chance, out=np.ones_like(chance), where=chance > TINY)
    count = np.maximum(ratio, 1.0)
    square = np.column_stack([_squared_count(ordering, data, day) for day in days])
    shape = (q + p * data.spend_days)[:, None]
    between = (shape - 1.0) / np.maximum(shape - 2.0, LEAST_EXCESS)
    variation = between * (square + 1.0 / (p * count)) - 1.0
    return Spends(
        chance=chance,
        mean_if_any=count * mean_spend(spending, data)[:, None],
        variation_if_any=np.maximum(variation, LEAST_VARIATION),
        usual=p * v / (q - 1.0),
    )


def _squared_count(ordering: Ordering, data: Summary, days: float) -> Floats:
    """Return scoring.spend's E[N^2] / E[N]^2 given N > 0, term by term as scoring.counts.at_least."""
    r, alpha, a, b = ordering
    shape, staying = r + data.x, b + data.x + 1
    waiting = np.log1p(days / (alpha + data.tenure))
    z, arrivals, tail = -np.expm1(-waiting), np.exp(-shape * waiting), -np.expm1(-shape * waiting)
    stays = p_active(ordering, data)
    mean, square, rows = np.zeros(len(shape)), np.zeros(len(shape)), np.arange(len(shape))
    first = tail * stays
    for n in range(1, MOST_ORDER_DAYS + 1):
        chance = tail * stays
        mean[rows] += chance
        square[rows] += (2 * n - 1) * chance
        going = chance >= NEGLIGIBLE
        if not going.any():
            break
        rows, shape, staying, z = rows[going], shape[going], staying[going], z[going]
        arrivals, tail, stays = arrivals[going], tail[going], stays[going]
        arrivals = arrivals * ((shape + n - 1) / n * z)
        tail = np.maximum(tail - arrivals, 0.0)
        stays = stays * ((staying + n - 1) / (a + staying + n - 1))
    some = mean > ROOT_OF_TINY
    squares: Floats = np.divide(first * square, mean * mean, out=np.ones_like(mean), where=some)
    return squares

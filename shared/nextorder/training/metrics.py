"""How forecasts are judged."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import expit, logit, xlogy
from scipy.stats import rankdata

from nextorder.training.table import Bools, Floats, Ints

CLIP = 1e-6
"""A chance of 0 or 1 is held for one in a million off, for every model alike."""
BINS = 10
GROUP = 200
SEED = 7
STEPS = 50
TOLERANCE = 1e-10
Scores = Mapping[str, float]


def chance_scores(chance: Floats, happened: Bools) -> Scores:
    """
    Judge P(order); `happened` has both outcomes.

    `normalised` is the log loss over the entropy of the outcomes' own base rate, so that
    1 is as good as knowing the base rate; `bias` is the expected over the true total.
    """
    p, y = np.clip(chance, CLIP, 1 - CLIP), happened.astype(float)
    loss = float(-np.mean(xlogy(y, p) + xlogy(1 - y, 1 - p)))
    rate = y.mean()
    entropy = float(-(xlogy(rate, rate) + xlogy(1 - rate, 1 - rate)))
    return {
        "customers": len(y),
        "events": float(y.sum()),
        "log_loss": loss,
        "normalised": loss / entropy,
        "auc": auc(p, happened),
        "brier": float(np.mean((p - y) ** 2)),
        "ece": calibration_error(p, y),
        "slope": calibration_slope(p, y),
        "bias": float(p.sum() / y.sum()),
    }


def spend_scores(expected: Floats, spent: Floats) -> Scores:
    """Judge expected spend; somebody has spent something."""
    error = expected - spent
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "bias": float(expected.sum() / spent.sum()),
        "gini": gini(expected, spent) / gini(spent, spent),
        "spearman": rank_correlation(expected, spent),
        "top_10": capture(expected, spent, 0.10),
        "top_20": capture(expected, spent, 0.20),
    }


def auc(score: Floats, happened: Bools) -> float:
    """Return the chance that a customer who ordered has the higher score, ties half (Mann-Whitney)."""
    ranks = rankdata(score)
    yes, no = int(happened.sum()), int((~happened).sum())
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def rank_correlation(expected: Floats, spent: Floats) -> float:
    """Return Spearman's rho; 0 where everyone is expected to spend the same."""
    ranks = rankdata(expected)
    return float(np.corrcoef(ranks, rankdata(spent))[0, 1]) if ranks.std() else 0.0


def calibration_error(p: Floats, y: Floats) -> float:
    """Return the mean gap between expected and true rate over ten equal groups by chance."""
    groups = calibration(p, y)
    return float(sum(n * abs(said - true) for n, said, true in groups) / len(p))


def calibration(p: Floats, y: Floats) -> list[tuple[int, float, float]]:
    """Return size, mean chance and true rate of ten equal groups by chance, lowest first."""
    parts = np.array_split(ascending(p), min(BINS, len(p)))
    return [(len(part), float(p[part].mean()), float(y[part].mean())) for part in parts]


def calibration_slope(p: Floats, y: Floats) -> float:
    """Return b of logit P(y) = a + b logit p by Newton's method; below 1 is over-confident."""
    x = np.stack([np.ones(len(p)), logit(p)])
    if x[1].std() < TOLERANCE:
        return 0.0
    theta = np.array([0.0, 1.0])
    for _ in range(STEPS):
        fitted = expit(theta @ x)
        curvature = (x * fitted * (1 - fitted)) @ x.T + TOLERANCE * np.eye(2)
        step = np.linalg.solve(curvature, x @ (y - fitted))
        theta = theta + step
        if np.abs(step).max() < TOLERANCE:
            break
    return float(theta[1])


def gini(by: Floats, spent: Floats) -> float:
    """Return the Gini coefficient of spend with customers ordered by a score, ties by chance."""
    share = np.cumsum(spent[ascending(by)[::-1]]) / spent.sum()
    return float(share.mean() - (len(spent) + 1) / (2 * len(spent)))


def capture(by: Floats, spent: Floats, top: float) -> float:
    """Return the share of all spend that the highest scores hold."""
    most = ascending(by)[::-1][: max(1, round(top * len(by)))]
    return float(spent[most].sum() / spent.sum())


def coverage_of_rates(p: Floats, lo: Floats, hi: Floats, happened: Bools) -> tuple[int, int]:
    """Return in how many groups of about 200 alike the true rate was in the range, and of how many."""
    parts = groups(p)
    inside = [lo[part].mean() <= happened[part].mean() <= hi[part].mean() for part in parts]
    return int(sum(inside)), len(parts)


def coverage_of_spend(expected: Floats, lo: Floats, hi: Floats, spent: Floats) -> Scores:
    """Return the share of customers whose own spend was in the range, of all and of the top tenth."""
    inside = (lo <= spent) & (spent <= hi)
    top = ascending(expected)[::-1][: max(1, len(expected) // 10)]
    return {"all": float(inside.mean()), "top_decile": float(inside[top].mean())}


def groups(p: Floats) -> Sequence[Ints]:
    """Cut customers into groups of about 200 by chance."""
    return np.array_split(ascending(p), max(1, round(len(p) / GROUP)))


def ascending(values: Floats) -> Ints:
    """Return the order by value; ties by seeded chance, since customers are numbered by age."""
    order = np.random.default_rng(SEED).permutation(len(values))
    sorted_: Ints = order[np.argsort(values[order], kind="stable")]
    return sorted_

"""Had it been on since then: a forecast of the past laid beside what came after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from nextorder.domain.backtest import TOP, Backtest, Capture, Horizon, Tenth
from nextorder.domain.features import Features
from nextorder.scoring.interval import wilson
from nextorder.training import metrics
from nextorder.training.foretell import LEVEL, Foretold
from nextorder.training.orders import MINOR, RETURN
from nextorder.training.table import DAY_SECONDS, Bools, Floats, Ints

OURS, RFM, SPENT = "Nextorder", "RFM (the sum of three fifths)", "revenue so far"
RESAMPLES: Final = 200
SEED: Final = 20_261_122

Rankings = Mapping[str, Mapping[str, float]]
"""Name -> customer -> the higher, the better."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Later:
    """Order days from the moment on, of customers known before; money in minor units."""

    customer: Ints
    """By their place among those foretold."""
    second: Floats
    revenue: Floats
    worth: Floats
    until: datetime
    """Up to where all is known."""


def later_in_file(orders: pd.DataFrame, told: Foretold) -> Later:
    """Look at the rows from the moment on; `orders` is the whole file, as `read_order_file` gives it."""
    at = orders["timestamp"]
    bought = (at >= told.as_of) & (orders["amount"] >= 0) & (orders["kind"] != RETURN)
    rows = orders[bought & orders["customer_id"].isin(told.names)]
    revenue = np.round(rows["amount"].to_numpy(dtype=float) * MINOR)
    return Later(
        customer=told.names.get_indexer(pd.Index(rows["customer_id"])),
        second=rows["timestamp"].dt.as_unit("us").astype("int64").to_numpy() / 1e6,
        revenue=revenue,
        worth=revenue,
        until=max(at.max().to_pydatetime(), told.as_of),
    )


def later_in_shop(everyone: Sequence[Features], told: Foretold, until: datetime) -> Later:
    """Look at the order days from the moment on in features as of now."""
    places = {name: place for place, name in enumerate(told.names)}
    rows = [
        (places[one.customer], day.at.timestamp(), day.revenue, day.profit)
        for one in everyone
        if one.customer in places
        for day in one.order_days
        if day.at >= told.as_of
    ]
    columns = np.array(rows, dtype=float).reshape(-1, 4).T
    return Later(
        customer=columns[0].astype(np.int64),
        second=columns[1],
        revenue=columns[2],
        worth=columns[3],
        until=until,
    )


def judge(told: Foretold, later: Later, others: Rankings | None = None) -> Backtest:
    """
    Lay a forecast beside what came, horizon by horizon as far as they have come to their end.

    Ours is compared with each of the `others` on the customers whom it ranks.
    """
    known_days = (later.until - told.as_of).total_seconds() / DAY_SECONDS
    closed = [at for at, days in enumerate(told.days) if days <= known_days]
    ordered, worth, spent = (np.zeros((len(told.names), len(told.days))) for _ in range(3))
    wait = (later.second - told.as_of.timestamp()) / DAY_SECONDS
    for at in closed:
        soon = wait < told.days[at]
        who = later.customer[soon]
        ordered[who, at] = 1.0
        np.add.at(worth[:, at], who, later.worth[soon])
        np.add.at(spent[:, at], who, np.maximum(later.revenue[soon], 0.0))
    found = Backtest(
        as_of=told.as_of,
        until=later.until,
        customers=len(told.names),
        second_orders=told.second_orders,
        history_days=told.history_days,
        model=told.model.name,
        horizons=tuple(_horizon(told, at, ordered[:, at] > 0) for at in closed),
        money=told.money,
    )
    return _with_money(found, told, closed[-1], worth, spent, others or {}) if closed else found


def _horizon(told: Foretold, at: int, happened: Bools) -> Horizon:
    chance, lo, hi = told.chance[:, at], told.lo[:, at], told.hi[:, at]
    plain = Horizon(
        days=told.days[at],
        n=len(chance),
        expected=float(chance.sum()),
        happened=int(happened.sum()),
    )
    if not 0 < plain.happened < plain.n:
        return plain
    scores = metrics.chance_scores(chance, happened)
    tenths = tuple(_tenths(chance, lo, hi, happened))
    covered, groups = metrics.coverage_of_rates(chance, lo, hi, happened)
    return replace(
        plain,
        tenths=tenths,
        loss=scores["normalised"],
        auc=scores["auc"],
        slope=scores["slope"],
        lift=tenths[-1].happened / float(happened.mean()),
        covered=covered,
        groups=groups,
    )


def _tenths(chance: Floats, lo: Floats, hi: Floats, happened: Bools) -> Sequence[Tenth]:
    parts = np.array_split(metrics.ascending(chance), min(metrics.BINS, len(chance)))
    return [_tenth(chance[part], lo[part], hi[part], happened[part]) for part in parts]


def _tenth(chance: Floats, lo: Floats, hi: Floats, happened: Bools) -> Tenth:
    n, rate = len(chance), float(happened.mean())
    low, high = wilson(rate, n)
    return Tenth(
        n=n,
        said=float(chance.mean()),
        lo=float(lo.mean()),
        hi=float(hi.mean()),
        happened=rate,
        happened_lo=low,
        happened_hi=high,
    )


def _with_money(
    found: Backtest,
    told: Foretold,
    at: int,
    worth: Floats,
    spent: Floats,
    others: Rankings,
) -> Backtest:
    came, ours = worth[:, at], told.worth[:, at]
    if came.sum() <= 0:
        return found
    rankings = {RFM: told.rfm, SPENT: told.spent}
    rankings |= {
        name: np.array([by.get(str(one), np.nan) for one in told.names]) for name, by in others.items()
    }
    captures = [Capture(ranking=OURS, share=metrics.capture(ours, came, TOP), n=len(came))]
    captures += [compared for name, by in rankings.items() if (compared := _compared(name, ours, by, came))]
    inside = metrics.coverage_of_spend(
        told.spend[:, at], told.spend_lo[:, at], told.spend_hi[:, at], spent[:, at]
    )
    return replace(
        found,
        money_days=told.days[at],
        captures=tuple(captures),
        best_share=metrics.capture(came, came, TOP),
        spend_covered=inside,
    )


def _compared(name: str, ours: Floats, by: Floats, came: Floats) -> Capture | None:
    """Compare two rankings on the customers whom both rank; None where these brought nothing."""
    ranked = ~np.isnan(by)
    ours, by, came = ours[ranked], by[ranked], came[ranked]
    if came.sum() <= 0:
        return None
    share = metrics.capture(by, came, TOP)
    low, high = _ahead_range(ours, by, came)
    return Capture(
        ranking=name,
        share=share,
        ahead=metrics.capture(ours, came, TOP) - share,
        ahead_lo=low,
        ahead_hi=high,
        n=len(came),
    )


def _ahead_range(ours: Floats, by: Floats, came: Floats) -> tuple[float, float]:
    random = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES):
        some = random.integers(0, len(came), len(came))
        if came[some].sum() > 0:
            mine, other = (metrics.capture(one[some], came[some], TOP) for one in (ours, by))
            found.append(mine - other)
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)

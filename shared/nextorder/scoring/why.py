"""
Why a chance is what it is: what moves its log odds, from the shop's average to what is said.

The base model and the clock are followed along the customer's own life: the shop's average,
someone who has just ordered for the first time, the customer at the last order, now, now on the
shop's clock. Each of these is a chance that the model really gives, so nothing is made up and the
steps add up by themselves.

The correction reads many numbers of a history at once. Its groups share what it adds by Shapley's
value (Shapley, "A Value for n-Person Games", 1953), computed exactly over all sets of groups, where
a group that is left out is as of someone who has just ordered for the first time for the usual
amount ("baseline Shapley": Sundararajan and Najmi, "The Many Shapley Values for Model
Explanation", ICML 2020).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise
from math import comb
from typing import Final
from zoneinfo import ZoneInfo

from nextorder.scoring.clock import Marked, effective_days
from nextorder.scoring.correction import Correction, corrected, pieces, shifts_of_row
from nextorder.scoring.counts import belief, chance_of_order
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.interval import expit
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import HORIZON_DAYS
from nextorder.scoring.traits import STRETCHES, TRAITS, stretches, traits

METHOD: Final = (
    "steps along the customer's own life; within the correction exact Shapley values of its groups"
)
NEWCOMER: Final = BuyingHistory(repeat_days=0, first_to_last_days=0.0, tenure_days=0.0, days=(0.0,))
"""Someone who has just ordered for the first time."""
TINY: Final = 1e-300
NEAR_ONE: Final = 1.0 - 2.0**-53

GROUPS: Final[Mapping[str, str]] = {
    "repeat_days": "orders",
    "silence_in_usual_gaps": "silence",
    "tenure_in_usual_gaps": "orders",
    "silence_in_own_gaps": "silence",
    "own_gap_in_usual_gaps": "rhythm",
    "unevenness_of_gaps": "rhythm",
    "last_gap_in_own_gaps": "rhythm",
    "gap_before_in_own_gaps": "rhythm",
    "silence_in_longest_gaps": "silence",
    "order_days_in_1_usual_gap": "orders",
    "order_days_in_2_usual_gaps": "orders",
    "order_days_in_4_usual_gaps": "orders",
    "order_days_in_8_usual_gaps": "orders",
    "mean_spend_in_usual_spends": "spend",
    "last_spend_in_own_spends": "spend",
    "first_spend_in_usual_spends": "spend",
    "share_of_tenure_before_silence": "silence",
    "order_days_a_usual_gap": "orders",
}
"""Of each trait. The marks are "first order"; the base's belief goes with silence and orders."""
MARKS: Final = "first order"
PLAYERS: Final = ("silence", "orders", "rhythm", "spend", MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that moves a chance."""

    stage: str
    """base, clock or correction."""
    name: str
    log_odds: float
    """What it adds."""
    chance: float
    """What the chance is with all parts up to this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A chance and what it is made of: the log odds of `average` and all parts' sum to its own."""

    average: float
    """Of the shop's customers; where no fit has told it, of someone who has just ordered first."""
    parts: tuple[Part, ...]

    @property
    def chance(self) -> float:
        """The chance that is said."""
        return self.parts[-1].chance


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A customer at a moment, and the place of the horizon among the moments ahead."""

    model: StoreModel
    history: BuyingHistory
    base: Sequence[float]
    """The base's chances on the clock, at all moments up to the longest horizon."""
    intervals: Sequence[int]
    at: int


def why(
    model: StoreModel,
    history: BuyingHistory,
    horizon_days: float,
    *,
    as_of: datetime,
    zone: ZoneInfo,
    marked: Sequence[Marked] = (),
    average: float | None = None,
) -> Why:
    """
    Take the chance of an order within one of the HORIZONS apart, exactly as `forecast` puts it together.

    `average` is the frozen base of the horizon; None = not known.
    """
    edges = model.correction.edges if model.correction and history.days else (0.0,)
    moments, intervals = pieces(edges, HORIZON_DAYS)
    ordinary = effective_days(model.clock, zone, as_of, moments)
    days = effective_days(model.clock, zone, as_of, moments, marked) if marked else ordinary
    base = [chance_of_order(model, history, day) for day in days]
    at = moments.index(horizon_days)
    on_clock = chance_of_order(model, history, ordinary[at])
    life = [*_life(model, history, horizon_days), ("clock", "hour of the week", on_clock)]
    if marked:
        life.append(("clock", "calendar", base[at]))
    start = average or life[0][2]
    steps = [("", "", start), *life]
    parts = [
        Part(stage=stage, name=name, log_odds=_logit(chance) - _logit(before), chance=chance)
        for (_, _, before), (stage, name, chance) in pairwise(steps)
    ]
    asked = _Asked(model=model, history=history, base=base, intervals=intervals, at=at)
    if model.correction and history.days:
        parts += _corrections(model.correction, asked, base[at])
    return Why(average=start, parts=tuple(parts))


def shapley(players: Sequence[str], value: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """
    Return what each player adds on average over all orders in which they could join.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)); the sum is
    v(all) - v(none). Asks for the value of each of the 2^n sets once.
    """
    count = len(players)
    worth = {
        one: value(one) for size in range(count + 1) for one in map(frozenset, combinations(players, size))
    }
    return {
        player: sum(
            (worth[among | {player}] - worth[among]) / (count * comb(count - 1, len(among)))
            for among in worth
            if player not in among
        )
        for player in players
    }


def _life(model: StoreModel, history: BuyingHistory, days: float) -> Iterator[tuple[str, str, float]]:
    """Yield the base's chance at each stage of the customer's life, the clock averaged over the week."""
    last = history.at(history.first_to_last_days)
    yield "base", "a first order just placed", chance_of_order(model, NEWCOMER, days)
    yield "base", "orders since then", chance_of_order(model, last, days)
    yield "base", "silence since the last order", chance_of_order(model, history, days)


def _corrections(correction: Correction, asked: _Asked, before: float) -> Iterator[Part]:
    value = _value_of(correction, asked)
    level = value(frozenset())
    total = level
    yield Part(stage="correction", name="level", log_odds=level - _logit(before), chance=expit(level))
    for name, added in shapley(PLAYERS, value).items():
        total += added
        yield Part(stage="correction", name=name, log_odds=added, chance=expit(total))


def _value_of(correction: Correction, asked: _Asked) -> Callable[[frozenset[str]], float]:
    """Return the log odds that are said if only these groups of numbers are the customer's own."""
    model, history, usual = asked.model, asked.history, correction.usual
    newcomer = NEWCOMER._replace(
        spend_days=1, mean_spend=usual.spend, first_spend=usual.spend, last_spend=usual.spend
    )
    both = (newcomer, history)
    rows = [traits(one, usual, correction.marks) for one in both]
    aheads = [stretches(one, usual, correction.edges) for one in both]
    beliefs = [belief(model, one) for one in both]
    groups = [*(GROUPS[name] for name in TRAITS), *(MARKS for _ in correction.marks)]

    def value(own: frozenset[str]) -> float:
        row = [rows[group in own][at] for at, group in enumerate(groups)]
        silent = "silence" in own
        ahead = [aheads[silent][at] for at in range(len(STRETCHES))]
        believed = beliefs[silent][0], beliefs["orders" in own][1]
        shift = shifts_of_row(correction, row, ahead, believed)
        return _logit(corrected(asked.base, asked.intervals, shift)[asked.at])

    return value


def _logit(chance: float) -> float:
    """Return the log odds, of 0 and 1 those of the nearest number that has any."""
    held = min(max(chance, TINY), NEAR_ONE)
    return math.log(held) - math.log1p(-held)

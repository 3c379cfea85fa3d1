"""What the boosted correction sees of a customer: ratios that mean the same in every store."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nextorder.scoring.history import BuyingHistory

WINDOWS = (1.0, 2.0, 4.0, 8.0)
"""Of the store's usual gap: how many order days were there lately?"""
UNKNOWN = -1.0
"""Where a customer has no such number: ratios are never negative."""
TRAITS = (
    "repeat_days",
    "silence_in_usual_gaps",
    "tenure_in_usual_gaps",
    "silence_in_own_gaps",
    "own_gap_in_usual_gaps",
    "unevenness_of_gaps",
    "last_gap_in_own_gaps",
    "gap_before_in_own_gaps",
    "silence_in_longest_gaps",
    "order_days_in_1_usual_gap",
    "order_days_in_2_usual_gaps",
    "order_days_in_4_usual_gaps",
    "order_days_in_8_usual_gaps",
    "mean_spend_in_usual_spends",
    "last_spend_in_own_spends",
    "first_spend_in_usual_spends",
    "share_of_tenure_before_silence",
    "order_days_a_usual_gap",
)
"""Of a customer at a moment; the marks of her first order follow."""
STRETCHES = ("days_ahead", "silence_until_then_in_usual_gaps", "silence_until_then_in_own_gaps")
"""Of a stretch of time ahead; each rises from one stretch to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The store's units."""

    gap_days: float
    spend: float
    """Of an order day, minor units."""


def own_gap(history: BuyingHistory, usual: Usual) -> float:
    """Return a customer's mean gap in days, one usual gap added to her own."""
    return (history.first_to_last_days + usual.gap_days) / (history.repeat_days + 1.0)


def traits(history: BuyingHistory, usual: Usual, marks: Sequence[str] = ()) -> list[float]:
    """
    Return TRAITS and one 0 or 1 a mark; `history` must know its order days.

    Sums, quotients and comparisons only, in a fixed order: these round alike in numpy and
    in plain Python, so that both take the same branch of every tree. Trees do not care
    for logarithms.
    """
    x, gap, own = float(history.repeat_days), usual.gap_days, own_gap(history, usual)
    tenure, mean = history.tenure_days, history.mean_spend
    silence = tenure - history.first_to_last_days
    gaps = [late - early for early, late in pairwise(history.days)]
    squares = 0.0
    for one in gaps:
        squares += one * one
    ages = [tenure - day for day in history.days]
    return [
        x,
        silence / gap,
        tenure / gap,
        silence / own,
        own / gap,
        (squares + 2.0 * gap * gap) / (x + 1.0) / (own * own),
        gaps[-1] / own if gaps else UNKNOWN,
        gaps[-2] / own if len(gaps) > 1 else UNKNOWN,
        silence / max(gaps) if gaps and max(gaps) > 0.0 else UNKNOWN,
        *(float(sum(age <= window * gap for age in ages)) for window in WINDOWS),
        mean / usual.spend,
        history.last_spend / mean if mean > 0.0 else UNKNOWN,
        history.first_spend / usual.spend,
        history.first_to_last_days / tenure if tenure > 0.0 else 0.0,
        (x + 1.0) / (tenure + gap) * gap,
        *(1.0 if mark in history.marks else 0.0 for mark in marks),
    ]


def stretches(history: BuyingHistory, usual: Usual, edges: Sequence[float]) -> tuple[list[float], ...]:
    """Return the STRETCHES of every [edge, next edge) ahead, by their middles."""
    own, silence = own_gap(history, usual), history.tenure_days - history.first_to_last_days
    middles = [(near + far) / 2.0 for near, far in pairwise(edges)]
    return (
        middles,
        [(silence + middle) / usual.gap_days for middle in middles],
        [(silence + middle) / own for middle in middles],
    )

"""Which class of offer pays: none, light or strong; one for a segment, never a price of a person's own."""

from dataclasses import dataclass
from typing import Final

from nextorder.domain.currency import retold, why_unpriced, why_unranked
from nextorder.domain.published import ladder
from nextorder.domain.shop import Incentives, Shop
from nextorder.domain.verdict import Scores

NONE, LIGHT, STRONG = "none", "light", "strong"
HORIZON: Final = "30"
"""Days in which an offer is to bring an order; for an open checkout it is the checkout itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A class of offer, and why it is this one."""

    name: str
    reason: str


def incentive_of(shop: Shop, scores: Scores | None) -> Offer | None:
    """
    Choose a customer's class of offer; None where the shop has not switched offers on.

    It rests on the published step of the chance and on the shop's means alone: not on the
    customer's value, margin or basket, so that nobody has a price of their own.
    """
    if not shop.incentives.on or not scores or why_unranked(shop) or why_unpriced((), shop):
        return None
    if scores.p_unaided is None and HORIZON in shop.withheld:
        return None
    chance = scores.p_order[HORIZON].value if scores.p_unaided is None else scores.p_unaided
    return best_offer(ladder(chance), shop.numbers.order_profit, retold(shop).incentives)


def best_offer(p0: float, margin: int, terms: Incentives) -> Offer:
    """
    Return the offer of the greatest profit among those that surely have one.

    Args:
        p0: Chance of an order without an offer, on the published ladder.
        margin: Mean profit of an order, minor units.
        terms: What each class costs when it is redeemed, and what it does to the odds.
    """
    classes = {LIGHT: (terms.light, terms.light_cost), STRONG: (terms.strong, terms.strong_cost)}
    sure = {
        name: profit(p0, margin, cost, odds.value)
        for name, (odds, cost) in classes.items()
        if margin > 0 and profit(p0, margin, cost, odds.lo) > 0
    }
    best = max(sure, key=sure.__getitem__, default=NONE)
    return Offer(name=best, reason=_reason(best, p0, margin, terms))


def profit(p0: float, margin: int, cost: int, odds_ratio: float) -> float:
    """Return what an offer adds per customer: p1 (margin - cost) - p0 margin, minor units."""
    p1 = odds_ratio * p0 / (1.0 - p0 + odds_ratio * p0)
    return p1 * (margin - cost) - p0 * margin


def _reason(name: str, p0: float, margin: int, terms: Incentives) -> str:
    if name != NONE:
        return f"A {name} offer: it brings profit even at the lower bound of {terms.readout or 'its effect'}."
    if margin <= 0:
        return "No offer: an order of this shop brings no profit that could pay for one."
    if not p0:
        return "No offer: hardly anybody like them orders, with or without one."
    if not terms.readout:
        return "No offer: before your own test shows an effect the lower bound is no gain."
    return f"No offer: at the lower bound of {terms.readout} it costs more than it brings."

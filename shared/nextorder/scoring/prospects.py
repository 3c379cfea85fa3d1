"""
P(first order within a horizon) of a customer without one, by age, consent and checkouts.

In each stretch of days since sign-up a share of those without an order makes one; within a stretch
every day is alike. An unfinished checkout starts a second, steeper course of 30 days beside it, and
the higher of the two counts. Rates that would rise with age are pooled (Ayer, Brunk, Ewing, Reid and
Silverman, "An Empirical Distribution Function for Sampling with Incomplete Information", Annals of
Mathematical Statistics 26(4), 1955), so that without a fact the chance only falls.

The prior is no measurement of any shop. Subscribers: 8 of 100 order within 30 days, the lower
half of the 4 to 18 that are published for welcome series (metricrig.com, digitalcommerce360.com);
how they spread over days follows 159,229 subscribers' first orders that did not come within the hour
of subscribing (bsandco.us/blog-post/time-to-first-purchase-benchmarks). That an account without
consent orders half as often, and the rates after a checkout, are assumed from general knowledge. A
shop's own rates replace it at 200 outcomes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from nextorder.scoring.estimate import Estimate
from nextorder.scoring.interval import probability_range
from nextorder.scoring.predict import HORIZONS
from nextorder.scoring.rates import ENOUGH_OUTCOMES, PRIOR_CASES, Tallies, cell, outcomes, shrunk

EDGES_DAYS = (0, 1, 7, 30, 90, 180, 365, 730)
"""Since sign-up; after the last every day is like those of the last stretch."""
CHECKOUT_EDGES_DAYS = (0, 1, 7, 30)
"""Since a checkout; after the last it is forgotten."""
SOURCES = ("subscribed", "account")
"""With and without consent to newsletters; Shopify does not say where a customer came from."""
CHECKOUT = "checkout"

PRIOR: Mapping[str, tuple[float, ...]] = {
    "subscribed": (0.029, 0.027, 0.024, 0.025, 0.020, 0.025, 0.030),
    "account": (0.015, 0.013, 0.012, 0.012, 0.010, 0.012, 0.015),
    CHECKOUT: (0.120, 0.060, 0.050),
}
"""Share of those still without an order at the start of each stretch who order within it."""
PRIOR_DRIFT = 0.65
"""Logit deviation of shops around the prior: half the way from 4 to 18 of 100, over 1.28."""
OWN_DRIFT = 0.3
"""The same of a shop from one year to the next, assumed; what was counted adds its own error."""
GROUP = 200
"""Customers whose average a range speaks of, as everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectRates:
    """A shop's rates, ready to be asked."""

    hazards: Mapping[str, tuple[float, ...]]
    """Source or checkout -> orders a day in each stretch, never rising."""
    drift: float
    prior: bool
    """Whether they are the documented prior's, not yet the shop's own."""

    def chances(
        self, source: str, age_days: float, since_checkout_days: float | None = None
    ) -> dict[str, Estimate]:
        """Return P(order) within each of the HORIZONS, clock averaged; value and ends rise along them."""
        ranges = (
            probability_range(
                self.chance(source, age_days, since_checkout_days, float(days)), self.drift, GROUP
            )
            for days in HORIZONS
        )
        return dict(zip(HORIZONS, accumulate(ranges, _raised), strict=True))

    def chance(
        self, source: str, age_days: float, since_checkout_days: float | None, horizon_days: float
    ) -> float:
        """Return P(order within the horizon | none yet): 1 - exp(-the sum of the days' hazards)."""
        end = age_days + horizon_days
        opened = math.inf if since_checkout_days is None else age_days - since_checkout_days
        edges = (*EDGES_DAYS, *(opened + edge for edge in CHECKOUT_EDGES_DAYS))
        cuts = [age_days, *sorted(edge for edge in edges if age_days < edge < end), end]
        # asked in the middle of each piece, where rounding cannot put it into a neighbour
        pieces = ((until - at, (at + until) / 2) for at, until in pairwise(cuts))
        return -math.expm1(-sum(days * self._hazard(source, middle, opened) for days, middle in pieces))

    def _hazard(self, source: str, age_days: float, opened_days: float) -> float:
        """Return orders a day at an age; `opened_days` is the age at which a checkout was opened."""
        plain = self.hazards[source][_place(EDGES_DAYS[:-1], age_days)]
        days = age_days - opened_days
        if not 0 <= days < CHECKOUT_EDGES_DAYS[-1]:
            return plain
        return max(plain, self.hazards[CHECKOUT][_place(CHECKOUT_EDGES_DAYS[:-1], days)])


def prospect_rates(tallies: Tallies) -> ProspectRates:
    """Return the shop's rates, shrunk to the prior; below 200 outcomes the prior itself."""
    is_prior = outcomes(tallies, SOURCES) < ENOUGH_OUTCOMES
    used: Tallies = {} if is_prior else tallies
    ordered = sum(successes for _, successes in used.values())
    hazards = {source: _hazards(used, source, EDGES_DAYS) for source in SOURCES}
    hazards[CHECKOUT] = _hazards(used, CHECKOUT, CHECKOUT_EDGES_DAYS)
    drift = PRIOR_DRIFT if is_prior else math.sqrt(OWN_DRIFT**2 + 1.0 / (ordered + 1.0))
    return ProspectRates(hazards=hazards, drift=drift, prior=is_prior)


def _hazards(tallies: Tallies, group: str, edges: Sequence[float]) -> tuple[float, ...]:
    """Turn shares of stretches into hazards of days, pooled so that they never rise."""
    starts, widths = edges[:-1], [end - start for start, end in pairwise(edges)]
    shares = shrunk(tallies, group, starts, PRIOR[group])
    cases = [tallies.get(cell(group, start), (0, 0))[0] + PRIOR_CASES for start in starts]
    hazards = [-math.log1p(-share) / width for share, width in zip(shares, widths, strict=True)]
    return _falling(hazards, [seen * width for seen, width in zip(cases, widths, strict=True)])


def _falling(numbers: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """Return the nearest numbers that never rise, by weighted squares: violators pooled with neighbours."""
    pools: list[tuple[float, float, int]] = []
    for number, weight in zip(numbers, weights, strict=True):
        pool = (number, weight, 1)
        while pools and pools[-1][0] < pool[0]:
            mean, heft, size = pools.pop()
            joint = heft + pool[1]
            pool = ((mean * heft + pool[0] * pool[1]) / joint, joint, size + pool[2])
        pools.append(pool)
    return tuple(mean for mean, _, size in pools for _ in range(size))


def _place(starts: Sequence[float], days: float) -> int:
    return max(sum(start <= days for start in starts) - 1, 0)


def _raised(shorter: Estimate, longer: Estimate) -> Estimate:
    return Estimate(value=longer.value, lo=max(shorter.lo, longer.lo), hi=max(shorter.hi, longer.hi))

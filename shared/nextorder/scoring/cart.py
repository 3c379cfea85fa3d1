"""
P(an open checkout is completed unaided), by its age and the customer's history.

In each stretch of hours a share of the checkouts still open is completed; what is left after 72
hours is taken for abandoned. So the chance falls with every full hour, whatever the rates are.

The prior is no measurement of any shop. Its level follows published ranges for checkouts that
are completed at all (45 to 60 % for most trades: metricuno.com/checkout-benchmarks; "mid-40s" for
Shopify: fullsession.io/blog/checkout-conversion-benchmarks-interpretation). That most are
completed within the hour, and that known customers complete more, is assumed from general
knowledge. A shop's own rates replace it at 200 outcomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

from nextorder.scoring.rates import ENOUGH_OUTCOMES, Tallies, outcomes, shrunk

STARTS_HOURS = (0, 1, 2, 4, 8, 24, 48)
LAPSE_HOURS = 72
EDGES_HOURS = (*STARTS_HOURS, LAPSE_HOURS)
HISTORIES = ("none", "one", "several")
"""Order days before the checkout was opened."""

PRIOR: Mapping[str, tuple[float, ...]] = {
    "none": (0.35, 0.05, 0.04, 0.03, 0.05, 0.03, 0.02),
    "one": (0.45, 0.07, 0.05, 0.04, 0.06, 0.04, 0.02),
    "several": (0.55, 0.10, 0.07, 0.06, 0.08, 0.05, 0.03),
}
"""Share of the checkouts open at the start of each stretch that is completed within it."""
_ROUNDING_HOURS = 1e-9
"""A full hour counts as full, however its days were added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartRates:
    """A shop's rates, ready to be asked."""

    lapses: Mapping[str, tuple[float, ...]]
    """History -> P(never completed | open at hour n), n from 0 to 72."""
    prior: bool
    """Whether they are the documented prior's, not yet the shop's own."""

    def completes(self, history: str, age_hours: float) -> float:
        """Return P(completed before 72 hours | still open at this age); falls with each full hour."""
        return 1.0 - self.lapses[history][_hour(age_hours)]

    def completes_within(self, history: str, age_hours: float, hours: int) -> float:
        """Return P(completed within so many hours | still open at this age)."""
        hour = _hour(age_hours)
        lapses = self.lapses[history]
        return 1.0 - lapses[hour] / lapses[min(hour + hours, LAPSE_HOURS)]


def cart_rates(tallies: Tallies) -> CartRates:
    """Return the shop's rates, shrunk to the prior; below 200 outcomes the prior itself."""
    is_prior = outcomes(tallies, HISTORIES) < ENOUGH_OUTCOMES
    used: Tallies = {} if is_prior else tallies
    rates = {history: shrunk(used, history, STARTS_HOURS, PRIOR[history]) for history in HISTORIES}
    return CartRates(lapses={history: _lapses(shares) for history, shares in rates.items()}, prior=is_prior)


def _lapses(shares: list[float]) -> tuple[float, ...]:
    """Multiply what stays open, hour by hour from the last; within a stretch each hour is alike."""
    stays = [
        (1.0 - share) ** (1.0 / (end - start))
        for share, (start, end) in zip(shares, pairwise(EDGES_HOURS), strict=True)
        for _ in range(start, end)
    ]
    return tuple(reversed(list(accumulate(reversed(stays), float.__mul__, initial=1.0))))


def _hour(age_hours: float) -> int:
    return min(int(age_hours + _ROUNDING_HOURS), LAPSE_HOURS)

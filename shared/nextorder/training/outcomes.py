"""Count what came of checkouts and sign-ups: the shop's own rates in place of the priors."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean

from nextorder.domain.features import Features
from nextorder.domain.prospects import source_of
from nextorder.domain.segments_cart import bought_after, bought_at, history_at
from nextorder.domain.shop import Tally
from nextorder.scoring.cart import EDGES_HOURS, LAPSE_HOURS
from nextorder.scoring.prospects import CHECKOUT, CHECKOUT_EDGES_DAYS, EDGES_DAYS
from nextorder.scoring.rates import cell

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEEN_DAYS = 30
"""A sign-up or its checkout says nothing of a shop's rates before so many days have passed."""


@dataclass(slots=True)
class _Counter:
    """Cases and successes by cell."""

    cases: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    successes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def follow(self, group: str, edges: Sequence[float], seen: float, happened: float | None) -> None:
        """
        Count one case through the stretches it was open in.

        A stretch counts only if it has been seen to its end, whatever came of it: otherwise those
        who order early would count before those who do not.
        """
        for start, end in pairwise(edges):
            if end > seen or (happened is not None and happened < start):
                return
            self.cases[cell(group, start)] += 1
            self.successes[cell(group, start)] += happened is not None and happened < end

    def tallies(self) -> Mapping[str, Tally]:
        """Return them as the shop keeps them."""
        return {
            name: Tally(cases=cases, successes=self.successes[name])
            for name, cases in sorted(self.cases.items())
        }


def cart_tally(everyone: Iterable[Features], as_of: datetime) -> Mapping[str, Tally]:
    """
    Count checkouts that were opened more than 72 hours ago, by history and stretch of hours.

    A checkout is completed by the customer's first purchase after it. Whether a reminder helped
    is not known: once reminders are sent these are rates with them, but for the held out.
    """
    counter = _Counter()
    for features in _persons(everyone):
        bought = bought_at(features)
        for opened in features.checkouts:
            seen = (as_of - opened.at) / HOUR
            if seen > LAPSE_HOURS:
                came = bought_after(opened.at, bought)
                happened = (came - opened.at) / HOUR if came else None
                counter.follow(history_at(features, opened.at), EDGES_HOURS, seen, happened)
    return counter.tallies()


def sign_up_tally(everyone: Iterable[Features], as_of: datetime) -> Mapping[str, Tally]:
    """
    Count sign-ups of more than 30 days ago by source and stretch of days; checkouts before an order, too.

    Who orders within an hour of signing up did so at the till: no prospect for anybody to act on.
    """
    counter = _Counter()
    for features in _persons(everyone):
        if features.missing_orders or features.signed_up_at is None:
            continue
        first = next(iter(features.ordered_at), None)
        for group, edges, began in _beginnings(features, first):
            seen, happened = (as_of - began) / DAY, (first - began) / DAY if first else None
            if seen > SEEN_DAYS and (first is None or first - began >= HOUR):
                counter.follow(group, edges, seen, happened)
    return counter.tallies()


def mean_order_profit(everyone: Iterable[Features]) -> int:
    """Return the mean gross profit 2 of an order day, minor units; 0 without any."""
    priced = (features for features in _persons(everyone) if not features.unpriced)
    profits = [day.profit for features in priced for day in features.order_days]
    return round(fmean(profits)) if profits else 0


def _beginnings(
    features: Features, first: datetime | None
) -> Iterator[tuple[str, Sequence[float], datetime]]:
    if features.signed_up_at:
        yield source_of(features, before=first), EDGES_DAYS, features.signed_up_at
    for opened in features.checkouts:
        if first is None or opened.at <= first:
            yield CHECKOUT, CHECKOUT_EDGES_DAYS, opened.at


def _persons(everyone: Iterable[Features]) -> Iterator[Features]:
    return (features for features in everyone if not features.withheld)

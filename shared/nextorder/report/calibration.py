"""Whether as many ordered as was said: the store's own past, tenth by tenth of its customers."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from nextorder.domain.backtest import (
    LEAST_EVENTS,
    LEAST_HISTORY_DAYS,
    LONGEST_JUDGED_DAYS,
    Backtest,
    Horizon,
    Use,
    verdict,
)
from nextorder.domain.model_card import LEAST_SECOND_ORDERS
from nextorder.domain.phrases import day_in_words
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import number, percent, significant

KEY: Final = "calibration"
TITLE: Final = "Did as many order as was said?"
INTERVAL: Final = (
    "said: the average of such customers lies within it four times out of five; "
    "happened: what so few customers leave open, four times out of five"
)
COLUMNS: Final = (
    Column(name="horizon", label="horizon", kind=Kind.DAYS),
    Column(name="tenth", label="tenth (1 = least likely)", kind=Kind.COUNT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="said", label="said", kind=Kind.SHARE),
    Column(name="said_lo", label="said, at least", kind=Kind.SHARE),
    Column(name="said_hi", label="said, at most", kind=Kind.SHARE),
    Column(name="happened", label="happened", kind=Kind.SHARE),
    Column(name="happened_lo", label="happened, at least", kind=Kind.SHARE),
    Column(name="happened_hi", label="happened, at most", kind=Kind.SHARE),
)
NEGLIGIBLE: Final = 0.05
"""Totals that were not further off are planned with as they are."""


def calibration(store: Store) -> Picture:
    """Lay what would have been said of each tenth beside what came, horizon by horizon."""
    told = fit_to_judge(store)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(told, store) if told else too_little(store),
        n=told.customers if told else 0,
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(_rows(told)) if told else (),
    )


def fit_to_judge(store: Store) -> Backtest | None:
    """Return the store's backtest, unless it says nothing for want of data."""
    told = store.backtest
    return told if told and verdict(told)[0] is not Use.NOT_ENOUGH else None


def judged(told: Backtest) -> Sequence[Horizon]:
    """Return the horizons of which enough happened to tell, the shortest first."""
    return [one for one in told.horizons if one.is_judged]


def too_little(store: Store) -> str:
    """Say what a judgement lacks, and when it will be there."""
    return f"Not enough data to judge the forecasts by this store's own past{_lacks(store)}."


def _lacks(store: Store) -> str:
    if store.backtest:
        lacks = [f"{one.rule} (found: {one.found})" for one in verdict(store.backtest)[1] if not one.holds]
        return f"; missing: {'; '.join(lacks)}"
    first = min((one.order_days[0].at for one in store.buyers), default=None)
    days = timedelta(days=LEAST_HISTORY_DAYS + LONGEST_JUDGED_DAYS)
    if first and first + days > store.as_of:
        there = day_in_words(first + days, store.shop)
        return f": that can be done from {there} on, when {days.days} days of orders are known"
    return (
        f": it takes {LEAST_SECOND_ORDERS} customers who have ordered again, and {LEAST_EVENTS} orders in "
        f"the {LONGEST_JUDGED_DAYS:g} days after that"
    )


def _rows(told: Backtest) -> Iterator[Sequence[Value]]:
    for one in judged(told):
        for place, tenth in enumerate(one.tenths, start=1):
            yield (
                *(one.days, place, tenth.n, tenth.said, tenth.lo, tenth.hi),
                *(tenth.happened, tenth.happened_lo, tenth.happened_hi),
            )


def _says(told: Backtest, store: Store) -> str:
    use, checks = verdict(told)
    longest = judged(told)[-1]
    beside = (
        f"of the {number(longest.n)} customers known on {day_in_words(told.as_of, store.shop)} about "
        f"{number(significant(longest.expected))} were expected to order within {longest.days:g} days, and "
        f"{number(longest.happened)} did"
    )
    if use is Use.USE:
        off = max(abs(one.happened - one.expected) / max(one.expected, 1.0) for one in judged(told))
        room = f": totals were up to {percent(off)} off, so leave that much room in a plan"
        return (
            f"Use: {beside}. That is near enough to plan with{room if off > NEGLIGIBLE else ''}; and who is "
            "likelier to order than whom was told well."
        )
    amiss = "; ".join(one.amiss.replace("%", " %") for one in checks if not one.holds)
    return f"Use with care, and leave room for error: {beside}. What was off: {amiss}."

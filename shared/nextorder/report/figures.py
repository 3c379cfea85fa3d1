"""The five figures at the top of the page, with last week's and the ranges that they may lie in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import sqrt
from typing import Final

import numpy as np

from nextorder.domain.audit import Light
from nextorder.domain.currency import why_unranked
from nextorder.domain.features import Features
from nextorder.domain.stages import stages
from nextorder.domain.withholding import NOT_SAID, VALUE
from nextorder.report.beginners import profits
from nextorder.report.expected import expected_orders, expected_profit, mean_of, order_profits
from nextorder.report.last_cohort import LEAST, Cohort, last_closed, one_before
from nextorder.report.page import Estimate, Figure, Kind
from nextorder.report.store import Store
from nextorder.report.words import amount, counted, estimated, number, percent, significant
from nextorder.scoring.interval import Z80
from nextorder.training.table import Floats

AHEAD_DAYS: Final = 30.0
AHEAD: Final = f"{AHEAD_DAYS:g}"
"""The same as a horizon that may be withheld."""
MONTH: Final = timedelta(days=30)
YEAR: Final = timedelta(days=365)
CLOSING: Final = "closing"
IN_WINDOW: Final = ("new", "second-window", CLOSING)
COSTS: Final = "goods without a cost"
"""The audit's finding on which every profit rests."""


def figures(store: Store) -> Sequence[Figure]:
    """Return the five, in the order of the page."""
    return second_orders(store), orders(store), profit_ahead(store), in_window(store), worth(store)


def second_orders(store: Store) -> Figure:
    """Tell how many of the latest first orders whose window is closed came back in it."""
    days, found = store.shop.numbers.window.days, last_closed(store)
    figure = Figure(key="second_orders", title=f"Came back within {days} days", kind=Kind.SHARE, now=None)
    if found is None:
        return replace(
            figure,
            says=f"It is told once {LEAST} customers have had {days} days to come back after a first order.",
        )
    a_week_ago = last_closed(store.before) if store.before else None
    earlier = one_before(found, store)
    compared = f"; of those {earlier.when}, {percent(earlier.share.value)} did" if earlier else ""
    return replace(
        figure,
        now=found.share,
        before=a_week_ago.share if a_week_ago else None,
        says=f"Of the {number(store.in_all(found.customers))} customers who first bought {found.when}, "
        f"{percent(found.share.value)} came back within {days} days{compared}.{_told_of(a_week_ago, found)}",
    )


def _told_of(a_week_ago: Cohort | None, found: Cohort) -> str:
    """Say whom last week's figure was of: most weeks of the same people."""
    if a_week_ago is None:
        return ""
    if a_week_ago.when != found.when:
        return f" A week earlier it was told of those who first bought {a_week_ago.when}."
    return f" A week earlier it was told of the same {'month' if found.months == 1 else 'months'}."


def orders(store: Store) -> Figure:
    """Set the orders of the last 30 days against what was to be expected of the customers of then."""
    known, new = _orders_of_month(store)
    have = f"ordered {counted(known.value, 'time')}" if known.value else "not ordered"
    return Figure(
        key="orders",
        title="Orders of the last 30 days",
        kind=Kind.COUNT,
        now=known,
        before=_orders_of_month(store.before)[0] if store.before else None,
        says=f"Customers known 30 days ago have {have} since, "
        f"{_beside(known, store)}; new customers added "
        f"{counted(new.value, 'order') if new.value else 'none'}{_a_week_ago(store.before)}.",
    )


def profit_ahead(store: Store) -> Figure:
    """Tell the gross profit 2 that the customers of now are expected to bring in the next 30 days."""
    figure = Figure(key="profit_ahead", title="Gross profit of the next 30 days", kind=Kind.MONEY, now=None)
    if AHEAD in store.shop.withheld:
        return replace(figure, says=NOT_SAID)
    now = _profit_ahead(store)
    if now is None:
        return replace(figure, says=_why_no_money(store))
    since = store.as_of - MONTH
    lately = sum(
        day.profit
        for one in _priced(store.buyers)
        if one.order_days[0].at < since
        for day in one.order_days
        if day.at >= since
    )
    currency = store.shop.currency
    return replace(
        figure,
        now=now,
        before=_profit_ahead(store.before) if store.before else None,
        says=f"Expected of today's customers, before marketing and without new customers; those of 30 days "
        f"ago have brought {amount(lately / store.share, currency)} since{_caveat(store)}.",
    )


def in_window(store: Store) -> Figure:
    """Count the customers with one order who can still come back in time, by their stage of life."""
    held = in_window_of(store)
    now, closing = _in_all([1] * len(held), store), _in_all([1] * held.count(CLOSING), store)
    return Figure(
        key="in_window",
        title="Still in the window",
        kind=Kind.COUNT,
        now=now,
        before=_in_all([1] * len(in_window_of(store.before)), store) if store.before else None,
        says=f"{counted(now.value, 'customer')} with one order can still come back in time; for "
        f"{number(closing.value) if closing.value else 'none'} of them the window is closing."
        if now.value
        else "Nobody with one order has an open window.",
    )


def worth(store: Store) -> Figure:
    """Tell the mean gross profit 2 that a customer who bought within 12 months brought in them."""
    brought = _year(store)
    figure = Figure(
        key="worth", title="Gross profit a customer, 12 months", kind=Kind.MONEY, now=mean_of(brought)
    )
    if figure.now is None:
        return replace(figure, says=_why_no_money(store))
    return replace(
        figure,
        before=mean_of(_year(store.before)) if store.before else None,
        says=f"{number(store.in_all(len(brought)))} customers who bought in the last 12 months brought "
        f"{estimated(figure.now, store.shop.currency)[0]} each in that time, after costs and returns and "
        f"before marketing{_caveat(store)}.",
    )


def in_window_of(store: Store) -> Sequence[str]:
    """Return the stages of those in the window, as their tags have them."""
    told = (
        stages(one, store.shop, store.told.model, store.catalogue, [store.as_of])[0][0]
        for one in store.buyers
        if len(one.order_days) == 1
    )
    return [stage for stage in told if stage in IN_WINDOW]


def _orders_of_month(store: Store) -> tuple[Estimate, Estimate]:
    """Count order days since 30 days ago: of customers known then, and of new ones."""
    since = store.as_of - MONTH
    found: Mapping[bool, list[int]] = {True: [], False: []}
    for one in store.buyers:
        found[one.order_days[0].at < since].append(sum(day.at >= since for day in one.order_days))
    return _in_all(found[True], store), _in_all(found[False], store)


def _in_all(counts: Sequence[int], store: Store) -> Estimate:
    """Return the sum over everyone; where a share of them was looked at, with the 80 % range that leaves."""
    value = sum(counts) / store.share
    if store.share >= 1:
        return Estimate(value=value)
    half = Z80 * sqrt((1 - store.share) * sum(count * count for count in counts)) / store.share
    return Estimate(value=value, lo=max(value - half, 0.0), hi=value + half)


def _beside(came: Estimate, store: Store) -> str:
    if store.month_ago is None:
        return "and too little was known then to expect a number"
    expected = expected_orders(store.month_ago, AHEAD_DAYS).each_of(store.share)
    low, high = expected.lo or 0.0, expected.hi or 0.0
    how = "within" if low <= came.value <= high else "fewer than" if came.value < low else "more than"
    return f"{how} what was expected, about {_rough(expected.value)} ({_rough(low)} to {_rough(high)})"


def _a_week_ago(before: Store | None) -> str:
    if before is None or before.month_ago is None:
        return ""
    return f"; a week earlier it was {_beside(_orders_of_month(before)[0], before)}"


def _rough(count: float) -> str:
    return number(significant(count))


def _profit_ahead(store: Store) -> Estimate | None:
    buyers = store.buyers
    whose = np.array([not one.unpriced for one in buyers], dtype=bool)
    if why_unranked(store.shop) or not whose.any():
        return None
    return expected_profit(store.told, AHEAD_DAYS, whose, order_profits(store)).each_of(store.share)


def _year(store: Store) -> Floats:
    """Return what each customer who bought in the last 12 months brought in them, minor units."""
    since = store.as_of - YEAR
    return np.array(
        [
            sum(gp2 for at, gp2 in profits(store.facts[one.customer], store.shop) if at >= since)
            for one in _priced(store.buyers)
            if one.order_days[-1].at >= since
        ],
        dtype=float,
    )


def _priced(buyers: Sequence[Features]) -> Sequence[Features]:
    return [one for one in buyers if not one.unpriced]


def _why_no_money(store: Store) -> str:
    unpriced = next((one.unpriced for one in store.buyers if one.unpriced), "")
    return why_unranked(store.shop) or unpriced or "It is told once two customers have bought."


def _caveat(store: Store) -> str:
    """Say how much of it rests on a margin that stands in, and whose money is not in it."""
    found = next((one for one in store.findings if one.name == COSTS and one.light is not Light.GREEN), None)
    guessed = f"; a margin stands in for the costs of {found.number.split(', ')[0]}" if found else ""
    if guessed and VALUE in store.shop.numbers.withheld:
        guessed += ", so take it as a rough size: nobody is ranked by it"
    unpriced = store.in_all(sum(bool(one.unpriced) for one in store.buyers))
    if not unpriced:
        return guessed
    return f"{guessed}; left out: {counted(unpriced, 'customer')} with orders that no rate converts"

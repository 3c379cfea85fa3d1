"""What was said beside what came, window by window; recomputed while nothing has come to its end."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from nextorder.domain.backtest import LEAST_EVENTS, Backtest
from nextorder.domain.judged import Judged
from nextorder.domain.phrases import day_in_words
from nextorder.domain.published import WINDOW_HORIZON, shop_day
from nextorder.report.calibration import fit_to_judge, judged
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import counted, number
from nextorder.scoring.interval import wilson

KEY: Final = "said"
TITLE: Final = "What we said, and what happened"
INTERVAL: Final = "where what was said is right, so many order four times out of five"
PUBLISHED, RECOMPUTED = "said", "recomputed, not yet said"
DAY: Final = timedelta(days=1)
COLUMNS: Final = (
    Column(name="week", label="said on, or from", kind=Kind.DATE),
    Column(name="until", label="to", kind=Kind.DATE),
    Column(name="horizon", label="horizon", kind=Kind.DAYS),
    Column(name="source", label="source", kind=Kind.TEXT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="said", label="to order, as said", kind=Kind.COUNT),
    Column(name="said_lo", label="at least", kind=Kind.COUNT),
    Column(name="said_hi", label="at most", kind=Kind.COUNT),
    Column(name="happened", label="ordered", kind=Kind.COUNT),
    Column(name="ratio", label="said over happened", kind=Kind.RATIO),
)


def said(store: Store) -> Picture:
    """Lay each window of saying that has come to its end beside what came."""
    source, windows = windows_of(store)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(source, windows, store),
        n=len(windows),
        unit="forecasts whose days are over",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(_row(source, one, store) for one in windows),
    )


def windows_of(store: Store) -> tuple[str, Sequence[Judged]]:
    """Return what was published and has come to its end; while nothing has, what the past would have said."""
    if closed := [one for one in store.judged if one.is_closed]:
        return PUBLISHED, sorted(closed, key=lambda one: (_days(one, store), one.first))
    told = fit_to_judge(store)
    return RECOMPUTED, tuple(_recomputed(told, store)) if told else ()


def _recomputed(told: Backtest, store: Store) -> Iterator[Judged]:
    day = shop_day(told.as_of, store.shop.zone)
    for one in judged(told):
        yield Judged(
            horizon=f"{one.days:g}",
            first=day,
            until=day + DAY,
            n=one.n,
            expected=one.expected,
            happened=one.happened,
            models=(told.model,),
        )


def _days(one: Judged, store: Store) -> float:
    return store.shop.numbers.window.days if one.horizon == WINDOW_HORIZON else float(one.horizon)


def _row(source: str, one: Judged, store: Store) -> Sequence[Value]:
    low, high = said_range(one)
    last = one.until - DAY
    return (
        *(one.first.isoformat(), None if last == one.first else last.isoformat()),
        *(_days(one, store), source),
        *(one.n, one.expected, low, high, one.happened, one.ratio),
    )


def said_range(one: Judged) -> tuple[float, float]:
    """Return how many order four times out of five, if what was said is right."""
    low, high = wilson(min(one.expected / one.n, 1.0), one.n)
    return low * one.n, high * one.n


def _says(source: str, windows: Sequence[Judged], store: Store) -> str:
    if not windows:
        return (
            "Nothing that was said has come to its end yet: a comparison is there as soon as a horizon has "
            f"passed and {LEAST_EVENTS} of those customers have ordered."
        )
    latest = max(windows, key=lambda one: (one.first, _days(one, store)))
    beside = (
        f"of {number(latest.n)} customers {number(latest.expected)} were to order within "
        f"{_days(latest, store):g} days and {number(latest.happened)} did"
    )
    if source == RECOMPUTED and store.backtest:
        then = day_in_words(store.backtest.as_of, store.shop)
        return f"No published forecast is over yet; by what was known on {then}, {beside}."
    ranges = [(said_range(one), one.happened) for one in windows]
    right = sum(low <= happened <= high for (low, high), happened in ranges)
    return (
        f"In {right} of {counted(len(windows), 'forecast')} as many ordered as was said; in the latest, "
        f"{beside}{_withheld(store)}."
    )


def _withheld(store: Store) -> str:
    """Name the horizons of which nothing is published, because they did not hold."""
    named = [
        f"{one} days" if one != WINDOW_HORIZON else "the second-order window" for one in store.shop.withheld
    ]
    return f"; nothing is published of {' and '.join(named)} until it holds again" if named else ""

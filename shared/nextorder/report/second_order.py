"""How long the second order takes: the store's own curve, its window, and the usual 150 days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nextorder.domain.own_window import origins
from nextorder.domain.shop import Window
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import number, percent
from nextorder.scoring.interval import Z80
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import BuyingHistory, p_within
from nextorder.training.store import table_of_shop
from nextorder.training.table import Floats, Ints
from nextorder.training.window import LEAST_SECOND_ORDERS as MEASURED_FROM
from nextorder.training.window import USUAL_DAYS, YEAR, SecondOrders, second_orders

KEY: Final = "second_order"
TITLE: Final = "How long the second order takes"
STEP_DAYS: Final = 5
LEAST_SECOND_ORDERS, LEAST_AT_RISK = 30, 30
"""With fewer second orders the model's curve is drawn; the own one ends where fewer are watched."""
INTERVAL: Final = (
    "a curve lies in its band four times out of five, the day on which the window closes in its range nine "
    "times out of ten"
)
COLUMNS: Final = (
    Column(name="mark", label="what", kind=Kind.TEXT),
    Column(name="day", label="days since the first order", kind=Kind.DAYS),
    Column(name="day_lo", label="from", kind=Kind.DAYS),
    Column(name="day_hi", label="until", kind=Kind.DAYS),
    Column(name="share", label="ordered again", kind=Kind.SHARE),
    Column(name="share_lo", label="at least", kind=Kind.SHARE),
    Column(name="share_hi", label="at most", kind=Kind.SHARE),
    Column(name="at_risk", label="customers still watched", kind=Kind.COUNT),
)
NEWCOMER: Final = BuyingHistory(repeat_days=0, first_to_last_days=0.0, tenure_days=0.0)
CURVE, MODEL, WINDOW, USUAL = "curve", "model", "window", "rule of thumb"
Row = Sequence[Value]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Who has ordered again, by whole days from 0 to a year."""

    share: Floats
    lo: Floats
    hi: Floats
    at_risk: Ints

    def row(self, mark: str, day: int, lo: int | None = None, hi: int | None = None) -> Row:
        """Return the row of one day, on which so many were watched that it can be told; else without."""
        told: Sequence[Value] = (None, None, None)
        if self.at_risk[day] >= LEAST_AT_RISK:
            told = [float(one[day]) for one in (self.share, self.lo, self.hi)]
        return mark, day, lo, hi, *told, int(self.at_risk[day])


def second_order(store: Store) -> Picture:
    """
    Draw one minus the Kaplan-Meier survival of the days from the first to the second order day.

    Of those whom the window is measured on. Where too few have come back, and beyond the day to
    which enough are watched, the model's curve of a new customer stands beside it.
    """
    window, waits = store.shop.numbers.window, _waits(store)
    curve = curve_of(waits)
    rows: list[Row] = []
    if waits.count >= LEAST_SECOND_ORDERS:
        days = range(0, YEAR + 1, STEP_DAYS)
        rows += [curve.row(CURVE, day) for day in days if curve.at_risk[day] >= LEAST_AT_RISK]
    if len(rows) <= YEAR // STEP_DAYS:
        rows += _of_model(store.told.model)
    rows.append(curve.row(WINDOW, window.days, *_range(window)))
    rows.append(curve.row(USUAL, round(USUAL_DAYS)))
    rows += _of_origins(store)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(window, curve),
        n=len(waits.days),
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(rows),
    )


def curve_of(waits: SecondOrders, z: float = Z80) -> Curve:
    """
    Return the shares by day with their band, of 80 % unless another normal quantile is given.

    By Kaplan and Meier, JASA 53(282), 1958, with Greenwood's variance on the scale of
    log(-log S), on which the band stays between 0 and 1 (Kalbfleisch and Prentice, "The
    Statistical Analysis of Failure Time Data", 1980, section 1.3).
    """
    days = np.minimum(waits.days, YEAR + 1)
    all_ended = np.bincount(days, minlength=YEAR + 2)
    came = np.bincount(days[waits.seen], minlength=YEAR + 2)[: YEAR + 1]
    at_risk = np.cumsum(all_ended[::-1])[::-1][: YEAR + 1]
    stay = np.cumprod(1 - came / np.maximum(at_risk, 1)).astype(float)
    rest = at_risk * (at_risk - came)
    variance = np.cumsum(np.divide(came, rest, out=np.zeros(YEAR + 1), where=rest > 0))
    log_stay = np.log(np.clip(stay, 1e-12, 1.0))
    some = log_stay < 0
    half = z * np.divide(np.sqrt(variance), -log_stay, out=np.zeros(YEAR + 1), where=some)
    return Curve(
        share=1 - stay,
        lo=1 - stay ** np.exp(-half),
        hi=1 - stay ** np.exp(half),
        at_risk=at_risk.astype(np.int64),
    )


def _waits(store: Store, origin: str = "") -> SecondOrders:
    """Return the waits that the window is measured on; of one origin where it is named."""
    some = [one for one in store.buyers if not origin or origin in origins(one)]
    table = table_of_shop(some, store.shop, store.as_of)
    return second_orders(table, store.as_of, store.shop.zone)


def _of_model(model: StoreModel) -> Iterator[Row]:
    for day in range(0, YEAR + 1, STEP_DAYS):
        told = p_within(model, NEWCOMER, day)
        yield MODEL, day, None, None, told.value, told.lo, told.hi, None


def _range(window: Window) -> tuple[int | None, int | None]:
    """Return the range of the day; of what is usual in shops in general there is none."""
    return (window.lo, window.hi) if window.second_orders else (None, None)


def _of_origins(store: Store) -> Iterator[Row]:
    """Yield the windows of categories and countries that differ from the store's."""
    for name, window in sorted(store.shop.numbers.windows.items()):
        yield curve_of(_waits(store, name)).row(name, window.days, window.lo, window.hi)


def _says(window: Window, curve: Curve) -> str:
    if window.method != "measured":
        return _not_measured(window)
    usual = "not" if not window.lo <= USUAL_DAYS <= window.hi else "close to the usual"
    is_seen = curve.at_risk[window.days] >= LEAST_AT_RISK
    back = f"; by then {percent(float(curve.share[window.days]))} have ordered again" if is_seen else ""
    return (
        f"Four of five second orders that come within a year come within {window.days} days "
        f"({window.lo} to {window.hi}), {usual} {USUAL_DAYS:.0f}{back}."
    )


def _not_measured(window: Window) -> str:
    if not window.second_orders:
        return (
            f"Nobody has ordered again yet: until {MEASURED_FROM} have, and there is a year of history, the "
            f"usual {window.days} days stand in for the window."
        )
    amiss = (
        f"Fewer than {MEASURED_FROM} second orders are too few to measure when the window closes"
        if window.second_orders < MEASURED_FROM
        else "When the window closes cannot be measured closely enough yet"
    )
    shown = "second order shows" if window.second_orders == 1 else "second orders show"
    return (
        f"{amiss}: {window.days} days ({window.lo} to {window.hi}) stand in, between what "
        f"{number(window.second_orders)} {shown} and the usual {USUAL_DAYS:.0f}."
    )

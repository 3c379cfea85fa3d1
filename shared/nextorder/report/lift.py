"""How much oftener the likeliest ordered, and what the top customers brought, by our ranking and others'."""

from collections.abc import Iterator, Sequence
from typing import Final

from nextorder.domain.backtest import LONGEST_JUDGED_DAYS, TOP, Backtest, Capture, Horizon
from nextorder.report.calibration import fit_to_judge, judged, too_little
from nextorder.report.page import NOT_KNOWN, Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import percent
from nextorder.training.backtest import OURS

KEY: Final = "lift"
TITLE: Final = "Does the ranking find the right ones?"
INTERVAL: Final = "what so few customers leave open, four times out of five"
AFTERWARDS: Final = "known only afterwards"
TOP_TENTHS: Final = round(TOP * 10)
COLUMNS: Final = (
    Column(name="by", label="ranked by", kind=Kind.TEXT),
    Column(name="horizon", label="horizon", kind=Kind.DAYS),
    Column(name="tenth", label="tenth (1 = best)", kind=Kind.COUNT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
    Column(name="share", label="ordered", kind=Kind.SHARE),
    Column(name="share_lo", label="ordered, at least", kind=Kind.SHARE),
    Column(name="share_hi", label="ordered, at most", kind=Kind.SHARE),
    Column(name="lift", label="times the average", kind=Kind.RATIO),
    Column(name="captured", label="of all who ordered, up to here", kind=Kind.SHARE),
    Column(name="money", label="of all money, up to here", kind=Kind.SHARE),
    Column(name="ahead", label="our ranking is ahead by", kind=Kind.SHARE),
    Column(name="ahead_lo", label="ahead, at least", kind=Kind.SHARE),
    Column(name="ahead_hi", label="ahead, at most", kind=Kind.SHARE),
)


def lift(store: Store) -> Picture:
    """Tell what each tenth by our chance did, and what the top fifth by each ranking brought."""
    told = fit_to_judge(store)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(told) if told else too_little(store),
        n=told.customers if told else 0,
        unit="customers",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=(*_tenths(_usual(told)), *_captures(told)) if told else (),
    )


def _usual(told: Backtest) -> Horizon:
    """Return the shortest judged horizon that is long enough to count."""
    return next(one for one in judged(told) if one.days >= LONGEST_JUDGED_DAYS)


def _tenths(one: Horizon) -> Iterator[Sequence[Value]]:
    ordered, everyone = 0.0, one.happened / one.n
    for place, tenth in enumerate(reversed(one.tenths), start=1):
        ordered += tenth.n * tenth.happened
        yield (
            *(OURS, one.days, place, tenth.n),
            *(tenth.happened, tenth.happened_lo, tenth.happened_hi),
            *(tenth.happened / everyone, ordered / one.happened, None, *NOT_KNOWN),
        )


def _captures(told: Backtest) -> Iterator[Sequence[Value]]:
    """Rank by money: a row a ranking, at the place that the top fifth ends."""
    if not told.captures:
        return
    ours, *others = told.captures
    best = Capture(ranking=AFTERWARDS, share=told.best_share, n=told.customers)
    for one in (ours, *others, best):
        yield (
            *(one.ranking, told.money_days, TOP_TENTHS, round(TOP * one.n)),
            *(None, None, None, None, None, one.share),
            *((one.ahead, one.ahead_lo, one.ahead_hi) if one in others else NOT_KNOWN),
        )


def _says(told: Backtest) -> str:
    one = _usual(told)
    said = (
        f"The likeliest tenth of the customers ordered within {one.days:g} days {one.lift:.1f} times as "
        "often as the average"
    )
    if len(told.captures) <= 1:
        return f"{said}."
    ours, *others = told.captures
    beside = ", ".join(f"by {other.ranking} {percent(other.share)}" for other in others)
    return (
        f"{said}; the top {percent(TOP)} by our ranking brought {percent(ours.share)} of the "
        f"{told.money} of {told.money_days:g} days, {beside}."
    )

"""Said and happened in plain words: for a mail, the command line, the reason of a withheld horizon."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from nextorder.domain.judged import HORIZONS, Judged, Judgement, Standing, off_twice
from nextorder.domain.phrases import MONTHS
from nextorder.domain.shop import Shop
from nextorder.domain.withholding import horizon_in_words


def window_in_words(window: Judged) -> str:
    """Say one window with its numbers."""
    said = (
        f"of {window.n:,} customers asked about from {_day(window.first)} to {_last_day(window)}, "
        f"{round(window.expected):,} were expected to order and {window.happened:,} did"
    )
    if not window.n or not window.happened:
        return said
    low, high = window.ratio_range
    return f"{said} ({window.ratio:.2f} times as many expected as came, between {low:.2f} and {high:.2f})"


def why_withheld(windows: Sequence[Judged]) -> str:
    """Say why a horizon is withheld, from its windows, the oldest first."""
    return "what was said did not hold twice running: " + "; ".join(map(window_in_words, off_twice(windows)))


def said_lines(kept: Judgement, shop: Shop) -> Iterator[str]:
    """Say each horizon's last closed window, or how far the open one is."""
    for horizon in HORIZONS:
        windows = kept.of(horizon)
        closed = [one for one in windows if one.is_closed][-1:]
        for one in closed or windows[-1:]:
            standing = kept.told.get(horizon, Standing.GOOD)
            is_open = "" if one.is_closed else "; too few orders yet to judge by"
            mark = "WITHHELD" if horizon in shop.withheld else standing.value
            yield f"{horizon_in_words(horizon)}: {mark}: {window_in_words(one)}{is_open}"


def news(horizon: str, before: Standing, standing: Standing, windows: Sequence[Judged]) -> str:
    """Tell the merchant once what became of a horizon, and of what stood before."""
    what = f"the chance of {horizon_in_words(horizon)}"
    if standing is Standing.WITHHELD:
        return (
            f"{what} is not published any more, nor what rests on it: {why_withheld(windows)}. "
            "It is judged on, and comes back by itself after two good windows running."
        )
    said = window_in_words(windows[-1])
    if standing is Standing.DRIFTS:
        again = "is published again, but " if before is Standing.WITHHELD else ""
        return (
            f"{what} {again}drifts: {said}. Plan with care by it. If two closed windows running say so it is "
            "no longer published; you have nothing to do. `nextorder train` fits the model anew."
        )
    return f"{what} holds again and is published: {said}."


def _last_day(window: Judged) -> str:
    return _day(window.until - timedelta(days=1))


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

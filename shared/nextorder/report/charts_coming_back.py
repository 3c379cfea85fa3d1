"""Charts of coming back: cohorts, the time to the second order, the gaps of categories."""

from collections.abc import Iterator, Sequence
from typing import Final

import altair as alt

from nextorder.domain.phrases import MONTHS
from nextorder.report.charts_canvas import (
    WORDS,
    Canvas,
    Chart,
    Row,
    beside,
    counts,
    data,
    each,
    heading,
    heated,
    of,
    own,
)
from nextorder.report.palette import ink

_NARROW_MONTHS: Final = 9
"""So many columns of numbers can be read on a telephone."""
_LAST_DAY: Final = 365
_LABELS_AT: Final = (2, 34)
"""Pixels from the top: the store's own window has two lines."""
_HEADROOM: Final = 1.24
"""So much of the highest share: words stand above the curve."""
_WORDLESS: Final = 16
"""Above so many columns the numbers of cells are written small."""


def cohorts(canvas: Canvas) -> Chart | None:
    """Draw two maps, months by months since: who came back, and what they brought."""
    rows = [{**row, "first": _short(row["month"])} for row in canvas.rows()]
    if canvas.is_narrow:
        rows = [row for row in rows if row["months"] <= _NARROW_MONTHS]
    maps = []
    # on the day of the first order nobody has come back
    if later := [row for row in rows if row["months"]]:
        maps.append(_map(canvas, later, "share", "Of 100 customers, so many had come back by then", 100))
    if any(row["gp2"] is not None for row in rows):
        title = f"Gross profit a customer by then, {canvas.currency}"
        maps.append(_map(canvas, rows, "gp2", title, 1))
    return alt.vconcat(*maps, spacing=28) if maps else None


def _map(canvas: Canvas, rows: Sequence[Row], name: str, title: str, times: int) -> Chart:
    columns, firsts = len(each(rows, "months")), each(rows, "first")
    since = "months since the first order" + (" (0: its own day)" if rows[0]["months"] == 0 else "")
    base = (
        alt.Chart(data(heated(rows, name)))
        .transform_calculate(shown=_short_number(f"datum.{name} * {times}"))
        .encode(
            x=alt.X("months:O", title=since, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("first:O", title=None, sort=firsts),
            tooltip=canvas.tooltip(),
        )
    )
    boxes = base.mark_rect(stroke=ink("paper"), strokeWidth=1).encode(color=own("cell"))
    size = 10 if canvas.is_narrow or columns > _WORDLESS else 12
    words = base.mark_text(fontSize=size).encode(text="shown:N", color=own("on_cell"))
    return (boxes + words).properties(
        title=heading(title),
        width=canvas.width - 68,
        height=(18 if columns > _WORDLESS else 22) * len(firsts),
    )


def _short_number(value: str) -> str:
    """Return the expression that writes a number in the room of four letters."""
    return f"format({value}, abs({value}) < 999.5 ? ',.0f' : '.2s')"


def _short(day: str) -> str:
    return f"{MONTHS[int(day[5:7]) - 1][:3]} {day[:4]}"


def second_order(canvas: Canvas) -> Chart:
    """Draw the curve with its band, the model's where that is needed, the own window and the usual one."""
    rows = canvas.rows()
    drawn = [row for row in rows if row["mark"] in ("curve", "model") and row["share"] is not None]
    # of the model's curve the line alone is drawn
    most = max((row["share" if row["mark"] == "model" else "share_hi"] for row in drawn), default=1)
    layers = [layer for mark in each(drawn, "mark") for layer in _curve(of(drawn, mark=mark), most, canvas)]
    return alt.layer(*_lines(rows, canvas), *layers).properties(
        title=heading("Share of customers who have ordered again"),
        width=canvas.width - 52,
        height=_height(canvas),
    )


def _height(canvas: Canvas) -> int:
    return canvas.either(300, 240)


def _curve(rows: Sequence[Row], most: float, canvas: Canvas) -> Iterator[Chart]:
    is_model = rows[0]["mark"] == "model"
    base = alt.Chart(data(rows)).encode(
        x=alt.X(
            "day:Q", title="days since the first order", scale=alt.Scale(domain=[0, _LAST_DAY], nice=False)
        ),
        tooltip=canvas.tooltip(),
    )
    if not is_model:
        yield base.mark_area().encode(y=_share("share_lo", most), y2="share_hi")
    colour, dashes = (ink("grey"), [5, 4]) if is_model else (ink("blue"), [1, 0])
    yield base.mark_line(color=colour, strokeDash=dashes).encode(y=_share("share", most))
    # a point that is not seen: the words come near the line, not on it alone
    yield base.mark_point(size=160, opacity=0).encode(y=_share("share", most))


def _share(name: str, most: float) -> alt.Y:
    return alt.Y(
        f"{name}:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, most * _HEADROOM])
    )


def _lines(rows: Sequence[Row], canvas: Canvas) -> Iterator[Chart]:
    """Draw the two upright lines, with what they are below each other, on the side where there is room."""
    told = [*of(rows, mark="window"), *of(rows, mark="rule of thumb")]
    for row, top in zip(told, _LABELS_AT, strict=False):
        is_own, is_late = row["mark"] == "window", row["day"] > _LAST_DAY / 2
        colour = ink("orange" if is_own else "muted")
        base = alt.Chart(data([{**row, "label": _label(row)}])).encode(tooltip=canvas.tooltip())
        if row["day_lo"] is not None:
            yield base.mark_rect(color=ink("orange-soft")).encode(x="day_lo:Q", x2="day_hi:Q")
        yield base.mark_rule(color=colour, strokeDash=[1, 0] if is_own else [4, 3], strokeWidth=1.5).encode(
            x="day:Q", y=alt.value(top), y2=alt.value(_height(canvas))
        )
        yield base.mark_text(
            align="right" if is_late else "left",
            dx=-6 if is_late else 6,
            baseline="top",
            color=colour,
            fontWeight=600 if is_own else "normal",
        ).encode(x="day:Q", y=alt.value(top), text="label:N")


def _label(row: Row) -> Sequence[str]:
    if row["mark"] != "window":
        return [f"the usual {row['day']:g} days"]
    own_window = f"your window: {row['day']:g} days"
    if row["day_lo"] is None:
        return [own_window]
    return [own_window, f"({row['day_lo']:g} to {row['day_hi']:g})"]


def gaps(canvas: Canvas) -> Chart:
    """Draw each category's gaps as a small histogram, with the day by which half have come, and its range."""
    rows = canvas.rows()
    columns = canvas.either(3, 2)
    plots = [_gaps(of(rows, category=category), canvas, columns) for category in each(rows, "category")]
    return beside(plots, columns)


def _gaps(rows: Sequence[Row], canvas: Canvas, columns: int) -> Chart:
    one = rows[0]
    base = alt.Chart(data(rows)).encode(
        x=alt.X(
            "days_from:Q",
            title="days between orders",
            axis=alt.Axis(tickCount=4),
            scale=alt.Scale(domain=[0, max(row["days_until"] for row in rows)], nice=False),
            bin="binned",
        ),
        tooltip=canvas.tooltip(),
    )
    bars = base.mark_bar(binSpacing=1).encode(x2="days_until", y=counts("gaps"))
    half = alt.Chart(data([one]))
    band = half.mark_rect(color=ink("orange-soft")).encode(x="middle_lo:Q", x2="middle_hi:Q")
    middle = half.mark_rule(color=ink("orange"), strokeWidth=2).encode(x="middle:Q")
    days, _, range_ = one["middle" + WORDS].partition(" (")
    is_told = one["middle"] is not None
    return alt.layer(*((band, bars, middle) if is_told else (bars,))).properties(
        title=heading(
            one["category"], strong=True, more=[f"half within {days}", f"({range_}"] if is_told else []
        ),
        width=canvas.width / columns - 56,
        height=100,
    )

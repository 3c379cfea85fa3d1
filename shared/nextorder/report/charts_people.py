"""Charts of who the customers are: the grid, the stages over time, the moves, one customer's story."""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from nextorder.report.charts_canvas import (
    WORDS,
    Canvas,
    Chart,
    Row,
    beside,
    counts,
    data,
    days_axis,
    each,
    heading,
    heated,
    of,
    own,
    words_for,
)
from nextorder.report.life import STARTS
from nextorder.report.palette import ink

_NAMES_WIDTH: Final = 126
_UNMARKED: Final = ("time passed", "something was told")
"""Of a customer's story: what no fact of theirs did."""


def rfm(canvas: Canvas) -> Chart:
    """Draw the grid: colour and the lower number are gross profit a customer, the upper one how many."""
    rows = canvas.rows()
    days = {row["last_order"]: row["last_order_days"] for row in rows}
    orders = {row["orders"]: row["order_days"] for row in rows}
    base = alt.Chart(data(heated(rows, "gp2"))).encode(
        x=alt.X(
            "last_order:O",
            title="days since the last order: long ago → lately",
            axis=alt.Axis(labelExpr=words_for(days), labelAngle=0),
        ),
        y=alt.Y("orders:O", title=None, sort="descending", axis=alt.Axis(labelExpr=words_for(orders))),
        tooltip=canvas.tooltip(),
    )
    boxes = base.mark_rect(stroke=ink("paper"), strokeWidth=2).encode(color=own("cell"))
    many = base.mark_text(dy=-8, fontWeight=600, fontSize=14).encode(
        text=alt.Text("customers:Q", format=","), color=own("on_cell")
    )
    worth = base.mark_text(dy=10).encode(text=alt.Text("gp2:Q", format=",.0f"), color=own("on_cell"))
    return alt.layer(boxes, many, worth).properties(
        title=heading(
            "Days with an order ↑", more=[f"bold: customers; below: gross profit of each, {canvas.currency}"]
        ),
        width=canvas.width - 40,
        height=canvas.either(300, 280),
    )


def sizes(canvas: Canvas) -> Chart:
    """Draw each stage's size month by month, each from nought on, with its last value."""
    rows = canvas.rows()
    columns = canvas.either(4, 2)
    plots = [_size(of(rows, segment=segment), canvas, columns) for segment in each(rows, "segment")]
    return beside(plots, columns)


def _size(rows: Sequence[Row], canvas: Canvas, columns: int) -> Chart:
    base = alt.Chart(data(rows)).encode(
        x=alt.X("day:T", title=None, axis=days_axis(rows, "day", 2, "%b %y")), tooltip=canvas.tooltip()
    )
    size = counts("customers")
    return alt.layer(
        base.mark_area().encode(y=size),
        base.mark_line(strokeWidth=1.5).encode(y=size),
        base.mark_point(size=90, opacity=0).encode(y=size),
    ).properties(
        title=heading(rows[-1]["segment"], strong=True, more=[f"{rows[-1]['customers' + WORDS]} now"]),
        width=canvas.width / columns - 58,
        height=80,
    )


def moves(canvas: Canvas) -> Chart:
    """Draw from whom to whom as a map; who stayed is told, but not coloured: they are always the most."""
    rows = canvas.rows()
    gone = heated([row for row in rows if row["start"] != row["end"]], "customers")
    stayed = [
        {**row, "cell": ink("panel"), "on_cell": ink("muted")} for row in rows if row["start"] == row["end"]
    ]
    met = {row[end] for row in rows for end in ("start", "end")}
    order = [stage for stage in STARTS if stage in met]
    base = alt.Chart(data([*gone, *stayed])).encode(
        x=alt.X(
            "end:N",
            title=None,
            sort=order,
            axis=alt.Axis(
                labelAngle=canvas.either(0, -55),
                orient="top",
                labelOverlap=False,
                labelPadding=canvas.either(20, 5),
                # two lines where there are two words
                labelExpr="split(datum.value, '-')" if not canvas.is_narrow else "datum.value",
            ),
        ),
        # in the browser's letters names are wider than where the drawing is made
        y=alt.Y("start:N", title=None, sort=order, axis=alt.Axis(minExtent=_NAMES_WIDTH)),
        tooltip=canvas.tooltip(),
    )
    boxes = base.mark_rect(stroke=ink("paper"), strokeWidth=2).encode(color=own("cell"))
    words = base.mark_text(fontSize=canvas.either(12, 10)).encode(
        text=alt.Text("customers:Q", format=","), color=own("on_cell")
    )
    return (boxes + words).properties(
        title=heading("from ↓ to →, customers (grey: stayed)"),
        width=canvas.width - _NAMES_WIDTH - canvas.either(6, 14),
        height=canvas.either(32, 28) * len(each(rows, "start")),
    )


def timeline(canvas: Canvas) -> Chart:
    """Draw one customer's chance over time, and what happened on it."""
    rows = canvas.rows()
    chances = of(rows, what="chance")
    happened = [row for row in rows if row["what"] != "chance" and row["what"] not in _UNMARKED]
    base = alt.Chart(data(chances)).encode(
        x=alt.X("day:T", title=None, axis=days_axis(chances, "day", canvas.either(6, 3))),
        tooltip=canvas.tooltip(),
    )
    chance = alt.Y("chance:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=True))
    did = alt.Chart(data(happened)).encode(x="day:T", tooltip=canvas.tooltip(), color=_order_or_else())
    return alt.layer(
        base.mark_area().encode(y="chance_lo:Q", y2="chance_hi"),
        base.mark_line().encode(y=chance),
        base.mark_point(size=90, opacity=0).encode(y=chance),
        did.mark_rule(strokeDash=[2, 3]),
        did.mark_point(size=70).encode(y=alt.value(0)),
    ).properties(
        title=heading(
            "Chance of another order within the window", more=["● orange: an order; grey: what else"]
        ),
        width=canvas.width - 48,
        height=canvas.either(220, 200),
    )


def _order_or_else() -> Any:
    return alt.condition("datum.what === 'order'", alt.value(ink("orange")), alt.value(ink("grey")))

"""Charts that tell whether the numbers can be trusted: calibration, lift, what was said and what came."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from nextorder.report.charts_canvas import Canvas, Chart, Row, beside, data, days_axis, each, heading, of
from nextorder.report.palette import ink

_SMALL: Final = 0.1
"""Axes of shares that end below it have a decimal."""
_BESIDE: Final = {1: 2, 2: 2, 4: 2}
"""How many squares stand beside each other, by how many there are; else three."""


def calibration(canvas: Canvas) -> Chart:
    """Draw said against happened, a square a horizon; on the line it was right."""
    rows = canvas.rows()
    horizons = each(rows, "horizon")
    columns = canvas.either(_BESIDE.get(len(horizons), 3), 1)
    return beside([_square(canvas, of(rows, horizon=one), columns) for one in horizons], columns, 24)


def _square(canvas: Canvas, rows: Sequence[Row], columns: int) -> Chart:
    most = max(max(row["happened_hi"], row["said"]) for row in rows)
    scale = alt.Scale(domain=[0, most])
    axis = alt.Axis(format=".0%" if most > _SMALL else ".1%", tickCount=4)
    base = alt.Chart(data(rows)).encode(
        x=alt.X("said:Q", title="said →", scale=scale, axis=axis), tooltip=canvas.tooltip()
    )
    right = (
        alt.Chart(data([{"at": 0}, {"at": most}]))
        .mark_line(color=ink("grey"), strokeWidth=1, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale))
    )
    side = canvas.width / columns - 70
    days = f"{rows[0]['horizon']:g}"
    return alt.layer(
        right,
        base.mark_rule(color=ink("blue"), strokeWidth=1.5).encode(y="happened_lo:Q", y2="happened_hi"),
        base.mark_point().encode(y=alt.Y("happened:Q", title=None, scale=scale, axis=axis)),
    ).properties(title=heading(f"Ordered within {days} days ↑"), width=side, height=min(side, 220))


def lift(canvas: Canvas) -> Chart:
    """Draw what share of each tenth ordered, and below what the top fifth by each ranking brought."""
    rows = canvas.rows()
    plots = [_tenths(canvas, [row for row in rows if row["share"] is not None])]
    captures = [row for row in rows if row["money"] is not None]
    plots += [_captures(canvas, captures)] if captures else []
    return alt.vconcat(*plots, spacing=24)


def _tenths(canvas: Canvas, rows: Sequence[Row]) -> Chart:
    base = alt.Chart(data(rows)).encode(
        x=alt.X("tenth:O", title="tenth of the customers, the likeliest first", axis=alt.Axis(labelAngle=0)),
        tooltip=canvas.tooltip(),
    )
    share = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%"))
    return alt.layer(
        base.mark_bar(color=ink("blue")).encode(y=share),
        base.mark_rule(color=ink("ink"), strokeWidth=1.5).encode(y="share_lo:Q", y2="share_hi"),
        base.mark_text(dy=-4, baseline="bottom").encode(
            y="share_hi:Q", text=alt.Text("share:Q", format=".0%")
        ),
    ).properties(
        title=heading(f"Ordered within {rows[0]['horizon']:g} days"),
        width=canvas.width - 48,
        height=canvas.either(230, 190),
    )


def _captures(canvas: Canvas, rows: Sequence[Row]) -> Chart:
    """Draw bars with their names above them: beside them these would push the plot above aside."""
    named = [{**row, "ranking": row["by"].partition(" (")[0]} for row in rows]
    base = alt.Chart(data(named)).encode(
        x=alt.X("money:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("ranking:N", title=None, sort=each(named, "ranking"), axis=None),
        tooltip=canvas.tooltip(),
    )
    colour = alt.condition(
        alt.datum.ranking == named[0]["ranking"], alt.value(ink("blue")), alt.value(ink("grey"))
    )
    names = base.mark_text(align="left", dy=-15).encode(x=alt.value(0), text="ranking:N")
    shares = base.mark_text(align="left", dx=5, fontWeight=600).encode(text=alt.Text("money:Q", format=".0%"))
    return (base.mark_bar(height=13).encode(color=colour) + names + shares).properties(
        title=heading(f"Of the money of {rows[0]['horizon']:g} days, the top fifth brought"),
        width=canvas.width - 48,
        height=alt.Step(38),
    )


def said(canvas: Canvas) -> Chart:
    """Draw what was said beside what came: over time, or by horizon while each has but one window."""
    rows = [{**row, "came": _came(row)} for row in canvas.rows()]
    horizons = each(rows, "horizon")
    if len(rows) == len(horizons):
        return _once(canvas, rows)
    return alt.vconcat(*(_band(canvas, of(rows, horizon=one)) for one in horizons), spacing=24)


def _came(row: Row) -> str:
    return "as said" if row["said_lo"] <= row["happened"] <= row["said_hi"] else "not as said"


def _looks() -> Mapping[str, Any]:
    """Return colour and shape: out of the range is told by both."""
    told = ["as said", "not as said"]
    colours = alt.Scale(domain=told, range=[ink("blue"), ink("orange")])
    shapes = alt.Scale(domain=told, range=["circle", "diamond"])
    return {
        "color": alt.Color("came:N", scale=colours, legend=None),
        "shape": alt.Shape("came:N", scale=shapes, legend=None),
    }


def _once(canvas: Canvas, rows: Sequence[Row]) -> Chart:
    parts = ("said_lo", "said_hi", "happened")
    shares = [
        {
            **row,
            **{f"{name}_share": row[name] / row["said"] if row["said"] else None for name in parts},
            "days": f"{row['horizon']:g} days",
        }
        for row in rows
    ]
    base = alt.Chart(data(shares)).encode(
        y=alt.Y("days:N", title=None, sort=each(shares, "days")), tooltip=canvas.tooltip()
    )
    axis = alt.Axis(format=".0%", tickCount=5, title="of what was said", grid=True)
    right = alt.Chart(data([{"at": 1}])).mark_rule(strokeDash=[4, 3]).encode(x="at:Q")
    return alt.layer(
        right,
        base.mark_bar(color=ink("blue-soft"), height=14).encode(
            x=alt.X("said_lo_share:Q", axis=axis, scale=alt.Scale(zero=False, padding=12)), x2="said_hi_share"
        ),
        base.mark_point(size=80).encode(x=alt.X("happened_share:Q", axis=axis), **_looks()),
    ).properties(
        title=heading("● what came (◆: not as said)", more=["band: the range of what was said"]),
        width=canvas.width - 80,
        height=alt.Step(34),
    )


def _band(canvas: Canvas, rows: Sequence[Row]) -> Chart:
    base = alt.Chart(data(rows)).encode(
        x=alt.X("week:T", title=None, axis=days_axis(rows, "week", canvas.either(6, 3))),
        tooltip=canvas.tooltip(),
    )
    return alt.layer(
        base.mark_area().encode(y="said_lo:Q", y2="said_hi"),
        base.mark_line(strokeWidth=1.5).encode(y=alt.Y("said:Q", title=None, scale=alt.Scale(zero=True))),
        base.mark_point(size=60).encode(y="happened:Q", **_looks()),
    ).properties(
        title=heading(
            f"Ordered within {rows[0]['horizon']:g} days",
            strong=True,
            more=["line and band: said; ● came, ◆ not as said"],
        ),
        width=canvas.width - 48,
        height=canvas.either(150, 130),
    )

"""Charts of what customers are worth: their spread, and the first orders that they began with."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from nextorder.report.charts_canvas import WORDS, Canvas, Chart, Row, beside, data, each, heading, of
from nextorder.report.palette import ink

_TIER: Final = "tier "
_AGAINST: Final = {
    "better": ("blue", "triangle-up"),
    "as the store": ("grey", "circle"),
    "worse": ("orange", "triangle-down"),
}
"""Better and worse are told apart by shape too."""


def clv(canvas: Canvas) -> Chart:
    """Draw how many customers are worth how much: revenue above, profit below."""
    rows = canvas.rows()
    spreads = [what for what in each(rows, "what") if not what.startswith(_TIER)]
    tiers = [_tier(row) for row in rows if row["what"].startswith(_TIER)]
    plots = [_spread(canvas, of(rows, what=what), tiers if what == spreads[-1] else ()) for what in spreads]
    return alt.vconcat(*plots, spacing=20).resolve_scale(y="shared")


def _spread(canvas: Canvas, rows: Sequence[Row], tiers: Sequence[str]) -> Chart:
    what = rows[0]["what"]
    bins = [{**row, "bin": _bin(row)} for row in rows]
    is_profit = what.startswith("gross")
    base = alt.Chart(data(bins)).encode(
        x=alt.X(
            "bin:N",
            sort=each(bins, "bin"),
            title=f"{canvas.currency} within 12 months, from",
            axis=alt.Axis(labelAngle=0, ticks=False, labelOverlap=True),
        ),
        tooltip=canvas.tooltip(),
    )
    many = alt.Y("customers:Q", title=None, axis=alt.Axis(tickCount=4))
    bars = base.mark_bar(color=ink("blue" if is_profit else "grey")).encode(y=many)
    words = base.mark_text(dy=-4, baseline="bottom", fontSize=canvas.either(12, 10)).encode(
        y=many, text=alt.Text("customers:Q", format=",")
    )
    return (bars + words).properties(
        title=heading(f"Customers by {what}", strong=True, more=tiers),
        width=canvas.width - 52,
        height=canvas.either(150, 130),
    )


def _bin(row: Row) -> str:
    start = row["amount_from"]
    if start is None:
        return "below 0"
    return f"{start:,.0f}" if start == int(start) else f"{start:,.2f}"


def _tier(row: Row) -> str:
    return f"{row['what'].removeprefix(_TIER)} from {row['amount_from' + WORDS]}: {row['customers' + WORDS]}"


def first_orders(canvas: Canvas) -> Chart:
    """Draw each kind of first order with its range: who comes back, and what they will bring."""
    rows = canvas.rows()
    plots = [
        _ranges(canvas, rows, "second", "Come back", ".0%"),
        _ranges(canvas, rows, "clv", f"Gross profit ahead, {canvas.currency}", ",.0f"),
    ]
    return beside(plots, canvas.either(2, 1), 24)


def _ranges(canvas: Canvas, rows: Sequence[Row], name: str, title: str, style: str) -> Chart:
    label = [{**row, "label": f"{row['value']}"[:22]} for row in rows]
    groups = [_group(canvas, of(label, by=by), by, name, style) for by in each(label, "by")]
    plot = alt.vconcat(*groups, spacing=10).resolve_scale(x="shared")
    return plot.properties(title=heading(title, strong=True))


def _group(canvas: Canvas, rows: Sequence[Row], by: str, name: str, style: str) -> Chart:
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=each(rows, "label"), axis=alt.Axis(minExtent=130)),
        color=alt.Color("against:N", scale=_scale(0), legend=None),
        tooltip=canvas.tooltip(),
    )
    axis = alt.Axis(format=style, tickCount=4, title=None)
    bars = base.mark_rule(strokeWidth=3).encode(x=alt.X(f"{name}_lo:Q", axis=axis), x2=f"{name}_hi")
    points = base.mark_point(size=60).encode(
        x=alt.X(f"{name}:Q", axis=axis), shape=alt.Shape("against:N", scale=_scale(1), legend=None)
    )
    width = canvas.either(canvas.width / 2 - 166, canvas.width - 150)
    return (bars + points).properties(title=heading(by), width=width, height=alt.Step(20))


def _scale(place: int) -> alt.Scale:
    told = [look[place] for look in _AGAINST.values()]
    return alt.Scale(domain=list(_AGAINST), range=told if place else [ink(name) for name in told])

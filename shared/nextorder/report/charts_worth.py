"""Charts of what customers are worth: their spread, and the first orders that they began with."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from nextorder.report.charts_canvas import WORDS, Canvas, Chart, Row, beside, counts, data, each, heading, of
from nextorder.report.palette import ink

_TIER: Final = "tier "
_STORE: Final = "the store"
_LETTERS, _LABEL_WIDTH = 20, 124
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
    many = counts("customers", 4)
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
    text = f"{start:,.0f}" if start == int(start) else f"{start:,.2f}"
    return f"{text}+" if row["amount_until"] is None else text


def _tier(row: Row) -> str:
    tier, bound, many = row["what"].removeprefix(_TIER), row[f"amount_from{WORDS}"], row[f"customers{WORDS}"]
    return f"{tier} from {bound}: {many} customers"


def first_orders(canvas: Canvas) -> Chart:
    """Draw each kind of first order beside the store as a whole: who came back, what they brought."""
    rows = [{**row, "label": _short(row)} for row in canvas.rows()]
    plots = [
        _ranges(canvas, rows, "second", "Came back in the window", ".0%"),
        _ranges(canvas, rows, "clv", f"First year, gross profit in {canvas.currency}", ",.0f"),
    ]
    return beside(plots, canvas.either(2, 1), 24)


def _short(row: Row) -> str:
    value = str(row["value"])
    return value if len(value) <= _LETTERS else f"{value[: _LETTERS - 1]}…"


def _ranges(canvas: Canvas, rows: Sequence[Row], name: str, title: str, style: str) -> Chart:
    own = of(rows, by=_STORE)
    told = [row for row in rows if row["by"] != _STORE and row[name] is not None]
    kinds = each(told, "by")
    groups = [_group(canvas, of(told, by=kind), own, name, _axis(style, kind == kinds[-1])) for kind in kinds]
    plot = alt.vconcat(*groups, spacing=12).resolve_scale(x="shared")
    return plot.properties(title=heading(title, strong=True, more=["dashed: the store as a whole"]))


def _axis(style: str, is_last: bool) -> alt.Axis:  # noqa: FBT001 - one axis is written for all
    return alt.Axis(format=style, tickCount=4, labels=is_last, ticks=is_last, domain=is_last)


def _group(canvas: Canvas, rows: Sequence[Row], own: Sequence[Row], name: str, axis: alt.Axis) -> Chart:
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("label:N", title=None, sort=each(rows, "label"), axis=alt.Axis(minExtent=_LABEL_WIDTH)),
        color=alt.Color("against:N", scale=_scale(0), legend=None),
        tooltip=canvas.tooltip(),
    )
    place = alt.X(f"{name}:Q", title=None, axis=axis, scale=alt.Scale(zero=False, padding=8))
    usual = alt.Chart(data(own)).mark_rule(strokeDash=[4, 3]).encode(x=place, tooltip=canvas.tooltip())
    bars = base.mark_rule(strokeWidth=3).encode(x=f"{name}_lo:Q", x2=f"{name}_hi")
    points = base.mark_point(size=60).encode(
        x=place, shape=alt.Shape("against:N", scale=_scale(1), legend=None)
    )
    return alt.layer(usual, bars, points).properties(
        title=heading(f"by {rows[0]['by']}"),
        width=canvas.either(canvas.width / 2 - _LABEL_WIDTH - 30, canvas.width - _LABEL_WIDTH - 24),
        height=alt.Step(20),
    )


def _scale(place: int) -> alt.Scale:
    told = [look[place] for look in _AGAINST.values()]
    return alt.Scale(domain=list(_AGAINST), range=told if place else [ink(name) for name in told])

"""Charts of new customers: what they began with, what they came by, and what is worth a try."""

from collections.abc import Mapping, Sequence
from typing import Final

import altair as alt

from nextorder.report.charts_canvas import WORDS, Canvas, Chart, Row, beside, data, each, heading, of
from nextorder.report.palette import ink

_STORE: Final = "the store"
_LETTERS, _LABEL_WIDTH = 20, 124
_AGAINST: Final = {
    "better": ("blue", "triangle-up"),
    "as the store": ("grey", "circle"),
    "worse": ("orange", "triangle-down"),
}
"""Better and worse are told apart by shape too."""
_COMPARED: Final = {"more": "better", "less": "worse", "": "as the store"}
_TRIED: Final = 8
"""So many bars; the table has all."""


def first_orders(canvas: Canvas) -> Chart:
    """Draw each kind of first order beside the store as a whole: who came back, what they brought."""
    rows = [{**row, "label": _short(row)} for row in canvas.rows()]
    plots = [
        _ranges(canvas, rows, "second", "Came back in the window", ".0%"),
        _ranges(canvas, rows, "clv", f"First year, gross profit in {canvas.currency}", ",.0f"),
    ]
    return beside(plots, canvas.either(2, 1), 24)


def acquisition(canvas: Canvas) -> Chart | None:
    """Draw what a customer of each kind brings in the first year, beside the store; alone it is none."""
    rows = [_as_first_order(row) for row in canvas.rows()]
    title = f"First year, gross profit in {canvas.currency}"
    kinds = [kind for kind in each(rows, "by") if kind != _STORE]
    if not kinds:
        return None
    if canvas.is_narrow or len(kinds) == 1:
        return _ranges(canvas, rows, "year", title, ",.0f")
    halves = _halves(rows, kinds)
    return beside([_ranges(canvas, half, "year", title, ",.0f") for half in halves], 2, 24).resolve_scale(
        x="shared"
    )


def _as_first_order(row: Row) -> Row:
    told = {"by": row["dimension"], "value": row["name"], "against": _COMPARED[row["compared"]]}
    return {**row, **told, "label": _short(told)}


def _halves(rows: Sequence[Row], kinds: Sequence[str]) -> Sequence[Sequence[Row]]:
    """Deal the kinds onto two columns of about one height; the store's own row stands in both."""
    halves: tuple[list[Row], list[Row]] = ([], [])
    for kind in kinds:
        min(halves, key=len).extend(of(rows, by=kind))
    return [[*of(rows, by=_STORE), *half] for half in halves]


def hypotheses(canvas: Canvas) -> Chart:
    """Draw what is at stake with each group as a bar under its name, the most first."""
    rows = [
        {
            **row,
            "label": _named(row),
            "less": row["year"] < row["store"],
            "amount": _without_range(row, "stake"),
        }
        for row in canvas.rows()[:_TRIED]
    ]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("stake:Q", title=None, axis=None, scale=alt.Scale(zero=True)),
        y=alt.Y("label:N", title=None, sort=each(rows, "label"), axis=None),
        tooltip=canvas.tooltip(),
    )
    colour = alt.condition("datum.less", alt.value(ink("orange")), alt.value(ink("blue")))
    names = base.mark_text(align="left", dy=-16).encode(x=alt.value(0), text="label:N")
    amounts = base.mark_text(align="left", dx=5, fontWeight=600).encode(text="amount:N")
    return (base.mark_bar(height=14).encode(color=colour) + names + amounts).properties(
        title=heading(
            "At stake in a year", strong=True, more=["blue: brings more than the store; orange: less"]
        ),
        width=canvas.width - 100,
        height=alt.Step(42),
    )


def _named(row: Row) -> str:
    """Return a group in the words of a bar: product mug, 3,100 GBP a customer (store: 2,300)."""
    year, store = (_without_range(row, name) for name in ("year", "store"))
    return f"{row['dimension']} {_short({'value': row['name']})}: {year} a customer, the store {store}"


def _without_range(row: Row, name: str) -> str:
    return str(row[name + WORDS].partition(" (")[0])


def _short(row: Mapping[str, object]) -> str:
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

"""What every chart is drawn on: its rows, its width, its words under the pointer, one look."""

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import altair as alt

from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.palette import HEATS, ink
from nextorder.report.written import DIGITS, headings, in_words, major, named_rows

WIDE, NARROW = 720, 340
"""Pixels in all: beside the text on a desktop and on paper; on a telephone."""
FONT: Final = "sans-serif"
"""On the page its own stands in: a long list of fonts at each word would be a third of a drawing."""
FONT_SIZE: Final = 12
MONTH: Final = timedelta(days=31)
WORDS: Final = "_words"
"""A plotted field's value in writing stands beside it under this ending."""

Row = Mapping[str, Any]
Chart = Any
"""Any of altair's: its own types do not tell what its methods return."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture, and how much room there is for it."""

    picture: Picture
    currency: str
    is_narrow: bool

    @property
    def width(self) -> int:
        """Return the room for the whole drawing in pixels."""
        return NARROW if self.is_narrow else WIDE

    def either(self, wide: float, narrow: float) -> int:
        """Choose by the room."""
        return int(narrow if self.is_narrow else wide)

    def rows(self) -> Sequence[Row]:
        """
        Return the table as it is plotted.

        Amounts are in whole units of the currency; a day is that day wherever it is looked at.
        """
        heads = headings(self.picture)
        kinds = {column.name: column.kind for column in self.picture.columns}
        return [
            {name: self._plotted(value, kinds[name]) for name, value in row.items()}
            | {column.name + WORDS: in_words(column, row, self.currency) for column in heads}
            for row in named_rows(self.picture)
        ]

    def tooltip(self) -> Sequence[alt.Tooltip]:
        """Return the words under the pointer: all of the row, as in the table."""
        return [tip(column) for column in headings(self.picture)]

    def _plotted(self, value: Value, kind: Kind) -> Value:
        if value is None or isinstance(value, bool):
            return value
        if kind is Kind.DATE:
            # NOTE: without a time of day, a browser west of Greenwich takes a date for the day before
            return f"{str(value)[:10]}T00:00:00"
        if isinstance(value, str):
            return value
        return round(major(value, self.currency) if kind is Kind.MONEY else value, DIGITS)


def tip(column: Column) -> alt.Tooltip:
    """Return one line of the words under the pointer."""
    return alt.Tooltip(f"{column.name}{WORDS}:N", title=column.label)


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Return rows as a chart takes them."""
    # NOTE: Altair copies lists, row by row, each time that charts are put together; a tuple it does not
    return alt.InlineData(values=tuple(rows))


def each(rows: Sequence[Row], name: str) -> Sequence[Any]:
    """Return the values of a column, each once, in the order of the rows."""
    return list(dict.fromkeys(row[name] for row in rows))


def of(rows: Sequence[Row], **wanted: Value) -> Sequence[Row]:
    """Return the rows with these values."""
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def heated(rows: Sequence[Row], name: str) -> Sequence[Row]:
    """
    Return the rows with `cell`, their colour in six steps from least to most, and `on_cell`, that of words.

    Each step has as many rows, so that one outlier does not make all others pale. A colour is the
    row's own and no scale's: a scale would mix it from others, in a light of its own.
    """
    rising = sorted(row[name] for row in rows if row[name] is not None)

    def step(value: float) -> int:
        return bisect_left(rising, value) * HEATS // len(rising)

    places = [None if row[name] is None else step(row[name]) for row in rows]
    return [
        {
            **row,
            "cell": ink("panel" if place is None else f"heat{place}"),
            "on_cell": ink("muted" if place is None else f"on-heat{place}"),
        }
        for row, place in zip(rows, places, strict=True)
    ]


def own(name: str) -> alt.Color:
    """Return the colour that a row tells itself."""
    return alt.Color(f"{name}:N", scale=None)


def heading(text: str, *, strong: bool = False, more: Sequence[str] = ()) -> alt.TitleParams:
    """Return what stands above a plot: what its upright axis counts, lying, so that it can be read."""
    look: dict[str, Any] = {"color": ink("ink"), "fontWeight": 600} if strong else {}
    # NOTE: Vega-Lite drops a subtitle's colour from the configuration
    under: dict[str, Any] = {"subtitle": list(more), "subtitleColor": ink("muted")} if more else {}
    return alt.TitleParams(text, anchor="start", frame="group", **look, **under)


def beside(plots: Sequence[Chart], columns: int, spacing: int = 20) -> Chart:
    """Return plots in rows of so many."""
    return alt.concat(*plots, columns=columns, spacing=spacing)


def counts(name: str, ticks: int = 3) -> alt.Y:
    """Return an upright axis of counts from nought to a written one, so that plots in a row stand level."""
    return alt.Y(
        f"{name}:Q",
        title=None,
        axis=alt.Axis(tickCount=ticks, tickMinStep=1, minExtent=36, format=",d"),
        scale=alt.Scale(zero=True, nice=ticks),
    )


def days_axis(rows: Sequence[Row], name: str, count: int, style: str = "%b %Y") -> alt.Axis:
    """Return an axis of so many days, written lying: months, of a short time days."""
    days = [date.fromisoformat(row[name][:10]) for row in rows]
    is_short = bool(days) and max(days) - min(days) < count * MONTH
    return alt.Axis(format="%-d %b" if is_short else style, tickCount=count, labelAngle=0, labelOverlap=True)


def words_for(names: Mapping[Any, str]) -> str:
    """Return the expression that writes an axis in these words."""
    return f"{json.dumps({str(name): word for name, word in names.items()})}[datum.value]"


def dressed(chart: Chart) -> dict[str, Any]:
    """Return a chart's specification with the look of the page."""
    told: dict[str, Any] = chart.to_dict(validate=False)
    told["config"] = _CONFIG
    return told


_CONFIG: Final[dict[str, Any]] = {
    # the page's own words stand for the whole picture: marks one by one are the table's task
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "padding": 2,
    "view": {"stroke": None},
    "title": {
        "color": ink("muted"),
        "fontSize": FONT_SIZE,
        "fontWeight": "normal",
        "anchor": "start",
        "offset": 8,
        "font": FONT,
    },
    "axis": {
        "labelColor": ink("muted"),
        "titleColor": ink("muted"),
        "titleFontWeight": "normal",
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "titlePadding": 8,
        "labelPadding": 5,
        "gridColor": ink("rule"),
        "domainColor": ink("grey"),
        "tickColor": ink("grey"),
        "tickSize": 4,
    },
    "axisX": {"grid": False, "labelOverlap": True, "labelSeparation": 8},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
    "axisBand": {"domain": False, "ticks": False, "grid": False},
    "header": {
        "labelColor": ink("ink"),
        "labelFontSize": FONT_SIZE,
        "labelFontWeight": 600,
        "title": None,
        "labelAnchor": "start",
        "labelPadding": 6,
    },
    "text": {"fontSize": FONT_SIZE, "color": ink("ink"), "font": FONT},
    "line": {"color": ink("blue"), "strokeWidth": 2},
    "point": {"color": ink("blue"), "filled": True, "opacity": 1, "size": 48},
    "rule": {"color": ink("grey")},
    "bar": {"color": ink("blue")},
    "area": {"color": ink("blue-soft"), "opacity": 1, "line": False},
}

Draw = Callable[[Canvas], Chart | None]
"""None = there is nothing to draw."""

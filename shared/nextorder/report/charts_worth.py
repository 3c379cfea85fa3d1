"""Chart of what customers are worth: their spread, by revenue and by profit."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from nextorder.report.charts_canvas import WORDS, Canvas, Chart, Row, counts, data, each, heading, of
from nextorder.report.palette import ink

_TIER: Final = "tier "
_MORE: Final = " bring more: "
"""Between a share of customers and the amount that they exceed."""


def clv(canvas: Canvas) -> Chart:
    """Draw how many customers are worth how much: revenue above, profit below."""
    rows = canvas.rows()
    spreads = [what for what in each(rows, "what") if not what.startswith(_TIER) and _MORE not in what]
    tiers = [_tier(row) for row in rows if row["what"].startswith(_TIER)]
    notes = {what: [_exceeded(row) for row in rows if row["what"].endswith(_MORE + what)] for what in spreads}
    notes[spreads[-1]] += tiers
    plots = [_spread(canvas, of(rows, what=what), notes[what]) for what in spreads]
    return alt.vconcat(*plots, spacing=20).resolve_scale(y="shared")


def _spread(canvas: Canvas, rows: Sequence[Row], notes: Sequence[str]) -> Chart:
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
        title=heading(f"Customers by {what}", strong=True, more=notes),
        width=canvas.width - 52,
        height=canvas.either(150, 130),
    )


def _bin(row: Row) -> str:
    start = row["amount_from"]
    if start is None:
        return "below 0"
    text = f"{start:,.0f}" if start == int(start) else f"{start:,.2f}"
    return f"{text}+" if row["amount_until"] is None else text


def _exceeded(row: Row) -> str:
    return f"{row['what'].partition(_MORE)[0]} above {row[f'amount_from{WORDS}']}"


def _tier(row: Row) -> str:
    tier, bound, many = row["what"].removeprefix(_TIER), row[f"amount_from{WORDS}"], row[f"customers{WORDS}"]
    return f"{tier} from {bound}: {many} customers"

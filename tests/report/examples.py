"""A page made by hand, with every picture: what drawing is tried on before any store is read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from nextorder.domain.audit import Finding, Light
from nextorder.report.page import Column, Estimate, Figure, Kind, Page, Picture
from tests.report import example_rows as rows

AS_OF: Final = datetime(2026, 11, 21, 6, tzinfo=UTC)


def columns(**kinds: str) -> Sequence[Column]:
    """Name the columns of a table: `share="share: came back"` is one of shares, headed so."""
    told = ((name, *kind.split(": ")) for name, kind in kinds.items())
    return tuple(Column(name=name, kind=Kind(kind), label=label) for name, kind, label in told)


def a_page(*pictures: Picture) -> Page:
    """Return the whole page; with these pictures, where any are given."""
    return Page(
        shop="example.myshopify.com",
        currency="GBP",
        timezone="Europe/London",
        as_of=AS_OF,
        model="store-2026-11-15",
        customers=4_518,
        figures=FIGURES,
        suggestion="Write to the 212 customers whose window closes within 51 days: 31 of 100 like them still "
        "come back by themselves, and each second order brings 48 GBP of gross profit.",
        pictures=pictures or PICTURES,
        findings=FINDINGS,
    )


FIGURES: Final = (
    Figure(
        key="second_orders",
        title="Came back within 171 days",
        kind=Kind.SHARE,
        now=Estimate(value=0.43, lo=0.4, hi=0.46),
        before=Estimate(value=0.425, lo=0.395, hi=0.455),
        says="Of 100 customers who first bought in May, 43 came again within 171 days; of April's, 42.",
    ),
    Figure(
        key="orders",
        title="Orders of the last 30 days",
        kind=Kind.COUNT,
        now=Estimate(value=1_204),
        before=Estimate(value=1_166),
        says="We had expected 1,180, between 1,090 and 1,270: it was as expected.",
    ),
    Figure(
        key="profit_ahead",
        title="Gross profit of the next 30 days",
        kind=Kind.MONEY,
        now=Estimate(value=4_821_300, lo=4_210_000, hi=5_430_000),
        before=Estimate(value=4_700_100, lo=4_110_000, hi=5_300_000),
        says="Of the customers of today, before marketing.",
    ),
    Figure(
        key="in_window",
        title="Still in the window",
        kind=Kind.COUNT,
        now=Estimate(value=1_032),
        before=Estimate(value=1_051),
        says="1,032 customers with one order can still come back in time; for 212 of them the window closes.",
    ),
    Figure(
        key="worth",
        title="Gross profit a customer, 12 months",
        kind=Kind.MONEY,
        now=None,
        says="Costs are missing for 61 % of revenue: profit would be a guess.",
    ),
)
FINDINGS: Final = (
    Finding(
        name="history", light=Light.GREEN, number="739 days, 19,213 orders of 4,518 customers", why="seasons"
    ),
    Finding(
        name="goods without a cost",
        light=Light.RED,
        number="61.2 % of revenue",
        why="a margin stands in, 45 % where no category's is told",
        what="`nextorder costs export`, fill it in, `nextorder costs import`",
        families=("value",),
    ),
    Finding(
        name="guest orders",
        light=Light.YELLOW,
        number="3.1 % of orders",
        why="they belong to nobody",
        what="",
    ),
)
PICTURES: Final = (
    Picture(
        key="cohorts",
        title="Who came back, month by month",
        says="Of 100 customers who bought for the first time in May, 43 came back by now; of April's, 42.",
        n=2_911,
        unit="customers",
        columns=columns(
            month="date: first order in",
            months="count: months since",
            customers="count: customers",
            share="share: came back",
            gp2="money: gross profit a customer so far",
        ),
        rows=tuple(rows.cohorts()),
    ),
    Picture(
        key="second_order",
        title="How long the second order takes",
        says="Four of five second orders that come within a year come within 171 days, not 150.",
        n=4_518,
        unit="customers",
        interval="the store's own curve lies in the band nine times out of ten",
        columns=columns(
            mark="text: what",
            day="days: days since the first order",
            day_lo="days: from",
            day_hi="days: until",
            share="share: ordered again",
            share_lo="share: at least",
            share_hi="share: at most",
            at_risk="count: customers still watched",
        ),
        rows=tuple(rows.second_order()),
    ),
    Picture(
        key="gaps",
        title="When categories are bought again",
        says="Half of the repeat orders of coffee come within 28 days, of candles within 112.",
        n=3_390,
        unit="gaps between orders",
        columns=columns(
            category="text: category",
            days_from="days: from",
            days_until="days: until",
            gaps="count: gaps",
            early="days: one of five within",
            middle="days: half within",
            late="days: four of five within",
        ),
        rows=tuple(rows.gaps()),
    ),
    Picture(
        key="rfm",
        title="How lately and how often they bought",
        says="340 customers bought often and lately, and bring 41 % of the gross profit.",
        n=4_518,
        unit="customers",
        columns=columns(
            last_order="count: fifth by last order (5 = latest)",
            orders="count: fifth by orders (5 = most)",
            customers="count: customers",
            gp2="money: gross profit a customer",
        ),
        rows=tuple(rows.rfm()),
    ),
    Picture(
        key="sizes",
        title="How many are where",
        says="The window holds 1,032 customers, 19 fewer than a week ago.",
        n=4_518,
        unit="customers",
        columns=columns(week="date: week", segment="text: stage", customers="count: customers"),
        rows=tuple(rows.sizes()),
    ),
    Picture(
        key="moves",
        title="Who went where",
        says="In four weeks 31 customers went from closing to repeat, and 142 to missed.",
        n=1_212,
        unit="moves",
        columns=columns(start="text: from", end="text: to", customers="count: customers"),
        rows=tuple(rows.moves()),
    ),
    Picture(
        key="clv",
        title="What customers are worth",
        says="Half of the customers bring less than 74 GBP of gross profit in a year; 9 % cost money.",
        n=4_518,
        unit="customers",
        columns=columns(
            what="text: what",
            amount_from="money: from",
            amount_until="money: until",
            customers="count: customers",
        ),
        rows=tuple(rows.clv()),
    ),
    Picture(
        key="first_orders",
        title="Which first orders lead to good customers",
        says="Those who began with more than 20 % discount come back less: 28 of 100, not 43.",
        n=4_518,
        unit="customers",
        interval="the average of such customers lies within it four times out of five",
        columns=columns(
            by="text: by",
            value="text: first order",
            customers="count: customers",
            gp2_first="money: gross profit of the first order",
            second="share: come back",
            second_lo="share: come back, at least",
            second_hi="share: come back, at most",
            clv="money: gross profit ahead, 12 months",
            clv_lo="money: ahead, at least",
            clv_hi="money: ahead, at most",
            against="text: against the store",
        ),
        rows=tuple(rows.first_orders()),
    ),
    Picture(
        key="calibration",
        title="Did as many order as was said?",
        says="Of customers who were given 20 % for 30 days, 21 % ordered.",
        n=4_520,
        unit="customers",
        interval="the average of such customers lies within it four times out of five",
        columns=columns(
            horizon="days: horizon",
            said="share: said",
            happened="share: happened",
            happened_lo="share: at least",
            happened_hi="share: at most",
            customers="count: customers",
        ),
        rows=tuple(rows.calibration()),
    ),
    Picture(
        key="lift",
        title="Does the ranking find the right ones?",
        says="The best tenth holds 29 % of the orders; by RFM it would be 21 %.",
        n=4_520,
        unit="customers",
        interval="the average of such customers lies within it four times out of five",
        columns=columns(
            by="text: ranked by",
            tenth="count: tenth (1 = best)",
            customers="count: customers",
            share="share: ordered",
            share_lo="share: at least",
            share_hi="share: at most",
            captured="share: of all orders up to here",
        ),
        rows=tuple(rows.lift()),
    ),
    Picture(
        key="said",
        title="What we said, and what happened",
        says="In 18 of 20 weeks the orders lay within what we had said.",
        n=20,
        unit="weeks",
        interval="the orders of a week lie within it four times out of five",
        columns=columns(
            week="date: week",
            horizon="days: horizon",
            said="count: orders said",
            said_lo="count: at least",
            said_hi="count: at most",
            happened="count: orders that came",
        ),
        rows=tuple(rows.said()),
    ),
    Picture(
        key="timeline",
        title="One customer's story",
        says="Customer 4711 ordered five times; her chance to order again falls by half in 90 days.",
        n=1,
        unit="customer",
        columns=columns(
            what="text: what",
            day="date: day",
            chance="share: chance of an order within 171 days",
            amount="money: order",
            stage="text: stage",
        ),
        rows=tuple(rows.timeline()),
    ),
)

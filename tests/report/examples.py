"""A page made by hand, with every picture: what drawing is tried on before any store is read."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from nextorder.report.page import Column, Kind, Page, Picture
from tests.report import example_rows as rows
from tests.report.example_figures import FIGURES, FINDINGS

AS_OF: Final = datetime(2026, 11, 21, 6, tzinfo=UTC)


def columns(**kinds: str) -> Sequence[Column]:
    """
    Name the columns of a table: `share="share: came back"` is one of shares, headed so.

    `share="share: came back in May | came back"` brings its range along: "came back, at least" and "at most".
    """
    return tuple(column for name, told in kinds.items() for column in _with_range(name, *told.split(": ")))


def _with_range(name: str, kind: str, told: str) -> Iterator[Column]:
    label, bar, short = map(str.strip, told.partition("|"))
    yield Column(name=name, kind=Kind(kind), label=label)
    for end, words in (("lo", "at least"), ("hi", "at most")) if bar else ():
        yield Column(name=f"{name}_{end}", kind=Kind(kind), label=f"{short}, {words}" if short else words)


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
            share="share: came back | came back",
            gp2="money: gross profit a customer so far | so far",
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
            share="share: ordered again |",
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
            gaps="count: gaps seen",
            middle="days: half come within | half",
            due="days: due from (40 of 100 have come) | due",
            late="days: late from (75 of 100) | late",
            over="days: no longer told (95 of 100) | no longer told",
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
            orders="count: step by order days (5 = most)",
            last_order_days="text: days since the last order",
            order_days="text: order days",
            customers="count: customers",
            gp2="money: gross profit a customer to date | to date",
            ahead="money: gross profit a customer expected in 90 days | expected",
        ),
        rows=tuple(rows.rfm()),
    ),
    Picture(
        key="sizes",
        title="How many are where",
        says="The window holds 1,032 customers, 19 fewer than a week ago.",
        n=4_518,
        unit="customers",
        columns=columns(
            day="date: at the end of",
            family="text: family",
            segment="text: segment",
            customers="count: customers",
        ),
        rows=tuple(rows.sizes()),
    ),
    Picture(
        key="moves",
        title="Who went where",
        says="In four weeks 31 customers went from closing to repeat, and 142 to missed.",
        n=1_212,
        unit="moves",
        columns=columns(
            start="text: from",
            end="text: to",
            customers="count: customers",
            ahead="money: gross profit ahead, 12 months | ahead",
        ),
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
            amount_from="money: from |",
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
            closed="count: of them with a closed window",
            second="share: came back in the window | came back",
            clv="money: gross profit of the first year | first year",
            against="text: against the store",
        ),
        rows=tuple(rows.first_orders()),
    ),
    Picture(
        key="acquisition",
        title="Which new customers are worth winning",
        says="A new customer brings 24 GBP in the first year; those by code SPRING bring 14 GBP.",
        n=1_620,
        unit="customers won in the last 12 months",
        interval="the average of such customers lies within it four times out of five",
        columns=columns(
            dimension="text: by",
            name="text: which",
            n="count: new customers in 12 months",
            year="money: gross profit of the first year | first year",
            compared="text: against all others",
            left="money: left of the first year | left",
        ),
        rows=tuple(rows.acquisition()),
    ),
    Picture(
        key="hypotheses",
        title="What to try with new customers",
        says="2 of 9 groups clearly differ from the others.",
        n=1_620,
        unit="customers won in the last 12 months",
        interval="the average of such customers lies within it four times out of five",
        columns=columns(
            dimension="text: by",
            name="text: which",
            n="count: new customers in 12 months",
            year="money: gross profit of the first year | first year",
            store="money: of the store",
            stake="money: at stake",
            says="text: what is seen",
            to_try="text: what to try",
        ),
        rows=tuple(rows.hypotheses()),
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
            tenth="count: tenth (1 = least likely)",
            customers="count: customers",
            said="share: said | said",
            happened="share: happened | happened",
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
            horizon="days: horizon",
            tenth="count: tenth (1 = best)",
            customers="count: customers",
            share="share: ordered | ordered",
            lift="ratio: times the average",
            captured="share: of all who ordered, up to here",
            money="share: of all money, up to here",
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
            week="date: said from",
            until="date: until",
            horizon="days: horizon",
            source="text: source",
            customers="count: customers",
            said="count: to order, as said |",
            happened="count: ordered",
            ratio="ratio: said over happened",
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
            chance="share: chance of an order within the window | chance",
            amount="money: amount",
            stage="text: stage",
            joined="text: came in",
            left="text: went out",
        ),
        rows=tuple(rows.timeline()),
    ),
)

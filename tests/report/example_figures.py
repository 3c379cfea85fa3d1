"""Figures at the top of a page, and what its data lack, made by hand."""

from typing import Final

from nextorder.domain.audit import Finding, Light
from nextorder.report.page import Estimate, Figure, Kind

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

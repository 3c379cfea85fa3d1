"""Worth in revenue and in profit: nobody is lost between the bins, and tiers hold as many by either."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.verdicts import reach_verdict
from nextorder.report.clv import (
    BINS,
    MORE,
    Ahead,
    ahead,
    clv,
    edges_of,
    in_words,
    tiers_by_profit,
    tiers_by_revenue,
)
from nextorder.report.store import Store
from nextorder.training.foretell import PROFIT, REVENUE
from tests.report.tables import records

TIERS = [("platinum", 90_000), ("gold", 40_000), ("silver", 9_000), ("bronze", 4_000)]


def people(*amounts: tuple[float, float]) -> Ahead:
    """Return customers by revenue and profit ahead, minor units."""
    return Ahead(
        customers=[str(number) for number, _ in enumerate(amounts)],
        revenue=np.array([revenue for revenue, _ in amounts]),
        profit=np.array([profit for _, profit in amounts]),
    )


def test_both_distributions_hold_every_buyer(store: Store) -> None:
    picture = clv(store)

    for what in (REVENUE, PROFIT):
        bins = records(picture, what=what)
        assert sum(row["customers"] for row in bins) == picture.n == len(store.buyers)
        assert all(one["amount_until"] == other["amount_from"] for one, other in pairwise(bins))
        assert bins[-1]["amount_until"] is None


def test_the_profit_ahead_is_what_the_tags_and_properties_go_by(store: Store) -> None:
    told = dict(zip(store.told.names, ahead(store).profit, strict=True))

    for one in store.buyers[::20]:
        verdict, _ = reach_verdict(
            one, store.shop, store.told.model, as_of=store.as_of, catalogue=store.catalogue
        )
        assert verdict.scores
        assert verdict.scores.clv_gp2_365
        assert told[one.customer] == pytest.approx(verdict.scores.clv_gp2_365.value, rel=0.01)


def test_each_tier_has_the_bound_that_the_last_fit_froze(store: Store) -> None:
    bounds = [row["amount_from"] for row in records(clv(store)) if row["what"].startswith("tier")]

    ranks = store.shop.numbers.clv_ranks
    assert bounds == [ranks["0.01"], ranks["0.05"], ranks["0.2"], ranks["0.5"]]


def test_what_half_and_a_tenth_exceed_stands_with_its_range_and_as_many_exceed_it(store: Store) -> None:
    picture = clv(store)

    told = [row for row in records(picture) if MORE in row["what"]]
    assert [row["what"] for row in told] == [
        f"{who} {MORE}{what}" for what in (REVENUE, PROFIT) for who in ("half", "a tenth")
    ]
    for row in told:
        assert row["amount_from_lo"] < row["amount_from"] < row["amount_from_hi"]
        share = row["customers"] / picture.n
        assert share == pytest.approx(0.5 if row["what"].startswith("half") else 0.1, abs=2 / picture.n)


@given(st.floats(1, 1e12))
def test_bins_are_round_as_wide_as_each_other_and_reach_beyond_a_large_amount(large: float) -> None:
    edges = edges_of(large)

    assert edges[0] == 0
    assert edges[-1] > large >= edges[-2]
    assert len({high - low for low, high in pairwise(edges)}) == 1
    assert len(edges) <= BINS + 2
    assert str(edges[1]).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e5, 1e6)), min_size=1, max_size=40))
def test_by_revenue_as_many_are_in_each_tier_as_by_profit_and_more_revenue_is_no_lower_tier(
    amounts: list[tuple[float, float]],
) -> None:
    told = people(*amounts)
    by_profit = tiers_by_profit(told, TIERS)
    by_revenue = tiers_by_revenue(told, by_profit)

    assert sorted(by_profit) == sorted(by_revenue)
    falling = by_revenue[np.argsort(-told.revenue, kind="stable")]
    assert list(falling) == sorted(falling)


def test_where_profit_follows_revenue_nobody_moves() -> None:
    told = people(*((revenue, revenue * 0.4) for revenue in (300_000, 90_000, 30_000, 12_000, 500)))

    assert "nobody would be more than one value tier away" in in_words(told, TIERS, "EUR")


def test_who_buys_much_and_leaves_little_is_named_with_the_money() -> None:
    told = people((300_000, 1_000), (200_000, 95_000), (90_000, 45_000), (30_000, 10_000), (12_000, 5_000))

    says = in_words(told, TIERS, "EUR")

    # by revenue the first is the one platinum; by profit in no tier, and each other is one higher
    assert "profit moves 1 of them by more than one value tier against revenue" in says
    assert "1 down, whose 3,000 EUR of revenue leave 10 EUR" in says


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"second_orders": 20}, "Too few orders to rank people"),
        ({"withheld": {"value": "Costs are missing."}}, "Costs are missing."),
        ({"currency": "SEK"}, "until the next fit"),
    ],
)
def test_where_nothing_is_said_of_money_the_reason_is(
    store: Store, numbers: dict[str, Any], why: str
) -> None:
    told = replace(store.shop.numbers, **numbers)

    picture = clv(replace(store, shop=replace(store.shop, numbers=told)))

    assert picture.rows == ()
    assert why in picture.says

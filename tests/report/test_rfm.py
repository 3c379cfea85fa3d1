"""The grid: everyone stands in one field, and the fields hold all the money."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.shop import Withheld
from nextorder.report.rfm import fifth_edges, rfm
from nextorder.report.store import Store
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records


def test_everyone_and_all_they_brought_stands_in_the_grid(store: Store) -> None:
    picture = rfm(store)
    rows = records(picture)

    assert sum(row["customers"] for row in rows) == picture.n == len(store.buyers)
    brought = sum(row["customers"] * row["gp2"] for row in rows)
    assert brought == pytest.approx(sum(one.gp2_to_date for one in store.buyers))
    ahead = sum(row["customers"] * row["ahead"] for row in rows)
    assert ahead == pytest.approx(store.told.worth[:, store.told.days.index(90.0)].sum())


def test_fifths_hold_as_many_and_later_orders_stand_higher(store: Store) -> None:
    rows = records(rfm(store))

    sizes = [sum(row["customers"] for row in rows if row["last_order"] == fifth) for fifth in range(1, 6)]
    assert max(sizes) - min(sizes) <= 2
    days = {row["last_order"]: [int(end) for end in row["last_order_days"].split("-")] for row in rows}
    assert all(days[fifth][0] >= days[fifth + 1][1] for fifth in range(1, 5))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_edges_rise_and_are_days_that_somebody_has(days: list[int]) -> None:
    edges = list(fifth_edges(days))

    assert edges == sorted(edges)
    assert set(edges) <= set(days)


def test_order_days_stand_in_steps_of_their_own() -> None:
    store = a_store(ordering([0], [0, 9], [0, 5, 9], [0, 2, 4, 6, 9], range(8)), days=10)

    steps = {row["orders"]: row["order_days"] for row in records(rfm(store))}
    assert steps == {1: "1", 2: "2", 3: "3", 4: "4-5", 5: "6+"}


def test_the_sentence_names_the_best_and_their_share() -> None:
    store = a_store(ordering([0], [1], [2], [3], [5, 6, 7, 8, 9]), days=10)

    assert rfm(store).says == (
        "1 of 5 customers (20 %) bought on 4 days or more and are among the two fifths who bought last; "
        "they brought 56 % of all gross profit."
    )


def test_a_mean_has_the_range_that_so_few_leave_and_one_customer_leaves_none(store: Store) -> None:
    rows = records(rfm(store))

    assert {row["gp2_lo"] is None for row in rows if row["customers"] > 1} == {False}
    for row in rows:
        assert (row["gp2_lo"] is None) == (row["customers"] == 1)
        assert row["customers"] == 1 or row["gp2_lo"] <= row["gp2"] <= row["gp2_hi"]
        assert row["ahead_lo"] <= row["ahead"] <= row["ahead_hi"]


def test_what_rests_on_a_horizon_that_is_withheld_is_not_told(store: Store) -> None:
    off = Withheld(since=store.as_of, reason="12 were to order and 40 did")
    picture = rfm(replace(store, shop=replace(store.shop, withheld={"90": off})))

    assert all(row["ahead"] is None and row["gp2"] is not None for row in records(picture))

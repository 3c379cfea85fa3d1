"""Cohorts: everybody counts in one, nobody before their time, and nobody who did not come back."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.report.beginners import beginners, month_after, today
from nextorder.report.cohorts import MOST_COHORTS, MOST_MONTHS, Cell, cells, cohorts, days_of
from nextorder.report.store import Store
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records

TINY = 1e-12
STEADY = st.lists(
    st.lists(st.integers(0, 400), min_size=1, max_size=4, unique=True).map(sorted), min_size=1, max_size=8
)


def by_cohort(store: Store) -> dict[object, list[Cell]]:
    found: dict[object, list[Cell]] = defaultdict(list)
    for cell in cells(store):
        found[cell.first].append(cell)
    return found


@given(STEADY)
@settings(max_examples=25)
def test_the_cohorts_hold_everyone_whose_month_is_over(customers: list[list[int]]) -> None:
    store = a_store(ordering(*customers), days=430)

    first_days = [one.first_day for one in beginners(store)]
    over = [day for day in first_days if month_after(day) <= today(store)]
    assert sum(told[0].customers for told in by_cohort(store).values()) == len(over)


@given(STEADY)
@settings(max_examples=25)
def test_shares_only_rise_and_who_never_comes_back_is_in_none(customers: list[list[int]]) -> None:
    store = a_store(ordering(*customers), days=430)
    never = a_store(ordering(*([min(days)] for days in customers)), days=430)

    for told in by_cohort(store).values():
        assert all(one.came_back <= then.came_back <= then.customers for one, then in pairwise(told))
        assert told[0].came_back == 0
    assert not any(cell.came_back for cell in cells(never))


def test_a_cell_waits_until_everyone_of_the_cohort_has_had_the_time(store: Store) -> None:
    for cell in cells(store):
        last_day = month_after(cell.first) - timedelta(days=1)
        assert last_day + timedelta(days=days_of(cell.months)) < today(store)
    assert max(cell.months for cell in cells(store)) < MOST_MONTHS
    assert min(cell.first for cell in cells(store)) >= month_after(today(store), -MOST_COHORTS)


def test_money_grows_to_what_the_customers_have_brought() -> None:
    store = a_store(ordering([0, 20, 70], [1]), days=430)

    told = by_cohort(store)
    (march,) = told.values()
    brought = [cell.gp2.value for cell in march if cell.gp2]
    assert brought[:4] == [3_000, 4_500, 4_500, 6_000]
    assert brought[-1] == sum(one.gp2_to_date for one in store.buyers) / 2


def test_what_so_few_leave_open_stands_beside_each_share_and_each_profit(store: Store) -> None:
    rows = records(cohorts(store))

    assert any(row["months"] for row in rows)
    for row in rows:
        alone = row["customers"] == 1
        assert (row["share_lo"] is None) == (row["months"] == 0)
        assert row["months"] == 0 or row["share_lo"] - TINY <= row["share"] <= row["share_hi"] + TINY
        assert (row["gp2_lo"] is None) == alone
        assert alone or row["gp2_lo"] <= row["gp2"] <= row["gp2_hi"]


def test_the_sentence_compares_the_latest_that_had_three_months_with_a_year_before() -> None:
    store = a_store(ordering([0, 20], [1], [2], [370, 380], [371, 377]), days=510)

    assert cohorts(store).says == (
        "Of 2 customers who first bought in March 2026, 2 had come back within 3 months; "
        "of 3 from March 2025, 1 had."
    )


def test_on_the_first_orders_own_day_nobody_can_have_come_back() -> None:
    says = cohorts(a_store(ordering([0, 3], [5]), days=32)).says

    assert "within a day" not in says
    assert says == (
        "Not all of the 2 customers who first bought in March 2025 have had a month to come back yet: so far "
        "only their first day is told."
    )


def test_a_store_in_its_first_month_is_told_when_there_will_be_something() -> None:
    picture = cohorts(a_store(ordering([0], [5, 9]), days=12))

    assert picture.rows == ()
    assert picture.n == 0
    assert "not over yet" in picture.says

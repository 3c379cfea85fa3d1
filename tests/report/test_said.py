"""Said and happened: what was published, or, while nothing has come to its end, what would have been."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.judged import Judged
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.shop import Withheld
from nextorder.report.calibration import judged
from nextorder.report.said import PUBLISHED, RECOMPUTED, said, said_range
from nextorder.report.store import Store
from tests.report.tables import records

MONDAY = date(2026, 8, 3)


def a_window(horizon: str, weeks: int, happened: int, expected: float = 50.0) -> Judged:
    first = MONDAY + weeks * timedelta(days=7)
    return Judged(
        horizon=horizon,
        first=first,
        until=first + timedelta(days=7),
        n=400,
        expected=expected,
        happened=happened,
    )


def test_before_anything_has_come_to_its_end_the_past_is_recomputed_and_says_so(store: Store) -> None:
    picture = said(replace(store, judged=(a_window("5", 0, happened=3),)))

    assert store.backtest
    assert [(row["horizon"], row["customers"], row["said"], row["happened"]) for row in records(picture)] == [
        (one.days, one.n, one.expected, one.happened) for one in judged(store.backtest)
    ]
    assert {row["source"] for row in records(picture)} == {RECOMPUTED}
    assert picture.says.startswith("No published forecast is over yet")


def test_what_was_published_is_told_as_soon_as_a_window_is_closed(store: Store) -> None:
    windows = (
        *(a_window("30", 1, happened=90), a_window("5", 0, happened=52), a_window("5", 1, happened=12)),
        a_window(WINDOW_HORIZON, 0, happened=40),
    )

    picture = said(replace(store, judged=windows))

    c = store.shop.numbers.window.days
    assert [(row["horizon"], row["week"], row["happened"]) for row in records(picture)] == [
        (5.0, "2026-08-03", 52),
        (30.0, "2026-08-10", 90),
        (c, "2026-08-03", 40),
    ]
    assert {row["source"] for row in records(picture)} == {PUBLISHED}
    assert picture.says.startswith("In 1 of 3 forecasts as many ordered as was said")
    assert "50 were to order within 30 days and 90 did" in picture.says


def test_a_window_is_told_by_its_first_and_its_last_day_a_single_day_by_itself(store: Store) -> None:
    (published,) = records(said(replace(store, judged=(a_window("30", 1, happened=90),))))
    recomputed, *_ = records(said(store))

    assert (published["week"], published["until"]) == ("2026-08-10", "2026-08-16")
    assert (recomputed["week"], recomputed["until"]) == ("2026-08-22", None)


def test_where_the_past_is_too_short_to_judge_by_nothing_is_recomputed(store: Store) -> None:
    assert store.backtest
    young = replace(store.backtest, history_days=15.0)

    assert not said(replace(store, backtest=young)).rows


def test_a_horizon_of_which_nothing_is_published_is_named(store: Store) -> None:
    withheld = {"30": Withheld(since=store.as_of, reason="off twice")}
    shop = replace(store.shop, withheld=withheld)

    says = said(replace(store, shop=shop, judged=(a_window("30", 1, happened=90),))).says

    assert "nothing is published of 30 days until it holds again" in says


def test_a_store_without_a_past_is_told_what_it_waits_for(store: Store) -> None:
    picture = said(replace(store, backtest=None))

    assert picture.rows == ()
    assert picture.says.startswith("Nothing that was said has come to its end yet")


@given(st.floats(0, 400), st.integers(0, 400))
def test_what_was_said_lies_in_its_own_range_and_the_range_in_what_is_possible(
    expected: float, happened: int
) -> None:
    low, high = said_range(a_window("30", 0, happened, expected))

    assert 0 <= low <= expected + 1e-9
    assert expected - 1e-9 <= high <= 400

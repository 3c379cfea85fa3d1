"""The sums of said and happened: whoever counts them, in whatever order, ends in the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.judged import (
    HORIZONS,
    Judged,
    Judgement,
    Said,
    Standing,
    came,
    first_said,
    horizon_days,
    joined,
    monday_of,
    standing_of,
    week_of,
)
from nextorder.domain.judged_words import news, said_lines, window_in_words
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.shop import Withheld
from tests.unit.shop_cases import DAY, NUMBERS, SHOP, START

FAR = START + 5_000 * DAY
MONDAY = monday_of(START.date())

ROWS = st.builds(
    lambda key, hours, version, chance: Said(
        log_key=f"k{key}",
        at=START + timedelta(hours=hours),
        version=version,
        model=f"m{version % 2}",
        chances={"5": chance, "90": chance},
    ),
    st.integers(0, 12),
    st.integers(-30, 260),
    st.integers(1, 3),
    st.floats(0.01, 0.9),
)


def sums(rows: Sequence[Said], horizon: str) -> Judged:
    ordered_at = {f"k{n}": [START + (n / 2) * DAY] for n in range(10)}
    return week_of(horizon, MONDAY, first_said(rows, horizon, MONDAY, NUMBERS, FAR), ordered_at)


@given(st.lists(ROWS, max_size=30, unique_by=lambda row: (row.log_key, row.at, row.version)), st.randoms())
def test_any_order_and_any_copies_of_rows_sum_to_the_same(rows: list[Said], random: object) -> None:
    copies = rows + rows[: len(rows) // 2]
    random.shuffle(copies)  # type: ignore[attr-defined]  # a Random

    for horizon in ("5", "90"):
        assert sums(copies, horizon) == sums(rows, horizon)


@given(st.lists(ROWS, max_size=40))
def test_a_customer_counts_once_a_week_by_what_was_said_first(rows: list[Said]) -> None:
    for key, chosen in first_said(rows, "5", MONDAY, NUMBERS, FAR).items():
        same = [row for row in rows if row.log_key == key and monday_of(row.at.date()) == MONDAY]
        assert chosen.at == min(row.at for row in same)


@given(st.sampled_from(HORIZONS), st.text("0123456789abcdef", min_size=1, max_size=16))
def test_no_order_counts_twice_for_a_horizon_and_every_customer_has_a_turn(horizon: str, key: str) -> None:
    """Whenever in its week a score is said, what may come of it is over when the next one is asked about."""
    asked = []
    for week in range(60):
        monday = MONDAY + timedelta(days=7 * week)
        at = START + 7 * week * DAY
        row = Said(log_key=key, at=at, version=1, model="", chances={horizon: 0.1}, closes_at=at)
        if first_said([row], horizon, monday, NUMBERS, FAR):
            asked.append(monday)

    gaps = {(after - before).days for before, after in pairwise(asked)}
    assert len(asked) >= 2
    assert len(gaps) == 1
    assert horizon_days(horizon, NUMBERS) + 7 <= gaps.pop() < horizon_days(horizon, NUMBERS) + 14


def test_an_order_in_the_very_moment_of_saying_did_not_come_after_it() -> None:
    said = Said(log_key="k", at=START, version=1, model="", chances={"5": 0.1})

    assert [came(said, "5", [START + days * DAY]) for days in (-1, 0, 1, 5, 5.01)] == [
        *(False, False, True, True, False)
    ]


def test_the_window_of_a_one_order_customer_is_their_own() -> None:
    said = Said(
        log_key="k", at=START, version=1, model="", chances={WINDOW_HORIZON: 0.3}, closes_at=START + 40 * DAY
    )

    assert came(said, WINDOW_HORIZON, [START + 40 * DAY])
    assert not came(said, WINDOW_HORIZON, [START + 41 * DAY])


def test_a_window_that_closes_later_than_is_known_yet_is_not_asked_about() -> None:
    key = next(
        key
        for key in map(str, range(100))
        if first_said([_window_said(key)], WINDOW_HORIZON, MONDAY, NUMBERS, FAR)
    )

    assert not first_said([_window_said(key)], WINDOW_HORIZON, MONDAY, NUMBERS, START + 41 * DAY)
    assert first_said([_window_said(key)], WINDOW_HORIZON, MONDAY, NUMBERS, START + 42 * DAY)


def _window_said(key: str) -> Said:
    chances = {WINDOW_HORIZON: 0.3}
    return Said(log_key=key, at=START, version=1, model="", chances=chances, closes_at=START + 40 * DAY)


def a_window(expected: float, happened: int, *, n: int = 500, week: int = 0, horizon: str = "5") -> Judged:
    first = MONDAY + timedelta(days=7 * week)
    return Judged(
        horizon=horizon,
        first=first,
        until=first + timedelta(days=7),
        n=n,
        expected=expected,
        happened=happened,
    )


WINDOWS = st.builds(a_window, st.floats(1, 90), st.integers(0, 60))


@given(st.lists(WINDOWS, max_size=20))
def test_joining_loses_nothing_and_only_the_last_window_is_open(weeks: list[Judged]) -> None:
    kept = Judgement()
    for n, week in enumerate(weeks):
        moved = replace(week, first=MONDAY + timedelta(days=7 * n), until=MONDAY + timedelta(days=7 * n + 7))
        kept = joined(kept, moved)
        kept = joined(kept, replace(moved, horizon="30"))

    windows = kept.of("5")
    assert sum(one.n for one in windows) == sum(one.n for one in weeks)
    assert sum(one.happened for one in windows) == sum(one.happened for one in weeks)
    assert all(one.is_closed for one in windows[:-1])
    assert all(before.until == after.first for before, after in pairwise(windows))
    assert len(kept.of("30")) == len(windows)


@pytest.mark.parametrize(
    ("expected", "happened", "is_off"),
    [
        (45.0, 30, False),
        (45.1, 30, True),
        (20.1, 30, False),
        (20.0, 30, True),
        (44.0, 29, False),
        (46.0, 0, True),
        (5.0, 29, False),
    ],
)
def test_a_window_is_off_beyond_half_as_many_again_or_a_third_too_few(
    expected: float, happened: int, *, is_off: bool
) -> None:
    """With fewer than 30 orders only where it can no longer come right."""
    assert a_window(expected, happened).is_off is is_off


@given(st.lists(WINDOWS, max_size=12))
def test_withheld_is_entered_and_left_by_two_closed_windows_running_and_by_nothing_else(
    windows: list[Judged],
) -> None:
    """However many of them were judged since the last look."""
    withheld = False
    for count in range(len(windows) + 1):
        closed = [one.is_off for one in windows[:count] if one.is_closed][-2:]
        if len(closed) == 2 and closed[0] == closed[1]:
            withheld = closed[0]

        assert (standing_of(windows[:count]) is Standing.WITHHELD) is withheld


def test_the_range_of_a_ratio_holds_it_and_narrows_with_what_happened() -> None:
    few, many = a_window(60, 30), a_window(600, 300, n=5_000)

    for one in (few, many):
        low, high = one.ratio_range
        assert low < one.ratio < high
    assert few.ratio_range[1] - few.ratio_range[0] > many.ratio_range[1] - many.ratio_range[0]
    assert a_window(0, 0, n=0).ratio_range == (0.0, 0.0)


def test_windows_are_told_in_words_with_their_numbers() -> None:
    assert window_in_words(a_window(60, 30)) == (
        "of 500 customers asked about from 3 March 2025 to 9 March 2025, 60 were expected to order "
        "and 30 did (2.00 times as many expected as came, between 1.60 and 2.51)"
    )
    assert window_in_words(a_window(60, 0)).endswith("60 were expected to order and 0 did")


def test_each_horizon_is_told_with_what_became_of_it() -> None:
    kept = Judgement(
        windows=(a_window(60, 30), a_window(31, 30, horizon="30"), a_window(3, 2, horizon="90")),
        told={"5": Standing.WITHHELD, "30": Standing.GOOD, "90": Standing.GOOD},
    )
    shop = replace(SHOP, withheld={"5": Withheld(since=START, reason="x")})

    five, thirty, ninety = said_lines(kept, shop)

    assert five.startswith("an order within 5 days: WITHHELD: of 500 customers")
    assert thirty.startswith("an order within 30 days: good: ")
    assert ninety.endswith("too few orders yet to judge by")
    assert "comes back by itself" in news("5", Standing.GOOD, Standing.WITHHELD, [a_window(60, 30)] * 2)


def test_weeks_begin_on_monday_in_utc() -> None:
    assert monday_of(date(2025, 3, 9)) == date(2025, 3, 3)
    assert monday_of(date(2025, 3, 10)) == date(2025, 3, 10)

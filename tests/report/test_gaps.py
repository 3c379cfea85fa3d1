"""Gaps: the days at which customers are told to be due are those that their tags go by."""

from dataclasses import replace

from nextorder.report.gaps import LEAST_GAPS, STEP_DAYS, gaps
from nextorder.training.habits import day_by, gaps_of, waits_of
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records

STEADY = ordering(*([number % 7, number % 7 + 35 + number / 10] for number in range(150)))
BY_CHANCE = ordering(*([0, 3 ** (number % 6), 400] for number in range(40)))


def test_due_late_and_over_are_the_frozen_numbers() -> None:
    plain = a_store(STEADY, days=600)
    frozen = gaps_of(plain.everyone)
    store = replace(plain, shop=replace(plain.shop, numbers=replace(plain.shop.numbers, gaps=frozen)))

    picture = gaps(store)
    tea = frozen["tea"]
    assert {(row["due"], row["late"], row["over"]) for row in records(picture)} == {
        (tea.day_40, tea.day_75, tea.day_95)
    }
    assert f"{tea.day_40:.0f} to {tea.day_75:.0f} days later" in picture.says


def test_the_bars_hold_every_gap_of_a_year() -> None:
    store = a_store(STEADY, days=600)
    rows = records(gaps(store))

    seen = [wait.days for wait in waits_of(store.everyone)["tea"] if wait.came]
    assert sum(row["gaps"] for row in rows) == len(seen)
    for row in rows:
        assert row["days_until"] == row["days_from"] + STEP_DAYS
        assert row["gaps"] == sum(row["days_from"] <= days < row["days_until"] for days in seen)


def test_without_a_rhythm_the_half_is_told_and_nobody_is_due() -> None:
    store = a_store(BY_CHANCE, days=800)

    picture = gaps(store)
    assert {(row["due"], row["late"], row["over"]) for row in records(picture)} == {(None, None, None)}
    assert {row["middle"] for row in records(picture)} == {day_by(waits_of(store.everyone)["tea"], 0.5)}
    assert "nobody is said to be due" in picture.says


def test_a_category_that_nobody_buys_again_is_not_drawn() -> None:
    picture = gaps(a_store(ordering(*([day, day + 40] for day in range(LEAST_GAPS - 1))), days=300))

    assert picture.rows == ()
    assert "has been bought again 30 times yet" in picture.says

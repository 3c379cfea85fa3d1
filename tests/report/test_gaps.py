"""Gaps: the days at which customers are told to be due are those that their tags go by."""

from dataclasses import replace

import numpy as np

from nextorder.report.charts import draw
from nextorder.report.gaps import LEAST_GAPS, STEP_DAYS, gaps, share_range
from nextorder.training.habits import Wait, days_by, gaps_of, waits_of
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
    assert {row["middle"] for row in records(picture)} == {*days_by(waits_of(store.everyone)["tea"], 0.5)}
    assert "nobody is said to be due" in picture.says


def test_by_when_half_come_within_a_year_is_not_told_of_a_store_that_is_younger() -> None:
    young = a_store(ordering(*([0, 1 + number % 9] for number in range(LEAST_GAPS))), days=44)

    picture = gaps(young)
    assert {(row["middle"], row["middle_lo"], row["middle_hi"]) for row in records(picture)} == {(None,) * 3}
    assert sum(row["gaps"] for row in records(picture)) == LEAST_GAPS
    assert "within a year" not in picture.says
    assert f"{LEAST_GAPS} times" in picture.says
    assert draw(picture, "EUR")


def test_a_category_that_nobody_buys_again_is_not_drawn() -> None:
    picture = gaps(a_store(ordering(*([day, day + 40] for day in range(LEAST_GAPS - 1))), days=300))

    assert picture.rows == ()
    assert "has been bought again 30 times yet" in picture.says


def test_each_points_range_holds_it() -> None:
    plain = a_store(STEADY, days=600)
    numbers = replace(plain.shop.numbers, gaps=gaps_of(plain.everyone))
    [row, *_] = records(gaps(replace(plain, shop=replace(plain.shop, numbers=numbers))))

    for point in ("middle", "due", "late", "over"):
        assert row[f"{point}_lo"] <= row[point] <= row[f"{point}_hi"]
        assert row[f"{point}_lo"] < row[f"{point}_hi"]


def test_four_of_five_ranges_hold_the_day_by_which_half_come() -> None:
    """Gaps spread evenly over a year, a third of them still awaited: half of them come by its middle."""
    draw, held = np.random.default_rng(7), 0
    for _ in range(200):
        waits = [
            Wait(days=min(day, seen), came=day <= seen, began_days=seen)
            for day, seen in ((draw.uniform(0, 365), draw.uniform(100, 900)) for _ in range(120))
        ]
        low, high = days_by(waits, *share_range(0.5, waits))
        held += low <= 365 / 2 <= high

    assert 0.75 <= held / 200 <= 0.9

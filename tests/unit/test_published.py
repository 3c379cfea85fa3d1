"""What leaves the house: switched-on segments, and numbers in steps."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain import catalogue as module
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.published import (
    AMOUNT_FLOOR,
    ladder,
    published_segments,
    shop_day,
    two_digits,
    worth_telling,
)
from nextorder.domain.verdict import Segment, Verdict

CATALOGUE = parse_catalogue(Path(module.__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
SINCE = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
SEGMENTS = {
    "risk": Segment(value="at-risk", since=SINCE),
    "life": Segment(value="champion", since=SINCE),
    "value": Segment(value="gold", since=SINCE),
}


def test_a_segment_that_is_off_is_known_but_not_shown() -> None:
    assert published_segments(Verdict(segments=SEGMENTS), CATALOGUE) == ("life:champion", "risk:at-risk")
    assert "value:gold" in published_segments(Verdict(segments=SEGMENTS), CATALOGUE.with_on("all"))


def test_of_a_held_out_customer_only_the_hold_mark_is_shown() -> None:
    segments = {**SEGMENTS, "hold": Segment(value="", since=SINCE)}

    assert published_segments(Verdict(segments=segments, held_out=True), CATALOGUE) == ("hold",)


@pytest.mark.parametrize(
    ("p", "step"),
    [
        (0.0, 0.0),
        (0.00001, 0.0),
        (0.01, 0.01),
        (0.0119, 0.0125),
        (0.06, 0.063),
        (0.31, 0.32),
        (0.085, 0.08),
        (0.89, 0.8),
        (0.9, 0.99),
        (1.0000001, 0.99),
    ],
)
def test_a_probability_moves_to_the_nearest_step(p: float, step: float) -> None:
    assert ladder(p) == step


@given(st.floats(0, 1), st.floats(0, 1))
def test_steps_keep_the_order_and_stay_near(p: float, q: float) -> None:
    low, high = sorted((p, q))

    assert ladder(low) <= ladder(high) < 1
    assert ladder(ladder(p)) == ladder(p)
    # half a step is 12.2 %, and 3.2 stands for 3.162
    assert ladder(p) == pytest.approx(p, rel=0.137, abs=1.2e-4)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [(0, 0), (0.4, 0), (7.6, 8), (12_345, 12_000), (-987.0, -990), (99_600, 100_000)],
)
def test_an_amount_keeps_two_digits(amount: float, rounded: int) -> None:
    assert two_digits(amount) == rounded


@given(st.floats(-1e9, 1e9))
def test_an_amount_is_told_anew_in_steps_of_a_quarter(amount: float) -> None:
    step = worth_telling(amount)

    assert worth_telling(-amount) == -step
    assert step == (0.0 if abs(amount) < AMOUNT_FLOOR else pytest.approx(amount, rel=0.137))


def test_a_day_is_the_shops_own() -> None:
    assert shop_day(SINCE, ZoneInfo("Europe/Stockholm")) == date(2026, 5, 2)

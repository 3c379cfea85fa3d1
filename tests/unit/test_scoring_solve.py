"""Finding the moment at which a falling number reaches a level."""

import math

from hypothesis import given
from hypothesis import strategies as st

from nextorder.scoring.predict import chance_kept
from nextorder.scoring.solve import ONE_SECOND_IN_DAYS, when_falls_to
from tests.unit.scoring_cases import a_history, a_model


@given(st.floats(0.001, 3.0), st.floats(0.05, 0.95))
def test_the_answer_is_the_first_second_below_the_level(rate: float, level: float) -> None:
    exact = -math.log(level) / rate

    found = when_falls_to(lambda day: math.exp(-rate * day), level, 0.0, 10_000.0)

    assert found is not None
    assert exact <= found <= exact + 2 * ONE_SECOND_IN_DAYS
    assert math.exp(-rate * found) < level


def test_the_moment_a_customer_has_kept_half_of_her_chance_is_found() -> None:
    model, history = a_model(), a_history()

    day = when_falls_to(lambda age: chance_kept(model, history.at(age), 150), 0.5, 120.0, 2000.0)

    assert day is not None
    assert chance_kept(model, history.at(day), 150) < 0.5
    assert chance_kept(model, history.at(day - 2 * ONE_SECOND_IN_DAYS), 150) >= 0.5


def test_a_number_that_is_below_already_answers_with_the_start() -> None:
    assert when_falls_to(lambda day: -day, 0.5, 3.0, 9.0) == 3.0


def test_a_number_that_never_falls_so_far_has_no_moment() -> None:
    assert when_falls_to(lambda _: 1.0, 1.0, 0.0, 9.0) is None


def test_a_step_is_found_like_a_slope() -> None:
    found = when_falls_to(lambda day: 1.0 if day < 5 else 0.0, 0.5, 0.0, 9.0)

    assert found is not None
    assert 5 <= found <= 5 + ONE_SECOND_IN_DAYS

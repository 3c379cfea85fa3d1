"""The Beta distribution agrees with scipy, and a rate is only sure when it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nextorder.scoring.beta import beta_cdf, surely_above

SHAPES = st.floats(0.01, 600)


@given(st.just(0.0) | st.floats(1e-9, 1), SHAPES, SHAPES)
def test_the_distribution_is_scipys(x: float, a: float, b: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), rel=1e-9, abs=1e-12)


@given(st.floats(-1, 2), SHAPES, SHAPES)
def test_it_is_a_probability(x: float, a: float, b: float) -> None:
    assert 0 <= beta_cdf(x, a, b) <= 1 + 1e-12


def test_beyond_its_ends_nothing_is_left() -> None:
    assert beta_cdf(-0.1, 2, 3) == 0
    assert beta_cdf(1.2, 2, 3) == 1


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.floats(0.005, 0.6),
    st.floats(0.01, 1.5),
)
def test_a_rate_is_surely_above_what_its_lower_tenth_is_above(
    successes: int, failures: int, mean: float, level: float
) -> None:
    lower = stats.beta.ppf(0.1, successes + 5 * mean, failures + 5 * (1 - mean))
    if abs(lower - level) > 1e-6:
        found = surely_above(level, successes, successes + failures, mean=mean, weight=5)
        assert found is bool(lower > level)


def test_more_of_the_same_makes_surer() -> None:
    sure = [surely_above(0.2, 3 * n, 10 * n, mean=0.1, weight=5) for n in (1, 3, 10)]

    assert sure == [False, False, True]

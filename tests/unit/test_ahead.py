"""Facts that bear a date ahead: none counts before its time, and none is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.ahead import CLOCKS_DIFFER, known_by
from nextorder.domain.facts import OrderCount, StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.verdict import Quality
from tests.unit.live_cases import a_checkout
from tests.unit.shop_cases import (
    DAY,
    ONE,
    SHOP,
    START,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
    standing,
    verdict_of,
)

NEXT_YEAR = an_order(365, name="ahead")
days = st.floats(-400, 800, allow_nan=False).map(lambda one: round(one, 3))
MAKERS = (an_order, a_checkout, a_sign_up, lambda at: a_refund(ONE[0], at, 100))
facts = st.builds(lambda make, at: make(at), st.sampled_from(MAKERS), days)
histories = st.lists(facts, max_size=8, unique_by=lambda one: (type(one), one.id))


def known_only(held: list[StoredFact], at: float) -> tuple[StoredFact, ...]:
    return known_by(held, START + at * DAY + CLOCKS_DIFFER)


@given(histories, days)
def test_what_lies_ahead_changes_nothing_before_it_counts(held: list[StoredFact], at: float) -> None:
    verdict, due_at = verdict_of(*held, days=at)
    without, due_without = verdict_of(*known_only(held, at), days=at)

    assert standing(verdict) == standing(without)
    assert verdict.scores == without.scores
    assert due_at == due_without or (due_at and (due_without is None or due_at < due_without))


@given(histories, days)
def test_everyone_is_due_the_moment_another_fact_counts_and_then_it_does(
    held: list[StoredFact], at: float
) -> None:
    now = START + at * DAY
    wakes_at = compute_features("7", held, SHOP, now).counts_from

    assert (wakes_at is not None) == (len(known_only(held, at)) < len(held))
    if wakes_at:
        _, due_at = verdict_of(*held, days=at)
        assert due_at is not None
        assert now < due_at <= wakes_at
        before = known_by(held, wakes_at - timedelta(seconds=1) + CLOCKS_DIFFER)
        assert len(known_by(held, wakes_at + CLOCKS_DIFFER)) > len(before)
        later = compute_features("7", held, SHOP, wakes_at).counts_from
        assert later is None or later > wakes_at


def test_a_date_ahead_does_not_move_the_clock() -> None:
    features = features_of(*ONE, NEXT_YEAR, days=10)

    assert features.as_of == START + 10 * DAY
    assert (len(features.order_days), features.counts_from) == (1, START + 364 * DAY)


def test_an_order_that_does_not_count_yet_is_not_missing() -> None:
    count = OrderCount(customer="7", orders=2, updated_at=START)

    assert features_of(*ONE, NEXT_YEAR, count, days=10).quality is Quality.OK


def test_a_deleted_order_wakes_nobody_with_anything_to_say() -> None:
    gone = replace(NEXT_YEAR, deleted=True)

    assert standing(verdict_of(*ONE, gone, days=10)[0]) == standing(verdict_of(*ONE, days=10)[0])


@pytest.mark.parametrize("days_ahead", [0.0, 0.5, 1.0])
def test_a_clock_that_runs_ahead_by_a_day_at_most_is_believed(days_ahead: float) -> None:
    features = features_of(*ONE, an_order(10 + days_ahead), days=10)

    assert features.as_of == START + (10 + days_ahead) * DAY
    assert (len(features.order_days), features.counts_from) == (2, None)

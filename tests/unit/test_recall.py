"""What a refit does to who was placed before it: harder ways, shortest stays, and whose step it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.catalogue import RISKS, TIERS
from nextorder.domain.events import may_tell
from nextorder.domain.verdict import Cause, State, Verdict
from tests.unit.shop_cases import CATALOGUE, a_consent, values
from tests.unit.walk_cases import NUMBERS, Refit, Walk, an_order_of

SAME = Refit((1.0,) * 6)
SHORTER_WINDOW = Refit((1.0, 1.0, 1.0, 1.0, 1.0, 0.6))
NEAR = st.floats(0.3, 3.5)


def a_buyer(orders: int, *, days: float, revenue: int = 9_000) -> Walk:
    """Order every three weeks, then wait."""
    way = Walk()
    way.take(a_consent(-1))
    for number in range(orders):
        way.wait(21.0 * bool(number))
        way.take(an_order_of(3 * number, 21.0 * number, "tea", revenue, 0))
    way.wait(days)
    return way


def verdict(way: Walk) -> Verdict:
    assert way.state is not None
    return way.state.verdict


def refitted(way: Walk, refit: Refit) -> Verdict:
    way.refit(refit)
    way.look()
    return verdict(way)


@settings(max_examples=40)
@given(NEAR, st.sampled_from([60.0, 130.0, 330.0]))
def test_risk_goes_down_by_its_levels_and_back_up_by_harder_ones(factor: float, days: float) -> None:
    way = a_buyer(4, days=days)
    ladder = ("", *RISKS)
    before = ladder.index(values(verdict(way)).get("risk", ""))

    after = refitted(way, Refit((factor, 1.0, 1.0, 1.0, 1.0, 1.0)))

    assert after.scores is not None
    kept = after.scores.chance_kept
    levels, back = (
        [CATALOGUE.threshold(f"risk:{value}", key) for value in RISKS]
        for key in ("chance_kept", "refit_back")
    )
    fallen = sum(kept < level for level in levels)
    lifted = sum(kept <= level for level in back)
    assert ladder.index(values(after).get("risk", "")) == max(fallen, min(lifted, before))


@settings(max_examples=40)
@given(NEAR, st.sampled_from([1, 2, 4]))
def test_a_tier_is_left_by_its_way_out_and_entered_by_its_way_in(factor: float, orders: int) -> None:
    way = a_buyer(orders, days=31.0)
    ladder = (*TIERS, "")
    before = verdict(way).segments.get("value")
    stayed = before is None or way.now - before.since >= timedelta(days=30)

    after = refitted(way, Refit((1.0, factor, 1.0, 1.0, 1.0, 1.0)))

    assert after.scores is not None
    assert after.scores.clv_gp2_365 is not None
    worth = after.scores.clv_gp2_365.value
    ways_in, ways_out = (
        [
            round(NUMBERS.clv_ranks[f"{CATALOGUE.threshold(f'value:{tier}', key):g}"] * factor)
            for tier in TIERS
        ]
        for key in ("clv_rank", "clv_rank_out")
    )
    held = ladder.index(before.value if before else "")
    fallen = sum(worth < level for level in ways_out)
    lifted = sum(worth < level for level in ways_in)
    expected = max(fallen, min(lifted, held)) if stayed else held
    assert ladder.index(values(after).get("value", "")) == expected


def test_a_window_that_opens_anew_takes_nobody_back() -> None:
    """A longer window leaves the second-window customer where the flow has begun."""
    way = a_buyer(1, days=40.0)

    after = refitted(way, Refit((1.0, 1.0, 1.0, 1.0, 1.0, 1.7)))

    assert values(verdict(way))["life"] == "second-window"
    assert after.segments["life"].since < way.now


def test_a_step_that_only_new_numbers_take_is_theirs_and_tells_nobody() -> None:
    way = a_buyer(1, days=25.0)
    way.refit(SHORTER_WINDOW)
    way.wait(0.5)
    way.look()

    life = verdict(way).segments["life"]
    assert (life.value, life.since, life.previous) == ("second-window", way.now, "new")
    assert verdict(way).cause is Cause.REFIT
    assert not may_tell(verdict(way))


def test_a_step_that_was_due_anyway_is_still_times() -> None:
    """A fit that has not reached everyone takes no event away from who is due meanwhile."""
    way = a_buyer(1, days=31.5)
    way.refit(SAME)
    due_at = due(way.state)

    way.wait(1.0)

    life = verdict(way).segments["life"]
    assert (life.value, life.since) == ("second-window", due_at)
    assert verdict(way).cause is Cause.TIME
    assert may_tell(verdict(way))


def due(state: State | None) -> object:
    return state and state.due_at


@pytest.mark.parametrize(("days", "waits"), [(10.0, 0.0), (2.0, 5.0)])
def test_other_settings_are_named_as_such_and_wait_for_the_shortest_stay(days: float, waits: float) -> None:
    way = a_buyer(4, days=days, revenue=900)
    assert values(verdict(way))["life"] == "loyal"

    way.shop = replace(way.shop, loyal_order_days=6)
    way.look()
    assert verdict(way).cause is Cause.CATALOGUE
    way.wait(waits)

    life = verdict(way).segments["life"]
    assert (life.value, life.since, life.previous) == ("repeat", way.now, "loyal")
    assert verdict(way).cause is Cause.CATALOGUE


@pytest.mark.parametrize("forgetful", [False, True])
def test_what_new_numbers_leave_alone_needs_no_memory(*, forgetful: bool) -> None:
    """The state is as small as before where facts alone would say the same."""
    way = a_buyer(3, days=5.0)
    way.forgetful = forgetful

    assert refitted(way, SAME).memory is None

"""A pass over everyone: spread over a day, resumed after a crash, telling differences only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.domain.changes import Accepted
from nextorder.domain.passes import CUSTOMERS, EVERY, SPREAD, TICK, Pass, SegmentSizes, is_due, spread
from nextorder.domain.unit_costs import Goods, Step
from nextorder.domain.verdict import State, Verdict
from nextorder.ports import CustomerRecord
from nextorder.use_cases.sweep import AT_ONCE, is_behind
from nextorder.use_cases.wake_due import MOST_WAITING
from tests.unit.shop_cases import NUMBERS, SHOP, an_order
from tests.unit.sweep_cases import AS_OF, COUNT, Swept


def test_a_pass_is_spread_over_a_day() -> None:
    swept = Swept(count=1_000)

    looked_at = swept.run()

    assert sum(looked_at) == 1_000
    assert max(looked_at) <= spread(1_000) == 11
    assert timedelta(hours=22) <= len(looked_at) * TICK <= SPREAD


def test_it_begins_when_terms_change_and_wakes_everyone_once() -> None:
    swept = Swept()
    swept.run()
    swept.change_terms()
    woken: list[str] = []

    assert swept.tick()
    assert not swept.queue.woken, "functions may still remember the old terms"
    while (now := swept.tick()) and not now.ended_at:
        woken += swept.queue.woken
        swept.work_off()

    assert sorted(woken) == [swept.name(n) for n in range(COUNT)]


def test_only_differences_are_published_and_the_next_pass_wakes_nobody() -> None:
    swept = Swept(step=timedelta())
    swept.run()
    shown = [state.shown for state in swept.states]
    swept.change_terms()
    swept.run()

    assert [state.shown for state in swept.states] == shown
    assert {state.version for state in swept.states} >= {2}
    assert {state.shown_version for state in swept.states} == {1}

    swept.house.shops.change(SHOP.id, objective="the same terms")
    assert swept.tick() is None
    assert sum(swept.run()) == 0


def test_a_crash_repeats_a_part_and_leaves_nobody_out() -> None:
    swept = Swept()
    swept.tick()
    swept.change_terms()
    swept.tick()
    woken = set()
    for _ in range(COUNT):
        before = swept.passes.load(SHOP.id)
        assert before
        now = swept.tick()
        assert now
        woken |= set(swept.queue.woken)
        if now.ended_at:
            break
        # the messages were sent and the note of it was not written
        swept.passes.passes[SHOP.id] = before
        now = swept.tick()
    assert woken == {swept.name(n) for n in range(COUNT)}


def test_what_there_is_no_time_for_is_left_to_the_next_tick() -> None:
    swept = Swept(count=AT_ONCE * 3)
    swept.house.shops.change(SHOP.id, numbers=replace(NUMBERS, customers=AT_ONCE * 3 * 96))
    swept.tick()
    asked = iter([True, False, False])

    now = swept.tick(has_time=lambda: next(asked))

    assert now
    assert now.looked_at == AT_ONCE
    assert now.ended_at is None
    then = swept.tick()
    assert then
    assert then.looked_at == 3 * AT_ONCE


def test_it_gives_way_while_the_queue_is_behind() -> None:
    swept = Swept()
    swept.tick()
    swept.queue.before = MOST_WAITING + 1

    now = swept.tick()

    assert now
    assert (now.looked_at, swept.queue.woken) == (0, [])


def test_two_ticks_at_once_are_one() -> None:
    swept = Swept()
    swept.tick()
    meanwhile = replace(swept.passes.passes[SHOP.id], after=swept.name(60), looked_at=61)

    def another_tick() -> bool:
        swept.passes.passes[SHOP.id] = meanwhile
        return True

    swept.tick(has_time=another_tick)

    assert swept.passes.load(SHOP.id) == meanwhile


def test_other_terms_begin_a_pass_under_way_again() -> None:
    swept = Swept()
    swept.tick()
    swept.tick()
    swept.change_terms()

    now = swept.tick()

    assert now
    assert (now.after, now.looked_at) == ("", 0)


def test_after_a_week_numbers_that_moved_by_a_step_are_written_and_others_are_not() -> None:
    swept = Swept()
    swept.run()
    before = swept.states
    assert swept.tick() is None
    swept.now += EVERY

    swept.run()

    pairs = list(zip(before, swept.states, strict=True))
    moved = [(old, new) for old, new in pairs if new.version != old.version]
    assert 0 < len(moved) < COUNT
    assert all(new.shown != old.shown for old, new in moved)
    assert all(swept_due(state, swept.now) for state in swept.states)


def swept_due(state: State, now: datetime) -> bool:
    """Whether a state looks ahead."""
    return state.due_at is None or state.due_at > now


def test_a_shop_that_took_the_app_out_is_left_alone() -> None:
    swept = Swept()
    swept.house.shops.change(SHOP.id, uninstalled_at=AS_OF)

    assert swept.tick() is None


def test_a_destination_that_is_behind_is_nudged_once() -> None:
    swept = Swept()
    late = swept.name(17)
    del swept.house.held.accepted[SHOP.id, late, "shopify"]

    swept.run()

    assert swept.shopify.names == [late]


def test_nothing_is_nudged_before_the_merchant_lets_verdicts_out() -> None:
    swept = Swept()
    swept.house.shops.change(SHOP.id, applied=False)
    swept.house.held.accepted.clear()

    swept.run()

    assert swept.shopify.names == []


def a_state(version: int, *, shown_version: int, run: str = "") -> State:
    return State(verdict=Verdict(), digest="", version=version, shown_version=shown_version, run=run)


@pytest.mark.parametrize(
    ("state", "accepted", "behind"),
    [
        (a_state(3, shown_version=2), Accepted(version=1), True),
        (a_state(3, shown_version=2), Accepted(version=2), False),
        (a_state(3, shown_version=2), Accepted(version=3), False),
        (a_state(1, shown_version=1), Accepted(version=9), True),
        (a_state(3, shown_version=2), Accepted(version=1, refused="no", refused_version=3), False),
        (a_state(3, shown_version=2), Accepted(version=1, refused="no", refused_version=1), True),
        (a_state(1, shown_version=1), None, True),
        (a_state(1, shown_version=1, run="import-1"), None, False),
        (None, Accepted(version=4), True),
        (None, Accepted(version=4, refused="no"), False),
        (None, None, False),
    ],
)
def test_who_is_behind(state: State | None, accepted: Accepted | None, *, behind: bool) -> None:
    record = CustomerRecord(state=state, accepted={"klaviyo": accepted} if accepted else {})

    assert is_behind(record, "klaviyo") is behind


def test_the_sizes_are_set_right_at_the_end() -> None:
    swept = Swept()
    swept.sizes.reckon(SHOP.id, SegmentSizes(counts={"life:new": 9_999, "risk:lost": 1}, reckoned_at=AS_OF))

    swept.run()

    known = swept.sizes.read(SHOP.id)
    assert known
    assert known.counts[CUSTOMERS] == COUNT
    assert "risk:lost" not in known.counts
    for name in known.counts.keys() - {CUSTOMERS}:
        assert known.counts[name] == sum(name in state.shown_in for state in swept.states)


def test_a_pass_is_due_at_once_for_other_terms_and_weekly_for_the_same() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    ended = Pass(terms="a", started_at=at, a_tick=10, ended_at=at)

    assert is_due(None, "a", at)
    assert is_due(ended, "b", at)
    assert not is_due(ended, "a", at + EVERY - TICK)
    assert is_due(ended, "a", at + EVERY)
    assert not is_due(replace(ended, ended_at=None), "a", at + 2 * EVERY)


def test_a_cost_that_came_after_the_last_delivery_reaches_the_order_and_who_is_judged_by_it() -> None:
    swept = Swept()
    late = replace(an_order(40, 20_000, name="late", cost=None), customer=swept.name(1))
    line = replace(late.lines[0], variant="5")
    swept.house.held.store(SHOP.id, swept.name(1), replace(late, lines=(line,)))
    swept.run()
    before = swept.states[1].verdict.scores
    assert before
    assert before.gp2_to_date == 3_000 + 10_000

    swept.costs.by_shop[SHOP.id]["5"] = Goods(variant="5", category="tea", platform=(Step(0, 15_000),))
    swept.now += EVERY
    swept.run()
    after = swept.states[1].verdict.scores

    assert after
    assert after.gp2_to_date == 3_000 + 5_000

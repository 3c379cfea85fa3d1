"""No flapping: what new numbers and time may change between two facts, over random walks of both."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings

from nextorder.domain.catalogue import RISKS, TIERS
from nextorder.domain.features import compute_features
from nextorder.domain.published import segment_name
from nextorder.domain.verdict import MAY_START_FLOWS
from nextorder.domain.verdicts import reach_verdict
from tests.unit.own_cases import catalogue_with
from tests.unit.shop_cases import CATALOGUE, DAY, SECOND, standing
from tests.unit.walk_cases import (
    BUSY,
    CALM,
    STARTS,
    Change,
    Refit,
    Step,
    Walk,
    an_order_of,
    entries,
    walk,
)

DOWN = {
    "life": ("champion", "loyal", "repeat", "new", "second-window", "closing", "missed"),
    "risk": ("", *RISKS),
    "value": ("negative", *TIERS, ""),
}
MONTH = timedelta(days=30)
WITH_OWN = catalogue_with("p_5d > 3 x base", "value is not platinum", "days_since_last_order > 3")
"""With a segment of the merchant's own, of which every condition moves by something else."""


def flaps(changes: Sequence[Change]) -> list[str]:
    """Name every change that breaks a bound."""
    found = [f"entered {count} times: {name}" for (_, name), count in entries(changes).items() if count > 1]
    by_time = Counter(
        (one.episode.split(".")[0], one.key, _value(one.before), _value(one.after))
        for one in changes
        if one.by == "time" and one.key in DOWN
    )
    found += [f"twice by time: {step}" for step, count in by_time.items() if count > 1]
    found += [
        f"up by time: {key} {was}->{now}" for _, key, was, now in by_time if not _is_down(key, was, now)
    ]
    by_numbers: Mapping[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in changes:
        if one.by == "numbers":
            by_numbers[one.episode.split(".")[0], one.key].append(one.at)
            if one.before and one.at < one.before.since + stay(one):
                found.append(f"left too soon: {one}")
    for (_, key), moments in by_numbers.items():
        if any(third - first < MONTH for first, third in zip(moments, moments[2:], strict=False)):
            found.append(f"moved three times in 30 days: {key} {moments}")
    return found


def stay(change: Change) -> timedelta:
    assert change.before is not None
    entry = WITH_OWN.entry(segment_name(change.key, change.before))
    assert entry is not None
    return entry.flow_days * DAY


def _value(segment: object) -> str:
    return str(getattr(segment, "value", "")) if segment else ""


def _is_down(key: str, was: str, now: str) -> bool:
    order = DOWN[key]
    return order.index(was) < order.index(now)


@settings(max_examples=60)
@given(STARTS, BUSY)
def test_between_two_facts_nothing_flaps(starts: list[tuple[str, int]], steps: list[Step]) -> None:
    """Refits as often as one likes, bursts of updates, clocks that jump: every bound holds."""
    for catalogue in (CATALOGUE, WITH_OWN):
        assert flaps(walk(starts, steps, catalogue=catalogue).changes) == []


@settings(max_examples=40)
@given(STARTS, CALM)
def test_a_look_changes_nothing_that_is_not_due(starts: list[tuple[str, int]], steps: list[Step]) -> None:
    """Looking again, or a second before the solved moment, finds what is held already."""
    way = walk(starts, steps, catalogue=WITH_OWN)
    way.look()
    held = way.state
    assert held is not None

    assert way.next(way.now) is held
    assert held.due_at is None or held.due_at > way.now
    assert held.due_at is None or held.due_at.microsecond == 0
    later = way.next(held.due_at - SECOND) if held.due_at else way.next(way.now + 900 * DAY)
    assert later is held


@settings(max_examples=40)
@given(STARTS, CALM)
def test_whoever_sleeps_wakes_up_where_the_wakeful_are(
    starts: list[tuple[str, int]], steps: list[Step]
) -> None:
    """After an outage the state is the one that a look at every due moment would have left."""
    way = walk(starts, steps, catalogue=WITH_OWN)
    way.look()
    wakeful = Walk(now=way.now, shop=way.shop, state=way.state)
    wakeful.facts, wakeful.shops, wakeful.judge = way.facts, way.shops, way.judge

    wakeful.wait(45.0)
    wakeful.look()
    way.wait(45.0, asleep=True)
    way.look()

    assert _essence(way) == _essence(wakeful)


def _essence(way: Walk) -> object:
    """Return where the customer stands, when that ends, and the moves that still count."""
    assert way.state is not None
    memory = way.state.verdict.memory
    recent = [at for moments in (memory.moved.values() if memory else ()) for at in moments]
    moves = sorted(at for at in recent if way.now - at < MONTH)
    return standing(way.state.verdict), way.state.due_at, moves


@settings(max_examples=30)
@given(STARTS, CALM)
def test_after_a_fact_nothing_is_remembered(starts: list[tuple[str, int]], steps: list[Step]) -> None:
    """An order makes the verdict a function of facts, numbers and clock again."""
    way = walk(starts, [*steps, ("order", ("tea", 9_000))])

    features = compute_features("7", way.facts.values(), way.shop, way.now)
    fresh, due_at = reach_verdict(
        features, way.shop, way.shops.model(way.shop), as_of=way.now, catalogue=CATALOGUE
    )
    assert way.state is not None
    assert (way.state.verdict, way.state.due_at) == (fresh, due_at)
    assert (way.state.left, fresh.memory) == ((), None)


@settings(max_examples=30)
@given(STARTS, CALM)
def test_no_event_starts_a_flow_for_what_new_numbers_did(
    starts: list[tuple[str, int]], steps: list[Step]
) -> None:
    """A refit that changes a customer's life names itself as the cause."""
    way = walk(starts, [*steps])
    for _ in range(3):
        way.refit(Refit((1.0, 1.0, 1.0, 1.0, 1.0, 0.6)))
        before = way.state
        way.look()
        after = way.state
        assert before is not None
        assert after is not None
        if standing(before.verdict).get("life") != standing(after.verdict).get("life"):
            assert after.verdict.cause not in MAY_START_FLOWS
        way.wait(40.0)


def test_a_shortest_stay_ends_on_a_whole_second() -> None:
    """A tier since a fraction of a second is left when due, at a clock that knows whole seconds only."""
    way = Walk()
    way.take(an_order_of(1, 0.0, "tea", 30_000, 0))
    way.wait(4.0)
    way.refit(Refit((1.0, 4.0, 1.0, 1.0, 1.0, 1.0)))
    way.look()
    assert way.state is not None
    tier = way.state.verdict.segments["value"]
    assert tier.since.microsecond

    way.wait(27.0)

    assert way.changes[-1].by == "numbers"
    assert way.changes[-1].at == (tier.since + MONTH).replace(microsecond=0) + SECOND
    assert way.state.due_at is None or way.state.due_at > way.now


MONTHLY: list[Step] = [
    step
    for factor in (1.7, 0.6, 1.7, 0.6, 1.7, 0.6)
    for step in (("refit", (factor, factor, factor, factor, factor, 1.0)), ("wait", 8.0))
]


def test_without_memory_the_same_walk_flaps() -> None:
    """The bounds are not kept by chance: states that forget go back and forth with the numbers."""
    starts = [("tea", 9_000)] * 4

    remembering, forgetful = (walk(starts, MONTHLY, forgetful=f).changes for f in (False, True))

    assert flaps(remembering) == []
    assert any("up by time" in broken for broken in flaps(forgetful))
    assert any("entered 2 times" in broken or "twice" in broken for broken in flaps(forgetful))

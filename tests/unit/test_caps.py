"""Nobody is told more than the caps allow, whatever happens and whatever fails meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.caps import A_WEEK, DAY, TOLD_KEPT, WEEK, Choice, choose, remembered
from nextorder.domain.changes import Accepted, Event, EventKind
from nextorder.domain.errors import OutcomeUnknown, RetryLater
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Scores, Segment, Verdict
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Crash, Fuse
from tests.unit.publish_cases import ANNA, SHOP, SINCE, World

HOUR = timedelta(hours=1)
RICH = Scores(p_active=0.9, p_order={}, gp2_to_date=1)
FAMILIES = {
    "life": ("new", "second-window", "closing", "repeat", "loyal"),
    "risk": ("", "cooling", "at-risk"),
    "value": ("", "silver", "gold"),
    "cart": ("", "hot", "warm"),
    "buy": ("", "now"),
    "replenish:tea": ("", "due", "late"),
    "replenish:cups": ("", "due", "late"),
}


def an_event(kind: EventKind, at: datetime = SINCE, subject: str = "") -> Event:
    return Event(kind=kind, subject=subject or kind.value, since=at, at=at)


def kinds(events: Sequence[Event]) -> list[EventKind]:
    return [event.kind for event in events]


def test_the_most_urgent_is_told_and_the_rest_is_over_the_cap() -> None:
    every = [an_event(kind) for kind in reversed(EventKind) if kind is not EventKind.HUMAN_TOUCH]
    choice = choose(every, Accepted(), SINCE)

    assert kinds(choice.told) == [EventKind.CART_PRIORITY]
    assert kinds(choice.dropped) == list(EventKind)[2:]


def test_a_call_for_a_person_is_not_counted() -> None:
    touch = an_event(EventKind.HUMAN_TOUCH, subject="touch")
    full = Accepted(told={"cart:hot:20260501T223000Z": SINCE, "buy:now:20260430T000000Z": SINCE - 2 * DAY})

    assert choose([touch], full, SINCE + HOUR) == Choice(told=(touch,))
    told = Accepted(told=remembered([touch], Accepted(), SINCE))
    assert choose([an_event(EventKind.DUE)], told, SINCE + HOUR).told


@pytest.mark.parametrize(
    ("hours_ago", "room"),
    [([], True), ([24], True), ([23.99], False), ([24, 167.99], False), ([24, 168], True), ([-1], False)],
)
def test_one_in_24_hours_and_two_in_7_days(hours_ago: list[float], *, room: bool) -> None:
    before = Accepted(told={f"e{n}:x": SINCE - h * HOUR for n, h in enumerate(hours_ago)})
    event = an_event(EventKind.STAGE_CHANGED)

    assert choose([event], before, SINCE) == (Choice(told=(event,)) if room else Choice(dropped=(event,)))


def test_what_stands_was_told_was_dropped_is_old_or_over_is_no_news() -> None:
    event = replace(an_event(EventKind.DUE), until=SINCE + DAY)

    assert choose([event], Accepted(), SINCE).told
    for before in (
        Accepted(subjects=frozenset({event.subject})),
        Accepted(told={event.id: SINCE - 30 * DAY}),
        Accepted(last_dropped=(event.id,)),
    ):
        assert choose([event], before, SINCE) == Choice()
    assert choose([event], Accepted(), SINCE + DAY) == Choice()
    assert choose([replace(event, until=None)], Accepted(), SINCE + WEEK + HOUR) == Choice()


def test_what_was_told_without_an_answer_is_told_again_and_counts_once() -> None:
    first, second = an_event(EventKind.TIER_CHANGED), an_event(EventKind.CART_PRIORITY)
    unsettled = Accepted(told={first.id: SINCE}, unsettled=(first.id,))
    choice = choose([second, first], unsettled, SINCE + HOUR)

    assert (choice.told, choice.dropped) == ((first,), (second,))
    assert choose([second], unsettled, SINCE + HOUR) == Choice(dropped=(second,))


def test_what_counts_is_not_forgotten_for_what_does_not() -> None:
    touches = [an_event(EventKind.HUMAN_TOUCH, SINCE + n * HOUR, "touch") for n in range(2 * TOLD_KEPT)]
    before = Accepted(told={"cart:hot:x": SINCE})
    told = remembered(touches, before, SINCE + DAY)

    assert len(told) == TOLD_KEPT
    assert "cart:hot:x" in told


def a_verdict(values: dict[str, str], cause: Cause, since: datetime, now: datetime) -> Verdict:
    """Return one whose families all began a moment ago."""
    return Verdict(
        segments={key: Segment(value=value, since=since) for key, value in values.items() if value},
        scores=RICH,
        cause=cause,
        consents={"sms": "subscribed"},
        scored_at=now,
    )


@dataclass(frozen=True)
class Step:
    """After a pause the customer stands elsewhere; the publisher may fail once, and comes again."""

    pause_hours: float
    values: dict[str, str]
    cause: Cause
    fuse: Fuse
    is_bulk: bool = False


VALUES = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in FAMILIES.items()})
FUSES = st.builds(
    Fuse,
    at=st.integers(0, 20),
    late=st.booleans(),
    failure=st.sampled_from([OutcomeUnknown("timeout"), Crash()]),
)
STEPS = st.builds(
    Step,
    pause_hours=st.sampled_from([0.1, 3, 20, 24, 30, 100]),
    values=VALUES,
    cause=st.sampled_from([*sorted(MAY_START_FLOWS), Cause.REFIT]),
    fuse=st.just(Fuse()) | FUSES,
    is_bulk=st.sampled_from([False, False, False, True]),
)


@dataclass
class Story(World):
    """One customer of a shop that names the rich, through steps, with what arrived and when."""

    def __post_init__(self) -> None:
        self.shop = replace(SHOP, numbers=Numbers(profit_rank=1))
        super().__post_init__()
        self.arrived: dict[str, datetime] = {}
        self.over_cap: list[str] = []

    def run(self, steps: Sequence[Step]) -> None:
        for step in steps:
            since = self.now + step.pause_hours * HOUR / 2
            self.now += step.pause_hours * HOUR
            self.place(a_verdict(step.values, step.cause, since, self.now))
            self.fuse.at, self.fuse.late = self.fuse.steps + step.fuse.at, step.fuse.late
            self.fuse.failure = step.fuse.failure
            self._deliver(step)

    def _deliver(self, step: Step) -> None:
        try:
            if step.is_bulk:
                publish_bulk(SHOP.id, publisher=self.publisher, as_of=self.now)
            self.publish_once()
        except (RetryLater, Crash):
            self._note()

    def publish_once(self) -> None:
        publish(
            SHOP.id,
            ANNA,
            publisher=self.publisher,
            as_of=self.now,
            again=True,
            never_told=lambda events: self.over_cap.extend(event.id for event in events),
        )
        self._note()

    def _note(self) -> None:
        for id_ in self.told:
            self.arrived.setdefault(id_, self.now)


@given(st.lists(STEPS, min_size=1, max_size=12))
def test_no_sequence_of_verdicts_and_failures_tells_too_much(steps: list[Step]) -> None:
    story = Story()
    story.run(steps)
    counted = sorted(at for id_, at in story.arrived.items() if not id_.startswith("touch"))

    assert all(later - earlier >= DAY for earlier, later in pairwise(counted))
    assert all(later - earlier >= WEEK for earlier, later in zip(counted, counted[A_WEEK:], strict=False))


@given(st.lists(STEPS, min_size=1, max_size=12))
def test_what_is_dropped_is_dropped_for_good_counted_and_remembered(steps: list[Step]) -> None:
    story = Story()
    story.run([replace(step, fuse=Fuse(), is_bulk=False) for step in steps])
    held = story.accepted.load(SHOP.id, ANNA, "board")

    assert not set(story.over_cap) & set(story.arrived)
    assert (held.dropped if held else 0) == len(story.over_cap)
    assert list(held.last_dropped if held else ()) == story.over_cap[-3:]


@given(steps=st.lists(STEPS, min_size=1, max_size=8), at=st.integers(0, 20), late=st.booleans())
def test_a_retry_after_a_death_anywhere_decides_the_same(steps: list[Step], at: int, *, late: bool) -> None:
    """The queue delivers the same state once more, minutes later: the same events arrive, and no other."""
    calm = [replace(step, fuse=Fuse(), is_bulk=False) for step in steps]
    clean, shaken = Story(), Story()
    clean.run(calm)
    shaken.run(calm[:-1])
    shaken.run([replace(calm[-1], fuse=Fuse(at=at, late=late, failure=Crash()))])
    shaken.fuse.at = -1
    shaken.now += HOUR / 10
    shaken.publish_once()

    assert shaken.arrived.keys() == clean.arrived.keys()

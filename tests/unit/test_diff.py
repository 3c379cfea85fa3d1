"""A change says what differs, and after an unknown outcome it says everything."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Accepted, Change, Desired, Event, Person
from nextorder.domain.diff import TOLD_KEPT, accepted_after, change, unsure_after

ANNA = Person(customer="7")


def an_event(unique_id: str) -> Event:
    return Event(name="Stage", unique_id=unique_id, at=datetime(2026, 5, 1, tzinfo=UTC))


def shown(change: Change, attributes: dict[str, int], audiences: frozenset[str]) -> tuple[object, object]:
    """Apply a change as a destination would."""
    after = {k: v for k, v in attributes.items() if k not in change.unset} | dict(change.set)
    return after, (audiences - change.leave) | change.join


attributes = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))
audiences = st.frozensets(st.sampled_from(["new", "closing", "loyal"]))
desires = st.builds(Desired, attributes=attributes, audiences=audiences, stage=st.sampled_from(["", "new"]))


@given(first=desires, second=desires)
def test_accepted_changes_lead_to_what_is_desired(first: Desired, second: Desired) -> None:
    start = change(ANNA, first, None)
    accepted = accepted_after(start, first, 1, "01H", None)
    step = change(ANNA, second, accepted)

    assert shown(step, *shown(start, {}, frozenset())) == (second.attributes, second.audiences)  # type: ignore[arg-type]
    assert change(ANNA, second, accepted_after(step, second, 2, "", accepted)).empty


@given(first=desires, lost=desires, last=desires, arrived=st.booleans())
def test_an_unknown_outcome_is_mended_by_the_next_change(
    first: Desired, lost: Desired, last: Desired, *, arrived: bool
) -> None:
    start = change(ANNA, first, None)
    there = shown(start, {}, frozenset())
    accepted = accepted_after(start, first, 1, "", None)
    unknown = change(ANNA, lost, accepted)
    if arrived:
        there = shown(unknown, *there)  # type: ignore[arg-type]

    mended = change(ANNA, last, unsure_after(unknown, accepted))

    assert shown(mended, *there) == (last.attributes, last.audiences)  # type: ignore[arg-type]
    assert mended.set == last.attributes
    assert mended.join == last.audiences


def test_only_what_differs_is_said() -> None:
    accepted = Accepted(attributes={"a": 1, "b": 2, "c": 3}, audiences=frozenset({"x", "y"}))
    desired = Desired(attributes={"a": 1, "b": 5, "d": 4}, audiences=frozenset({"y", "z"}))

    said = change(ANNA, desired, accepted)

    assert said == Change(
        person=ANNA,
        set={"b": 5, "d": 4},
        unset=("c",),
        join=frozenset({"z"}),
        leave=frozenset({"x"}),
    )


def test_an_event_is_told_when_the_stage_is_new_here() -> None:
    desired = Desired(stage="new", events=(an_event("1"),))

    assert change(ANNA, desired, None).events == desired.events
    assert not change(ANNA, desired, Accepted(stage="new")).events


def test_an_event_is_never_told_twice() -> None:
    desired = Desired(stage="new", events=(an_event("1"),))

    assert not change(ANNA, desired, Accepted(stage="closing", told=("1",), unsure=True)).events


def test_an_event_of_unknown_outcome_is_told_again_under_the_same_id() -> None:
    desired = Desired(stage="new", events=(an_event("1"),))
    unknown = change(ANNA, desired, None)

    assert change(ANNA, desired, unsure_after(unknown, None)).events == desired.events


def test_the_last_events_and_the_remote_id_are_remembered() -> None:
    accepted = Accepted(told=tuple("abcdefgh"), remote_id="01H", refused="gone", refused_version=3)
    said = Change(person=ANNA, events=(an_event("i"),))

    after = accepted_after(said, Desired(stage="new"), 4, "", accepted)

    assert after.told == tuple("bcdefghi")
    assert len(after.told) == TOLD_KEPT
    assert (after.remote_id, after.version, after.refused) == ("01H", 4, "")

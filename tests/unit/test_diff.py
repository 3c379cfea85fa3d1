"""A change says what differs, and after an unknown outcome it says everything."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.caps import Choice
from nextorder.domain.changes import Accepted, Change, Desired, Event, EventKind, Person
from nextorder.domain.diff import LONG_CHARACTERS, accepted_after, change, noted, unsure_after

ANNA = Person(customer="7")
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def an_event(subject: str = "stage:new") -> Event:
    return Event(kind=EventKind.STAGE_CHANGED, subject=subject, since=NOW, at=NOW)


def shown(change: Change, attributes: dict[str, object], audiences: frozenset[str]) -> tuple[object, object]:
    """Apply a change as a destination would."""
    after = {k: v for k, v in attributes.items() if k not in change.unset} | dict(change.set)
    return after, (audiences - change.leave) | change.join


LONG = st.sampled_from(["x" * (LONG_CHARACTERS + 1), "y" * (LONG_CHARACTERS + 1)])
attributes = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2) | LONG)
audiences = st.frozensets(st.sampled_from(["new", "closing", "loyal"]))
desires = st.builds(Desired, attributes=attributes, audiences=audiences)


@given(first=desires, second=desires)
def test_accepted_changes_lead_to_what_is_desired(first: Desired, second: Desired) -> None:
    start = change(ANNA, first, None)
    accepted = accepted_after(first, Choice(), None, NOW)
    step = change(ANNA, second, accepted)

    assert shown(step, *shown(start, {}, frozenset())) == (second.attributes, second.audiences)  # type: ignore[arg-type]
    assert change(ANNA, second, accepted_after(second, Choice(), accepted, NOW)).empty


@given(first=desires, lost=desires, last=desires, arrived=st.booleans())
def test_an_unknown_outcome_is_mended_by_the_next_change(
    first: Desired, lost: Desired, last: Desired, *, arrived: bool
) -> None:
    start = change(ANNA, first, None)
    there = shown(start, {}, frozenset())
    accepted = accepted_after(first, Choice(), None, NOW)
    unknown = change(ANNA, lost, accepted)
    if arrived:
        there = shown(unknown, *there)  # type: ignore[arg-type]

    mended = change(ANNA, last, unsure_after(unknown, accepted, NOW))

    assert shown(mended, *there) == (last.attributes, last.audiences)  # type: ignore[arg-type]
    assert mended.set == last.attributes
    assert mended.join == last.audiences
    assert mended.afresh


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


def test_of_a_long_text_a_hash_is_kept() -> None:
    reason = "They ordered once, on 3 March 2025."

    kept = accepted_after(Desired(attributes={"reason": reason}), Choice(), None, NOW)

    assert len(str(kept.attributes["reason"])) == 13
    assert change(ANNA, Desired(attributes={"reason": reason}), kept).empty
    assert change(ANNA, Desired(attributes={"reason": reason + "!"}), kept).set


def test_what_stands_what_was_told_and_what_was_dropped_is_noted() -> None:
    accepted = Accepted(remote_id="01H", version=3, dropped=4, last_dropped=("a", "b", "c"), unsettled=("x",))
    choice = Choice(told=(an_event(),), dropped=(an_event("value:gold"),))

    after = noted(Desired(subjects=frozenset({"stage:new"})), choice, accepted, NOW)

    assert after == Accepted(
        remote_id="01H",
        version=3,
        subjects=frozenset({"stage:new"}),
        told={"stage:new:20260501T000000Z": NOW},
        dropped=5,
        last_dropped=("b", "c", "value:gold:20260501T000000Z"),
    )


def test_what_may_have_been_told_counts_and_is_unsettled() -> None:
    earlier = Accepted(told={"cart:hot:20260401T000000Z": NOW - timedelta(days=30)})
    unknown = change(ANNA, Desired(), earlier, (an_event(),))

    after = unsure_after(unknown, earlier, NOW)

    assert after.unsettled == ("stage:new:20260501T000000Z",)
    assert after.told == {**earlier.told, "stage:new:20260501T000000Z": NOW}
    assert after.subjects == frozenset()


def test_a_yes_ends_a_refusal() -> None:
    refused = Accepted(remote_id="01H", refused="gone", refused_version=3, unsure=True)

    assert accepted_after(Desired(), Choice(), refused, NOW) == Accepted(remote_id="01H")

"""One customer's change at every destination: shown, taken back, forgotten, and named when it fails."""

from dataclasses import replace
from typing import Any

import pytest

from nextorder.domain.capabilities import Clears, Needs
from nextorder.domain.caps import Choice
from nextorder.domain.changes import PERSON_MISSING, Change
from nextorder.domain.diff import accepted_after, change
from nextorder.domain.errors import NeedsHuman, NextorderError, OutcomeUnknown, Refused, RetryLater
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import LATER, SECRET, SINCE, STRANGER, VERDICT, Case, first_change


def test_a_verdict_is_shown_changed_and_taken_back_and_what_is_not_ours_stays(case: Case) -> None:
    [person] = case.people(1)
    others, heads = case.others(person), case.head_count()
    first = case.destination.project(SHOP, VERDICT)
    then = case.destination.project(SHOP, LATER)
    accepted = accepted_after(first, Choice(), None, SINCE)

    case.destination.deliver(SHOP, change(person, first, None))
    shown = case.shown(person)
    case.destination.deliver(SHOP, change(person, then, accepted))
    changed = case.shown(person)
    end = change(
        person, case.destination.project(SHOP, None), accepted_after(then, Choice(), accepted, SINCE)
    )
    case.destination.deliver(SHOP, end)

    assert shown
    assert changed != shown
    assert not case.shown(person) or case.destination.capabilities.clears is Clears.NEVER
    assert (case.others(person), case.head_count()) == (others, heads)


def test_what_is_sent_twice_is_there_once(case: Case) -> None:
    [person] = case.people(1)
    step = first_change(case, person)

    case.destination.deliver(SHOP, step)
    shown, told = case.shown(person), case.told(person)
    case.destination.deliver(SHOP, step)

    assert case.shown(person) == shown
    assert bool(told) == case.destination.capabilities.tells_events
    assert (
        sorted(case.told(person)) == sorted(told) or not case.destination.capabilities.repeats_events_safely
    )
    assert set(case.told(person)) == set(told)


def test_nothing_is_sent_of_nothing(case: Case) -> None:
    [person] = case.people(1)

    case.destination.deliver(SHOP, Change(person=person))

    assert not case.requests


def test_nobody_is_made_who_was_not_there_unless_the_destination_says_so(case: Case) -> None:
    heads = case.head_count()

    if case.destination.capabilities.creates_people:
        case.destination.deliver(SHOP, first_change(case, STRANGER))
        assert case.head_count() == heads + 1
    else:
        with pytest.raises(Refused) as refusal:
            case.destination.deliver(SHOP, first_change(case, STRANGER))
        assert refusal.value.code in PERSON_MISSING
        assert case.head_count() == heads


def test_who_is_forgotten_shows_nothing_of_ours_whatever_is_on_record(case: Case) -> None:
    person, other = case.people(2)
    others = case.others(person)
    for one in (person, other):
        case.destination.deliver(SHOP, first_change(case, one))

    for _ in range(2):
        case.destination.forget(SHOP, person)

    assert not case.shown(person) or case.destination.capabilities.clears is Clears.NEVER
    assert case.others(person) == others
    assert case.shown(other)


def test_a_stranger_is_forgotten_without_a_word(case: Case) -> None:
    heads = case.head_count()

    case.destination.forget(SHOP, STRANGER)

    assert case.head_count() == heads


def test_a_person_is_deleted_only_on_the_merchants_word(case: Case) -> None:
    person, other = case.people(2)
    case.destination.deliver(SHOP, first_change(case, person))

    case.destination.forget(SHOP, person, delete=case.destination.capabilities.deletes_people)

    assert (case.others(person) is None) == case.destination.capabilities.deletes_people
    assert case.others(other) is not None


TROUBLE: list[tuple[dict[str, Any], type[NextorderError]]] = [
    ({"status": 429, "retry_after": 7}, RetryLater),
    ({"status": 503}, RetryLater),
    ({"status": 500}, OutcomeUnknown),
    ({"timeout_after": True}, OutcomeUnknown),
    ({"drop_connection": "before"}, OutcomeUnknown),
    ({"drop_connection": "half"}, OutcomeUnknown),
    ({"status": 401, "times": 9}, NeedsHuman),
    ({"status": 403, "times": 9}, NeedsHuman),
    ({"status": 400}, Refused),
]


@pytest.mark.parametrize(("fault", "error"), TROUBLE, ids=str)
def test_trouble_is_named_by_what_may_be_done_and_a_second_try_mends_it(
    fault: dict[str, Any], error: type[NextorderError], case: Case
) -> None:
    [person] = case.people(1)
    step = first_change(case, person)
    case.fake.faults.add({"match": case.writes, **fault})

    with pytest.raises(NextorderError) as failure:
        case.destination.deliver(SHOP, step)
    if type(failure.value) is RetryLater:
        assert not case.shown(person)
    case.fake.faults.clear()
    case.destination.deliver(SHOP, step)

    assert isinstance(failure.value, error)
    assert isinstance(failure.value, OutcomeUnknown) == (error is OutcomeUnknown)
    assert not any(secret in str(failure.value) for secret in (SECRET, "example.com", "+46"))
    assert case.shown(person)
    if "retry_after" in fault and case.tells_when_to_come_back:
        assert getattr(failure.value, "seconds", None) == 7


def test_a_key_that_was_changed_meanwhile_is_read_afresh(case: Case) -> None:
    [person] = case.people(1)
    case.keys_may_be_renewed = True
    case.fake.faults.add({"match": case.writes, "status": 401})

    case.destination.deliver(SHOP, first_change(case, person))

    assert case.shown(person)


def test_a_look_at_it_says_that_it_is_well_and_writes_nothing(case: Case) -> None:
    health = case.destination.check(SHOP)

    assert health.is_well, health.problems
    assert not case.requests


@pytest.mark.parametrize(
    "fault", [{"status": 401}, {"status": 403}, {"status": 503}, {"status": 400}], ids=str
)
def test_a_look_that_fails_says_what_to_do_and_no_secret(fault: dict[str, Any], case: Case) -> None:
    case.fake.faults.add({"times": 9, **fault})

    [problem] = case.destination.check(SHOP).problems

    assert problem.remedy
    assert SECRET not in f"{problem.what} {problem.remedy}"


def test_all_that_is_shown_is_among_everything_that_could_be(case: Case) -> None:
    everything = case.destination.everything(SHOP)

    for verdict in (VERDICT, LATER, replace(VERDICT, held_out=True)):
        shown = case.destination.project(SHOP, verdict)
        assert shown.attributes.keys() <= everything.attributes.keys()
        assert not everything.audiences or shown.audiences <= everything.audiences


def test_nothing_is_shown_of_who_has_not_given_the_consent_that_it_needs(case: Case) -> None:
    silent = replace(VERDICT, consents={"email": "unsubscribed", "sms": "unsubscribed"})

    shown = case.destination.project(SHOP, silent)

    is_bare = not (shown.attributes or shown.audiences or shown.events)
    assert is_bare == (case.destination.capabilities.consent is not Needs.NOTHING)

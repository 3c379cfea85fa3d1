"""Many changes at once, at every destination: an outcome of each, in order, within what it takes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from nextorder.domain.changes import PERSON_MISSING, Change, Person
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater, Untried
from nextorder.ports import Delivered, Outcome
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import SECRET, STRANGER, Case, first_change

CROWD = 30
MOST = 1_000
"""Rows of the fullest batch that is tried: a thousand is what most platforms take."""


def without_events(case: Case, people: Sequence[Person]) -> list[Change]:
    """As a bulk run sends them: a backfill starts no flow."""
    return [replace(first_change(case, person), events=()) for person in people]


def is_yes(outcome: Outcome) -> bool:
    return isinstance(outcome, Delivered)


def test_everyone_is_shown_and_told_nothing(case: Case) -> None:
    people = case.people(CROWD)

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert all(map(is_yes, outcomes)), outcomes
    assert all(case.shown(person) for person in people)
    assert not [case.told(person) for person in people if case.told(person)]


def test_many_come_to_the_same_as_one_by_one_in_whatever_order(case: Case) -> None:
    *several, alone, twin = case.people(CROWD)
    case.destination.deliver(SHOP, without_events(case, [alone])[0])

    case.destination.deliver_many(SHOP, without_events(case, [twin, *reversed(several)]))

    assert {repr(case.shown(person)) for person in (*several, alone, twin)} == {repr(case.shown(alone))}


def test_what_is_sent_twice_is_there_once(case: Case) -> None:
    people = case.people(CROWD)
    changes = without_events(case, people)

    case.destination.deliver_many(SHOP, changes)
    case.destination.settled(SHOP)
    shown = [case.shown(person) for person in people]
    outcomes = case.destination.deliver_many(SHOP, [*changes, *changes[:3]][: len(changes)])

    assert all(map(is_yes, outcomes))
    assert [case.shown(person) for person in people] == shown


def test_nothing_is_asked_of_nothing(case: Case) -> None:
    assert list(case.destination.deliver_many(SHOP, [])) == []
    assert not case.requests


def test_a_stranger_in_the_crowd_is_the_strangers_own_trouble(case: Case) -> None:
    people = [*case.people(CROWD)]
    people.insert(7, STRANGER)
    heads = case.head_count()

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert all(map(is_yes, [*outcomes[:7], *outcomes[8:]])), outcomes
    assert all(case.shown(person) for person in people if person is not STRANGER)
    if case.destination.capabilities.creates_people:
        assert is_yes(outcomes[7])
    else:
        assert isinstance(outcomes[7], Refused)
        assert outcomes[7].code in PERSON_MISSING
        assert case.head_count() == heads


def test_what_is_refused_of_one_is_taken_of_the_others(case: Case) -> None:
    people = [*case.people(CROWD)]
    people[11] = case.spoil(people[11])

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert all(map(is_yes, [*outcomes[:11], *outcomes[12:]])), outcomes
    assert all(case.shown(person) for person in [*people[:11], *people[12:]])
    assert is_yes(outcomes[11]) if case.always_says_yes else isinstance(outcomes[11], Refused)
    assert not any(secret in str(outcomes[11]) for secret in (SECRET, "example.com", "+46"))


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 7},
        {"status": 503},
        {"status": 500},
        {"timeout_after": True},
        {"drop_connection": "half"},
    ],
    ids=str,
)
def test_what_fails_once_is_waited_for_and_ends_as_if_it_had_not(fault: dict[str, Any], case: Case) -> None:
    people = case.people(CROWD)
    changes = without_events(case, people)
    case.fake.faults.add({"match": case.writes, **fault})

    outcomes = case.destination.deliver_many(SHOP, changes)

    assert sum(case.clock.naps) >= (7 if "retry_after" in fault and case.tells_when_to_come_back else 0.1)
    assert all(map(is_yes, outcomes)), outcomes
    assert all(case.shown(person) for person in people)


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 1_000}, {"status": 500}], ids=str)
def test_what_does_not_end_is_left_for_later(fault: dict[str, Any], case: Case) -> None:
    people = case.people(3)
    case.fake.faults.add({"match": case.writes, "times": 10_000, **fault})

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert [isinstance(outcome, RetryLater) for outcome in outcomes] == [True] * 3
    assert sum(case.clock.naps) <= case.patience_seconds


def test_a_key_that_is_refused_is_for_a_human(case: Case) -> None:
    people = case.people(3)
    case.fake.faults.add({"match": case.writes, "times": 10_000, "status": 401})

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert isinstance(outcomes[0], NeedsHuman)


@pytest.mark.parametrize("taken", [0, 7])
def test_after_a_key_is_refused_nobody_else_is_tried(taken: int, case: Case) -> None:
    people = case.people(10 * CROWD)
    case.fake.faults.add({"match": case.writes, "times": 10_000, "skip": taken, "status": 401})

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    refused = [index for index, outcome in enumerate(outcomes) if isinstance(outcome, NeedsHuman)]
    after = outcomes[refused[0] :] if refused else []
    assert all(isinstance(outcome, NeedsHuman | Untried) for outcome in after)
    assert len(case.requests) <= taken + 2


def test_an_outage_is_not_tried_again_for_everyone(case: Case) -> None:
    people = case.people(10 * CROWD)
    case.fake.faults.add({"match": case.writes, "times": 10_000, "status": 503, "retry_after": 1_000})

    outcomes = case.destination.deliver_many(SHOP, without_events(case, people))

    assert {type(outcome) for outcome in outcomes} <= {RetryLater, Untried}
    assert len(case.requests) <= 40


def test_the_fullest_batch_fits_into_what_a_request_may_hold(case: Case) -> None:
    capabilities = case.destination.capabilities
    changes: list[Change] = []
    weight = 0
    for change in without_events(case, case.people(min(capabilities.most_rows, MOST))):
        weight += case.destination.weigh(SHOP, change)
        if capabilities.most_bytes is not None and weight > capabilities.most_bytes:
            break
        changes.append(change)

    outcomes = case.destination.deliver_many(SHOP, changes)

    assert all(map(is_yes, outcomes))
    largest = max(len(request["body"].encode()) for request in case.requests)
    assert capabilities.most_bytes is None or largest <= capabilities.most_bytes
    assert len(outcomes) == len(changes)

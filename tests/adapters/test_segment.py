"""Segment's calls: who they are about, what they carry, and what keeps a repetition from counting twice."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.segment import destination as folder
from nextorder.adapters.segment.messages import event_name, messages
from nextorder.domain.changes import Change, Event, EventKind, Person
from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.events import events_of
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.segment import SegmentCase
from tests.adapters.destinations.contract import VERDICT, parts_of
from tests.fakes.clock import StillClock
from tests.unit.shop_cases import CATALOGUE

MOMENT = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
HOT = Event(kind=EventKind.HOT_NOW, subject="buy:now", since=MOMENT, at=MOMENT, properties={"p_12h": 0.4})
CHANGE = Change(
    person=Person(customer="7", email="anna@example.com", phone="+46701234567"),
    set={"stage": "new"},
    unset=("affinity_1",),
    join=frozenset({"life:new"}),
    leave=frozenset({"risk:at-risk"}),
    events=(HOT,),
)


@pytest.fixture
def case(clock: StillClock) -> Iterator[SegmentCase]:
    with SegmentCase(clock) as running:
        yield running


def test_traits_come_before_the_event_and_all_go_by_the_shops_own_id() -> None:
    identify, track = messages(SHOP, CHANGE)

    assert identify == {
        "type": "identify",
        "userId": "7",
        "traits": {
            "nextorder_stage": "new",
            "nextorder_affinity_1": None,
            "nextorder_in_life_new": True,
            "nextorder_in_risk_at_risk": False,
        },
    }
    assert {name: track[name] for name in ("type", "userId", "event", "properties", "timestamp")} == {
        "type": "track",
        "userId": "7",
        "event": "Nextorder Hot Now",
        "properties": {"p_12h": 0.4},
        "timestamp": "2026-05-01T23:30:00Z",
    }
    assert "example.com" not in json.dumps([identify, track])


def test_an_event_has_one_id_however_often_it_is_told_and_another_of_each_customer() -> None:
    def id_of(change: Change) -> Any:
        return list(messages(SHOP, change))[-1]["messageId"]

    other = replace(CHANGE, person=Person(customer="8"))
    assert id_of(CHANGE) == id_of(replace(CHANGE, set={})) != id_of(other)
    assert len(id_of(CHANGE)) < 100


def test_who_comes_back_to_an_old_stage_is_shown_it_again(case: SegmentCase) -> None:
    for stage in ("new", "missed", "new"):
        case.destination.deliver(SHOP, Change(person=CHANGE.person, set={"stage": stage}))

    assert case.fake.users["7"]["nextorder_stage"] == "new"


def test_no_event_carries_what_would_be_counted_as_revenue() -> None:
    for event in events_of(VERDICT, CATALOGUE, SHOP.numbers):
        *_, track = messages(SHOP, Change(person=Person(customer="7"), events=(event,)))
        assert not {"revenue", "value", "total", "price"} & track["properties"].keys()
    assert len({event_name(kind) for kind in EventKind}) == len(EventKind)


def test_nobody_is_told_of_before_the_merchant_said_that_people_go_by_the_shops_ids(
    case: SegmentCase,
) -> None:
    unsure = folder.destination(parts_of(cast("Folder", folder), case, url=case.fake.url))

    with pytest.raises(NeedsHuman, match="shop's ids"):
        unsure.deliver(SHOP, CHANGE)
    [outcome] = unsure.deliver_many(SHOP, [CHANGE])
    assert isinstance(outcome, NeedsHuman)
    [problem] = unsure.check(SHOP).problems
    assert "new user" in problem.what
    assert "--set identified=yes" in problem.remedy
    assert not case.fake.requests


def test_a_call_that_is_too_large_is_refused_before_segment_says_yes_and_drops_it(case: SegmentCase) -> None:
    large = replace(CHANGE, set={"reason_1": "x" * 32_000})

    with pytest.raises(Refused, match="segment-too-large"):
        case.destination.deliver(SHOP, large)
    assert not case.requests


def test_more_calls_than_segment_keeps_of_one_request_go_in_several(case: SegmentCase) -> None:
    told = tuple(replace(HOT, subject=f"buy:now{n}") for n in range(60))
    crowd = [replace(CHANGE, person=Person(customer=str(n)), events=told) for n in range(42)]

    outcomes = case.destination.deliver_many(SHOP, crowd)

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert len(case.fake.tracks) == 60 * 42
    assert not case.fake.dropped
    sent = len(case.fake.requests)
    assert case.destination.deliver_many(SHOP, []) == []
    assert len(case.fake.requests) == sent


def test_a_family_whose_names_are_open_is_no_trait(case: SegmentCase) -> None:
    assert not [name for name in case.destination.everything(SHOP).audiences if "*" in name]


def test_a_source_that_is_disabled_refuses_nobody_but_calls_a_human(case: SegmentCase) -> None:
    case.fake.faults.add({"status": 404})

    with pytest.raises(NeedsHuman):
        case.destination.deliver(SHOP, CHANGE)


def test_nothing_is_told_of_whom_nothing_was_ever_told(case: SegmentCase) -> None:
    case.destination.forget(SHOP, Person(customer="7"))
    assert not case.fake.requests

    case.destination.deliver(SHOP, CHANGE)
    case.destination.forget(SHOP, Person(customer="7", remote_id="7"))
    assert case.fake.users["7"] == {}


def test_a_look_sends_no_call_and_says_that_the_key_is_not_proven(case: SegmentCase) -> None:
    health = case.destination.check(SHOP)

    assert health.is_well
    assert "debugger" in health.account
    assert json.loads(case.fake.requests[-1]["body"]) == {"batch": []}

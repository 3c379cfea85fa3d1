"""Rule's subscribers are found and never made; a tag starts its automation only where it is news."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import OutcomeUnknown, Refused, RetryLater
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.rule import RuleCase
from tests.adapters.destinations.contract import VERDICT, first_change
from tests.fakes.clock import StillClock

ANNA = Person(customer="0", email=" C0@Example.com ")
TAG = "next:life:new"
GOLD = "next:value:gold"


@pytest.fixture
def case(clock: StillClock) -> Iterator[RuleCase]:
    with RuleCase(clock) as running:
        running.people(2)
        yield running


def joins(**given: Any) -> Change:
    return Change(**{"person": ANNA, "join": frozenset({TAG}), **given})


def anna(case: RuleCase) -> Mapping[str, Any]:
    one: Mapping[str, Any] = case.fake.subscribers["500"]
    return one


def test_fields_are_written_before_the_tag_whose_automation_reads_them(case: RuleCase) -> None:
    delivered = case.destination.deliver(SHOP, first_change(case, ANNA))

    assert delivered == Delivered(remote_id="500")
    names = [name for request in case.fake.requests for name in request["operations"]]
    assert names == ["get_subscriber", "write_fields", "add_tags"]
    assert anna(case)["fields"]["Nextorder.stage"] == "closing"
    assert anna(case)["tags"] == ["vip", "next:life:closing"]


def test_who_is_known_by_rules_id_is_not_looked_up_again(case: RuleCase) -> None:
    case.destination.deliver(SHOP, joins(person=Person(customer="0", remote_id="500")))

    assert [request["operations"] for request in case.fake.requests] == [["add_tags"]]


def test_only_news_starts_an_automation_alone_or_among_many(case: RuleCase) -> None:
    both = joins(join=frozenset({TAG, GOLD}), news=frozenset({TAG}))
    case.destination.deliver(SHOP, both)
    case.destination.deliver_many(SHOP, [replace(both, person=Person(customer="1", email="c1@example.com"))])

    for one in case.fake.subscribers.values():
        assert one["automations"] == [TAG]
        assert set(one["tags"]) == {"vip", TAG, GOLD}


def test_said_afresh_news_starts_an_automation_where_it_is_missing_there(case: RuleCase) -> None:
    case.destination.deliver(SHOP, joins(join=frozenset({GOLD})))

    both = frozenset({TAG, GOLD})
    case.destination.deliver(SHOP, joins(join=both, afresh=True, news=both))

    assert anna(case)["automations"] == [TAG]
    assert set(anna(case)["tags"]) == {"vip", *both}


def test_said_afresh_a_tag_of_ours_that_no_record_knows_of_is_taken_off_and_no_other(case: RuleCase) -> None:
    own = ["vip", "next:sale", "next:love:tea", "next:life:missed"]
    case.fake.seed({"subscribers": [{"id": 500, "email": "c0@example.com", "tags": own}]})

    case.destination.deliver(SHOP, joins(afresh=True))

    assert anna(case)["tags"] == ["vip", "next:sale", TAG]


def test_a_value_that_is_no_more_is_emptied(case: RuleCase) -> None:
    case.destination.deliver(SHOP, Change(person=ANNA, set={"holdout": True, "p_5d": 0.02}))
    case.destination.deliver(SHOP, Change(person=ANNA, unset=("p_5d",)))

    assert anna(case)["fields"] == {"Shoes.size": "41", "Nextorder.holdout": "yes", "Nextorder.p_5d": ""}


@pytest.mark.parametrize(
    "person",
    [
        Person(customer="9"),
        Person(customer="9", email="nobody@example.com"),
        Person(customer="9", phone="+46701234567"),
        Person(customer="9", phone="070-123 45 67"),
        Person(customer="9", remote_id="99"),
    ],
    ids=repr,
)
def test_nobody_is_ever_added(person: Person, case: RuleCase) -> None:
    for change in (joins(person=person), Change(person=person, set={"stage": "new"})):
        with pytest.raises(Refused, match="profile-missing"):
            case.destination.deliver(SHOP, change)
        [outcome] = case.destination.deliver_many(SHOP, [change])
        assert isinstance(outcome, Refused)
    case.destination.forget(SHOP, person, delete=True)

    assert len(case.fake.subscribers) == 2
    assert not case.fake.counts["create_subscribers"]


def test_who_has_no_e_mail_is_found_by_phone_and_who_has_one_never_is(case: RuleCase) -> None:
    case.fake.seed({"subscribers": [{"id": 700, "phone_number": "+46701234567"}]})
    by_phone = Person(customer="7", phone="+46701234567")

    assert case.destination.deliver(SHOP, joins(person=by_phone)).remote_id == "700"
    with pytest.raises(Refused, match="profile-missing"):
        case.destination.deliver(SHOP, joins(person=replace(by_phone, email="sister@example.com")))


def test_a_delay_after_the_first_write_is_half_known(case: RuleCase) -> None:
    case.fake.faults.add({"match": "add_tags", "status": 429, "retry_after": 60})

    with pytest.raises(OutcomeUnknown) as failure:
        case.destination.deliver(SHOP, first_change(case, ANNA))

    assert (failure.value.seconds, failure.value.remote_id) == (60, "500")


def test_a_delay_before_any_write_is_none(case: RuleCase) -> None:
    case.fake.faults.add({"match": "get_subscriber", "status": 500})

    with pytest.raises(RetryLater) as failure:
        case.destination.deliver(SHOP, joins())
    assert type(failure.value) is RetryLater


def test_a_tag_that_is_gone_already_is_no_error(case: RuleCase) -> None:
    case.destination.deliver(SHOP, Change(person=ANNA, leave=frozenset({TAG})))

    assert anna(case)["tags"] == ["vip"]


def test_no_address_shows_whom_it_is_about_once_rule_has_named_them(case: RuleCase) -> None:
    case.destination.deliver(SHOP, first_change(case, ANNA))

    looked, *others = case.fake.requests
    assert "c0%40example.com" in looked["path"] or "c0@example.com" in looked["path"]
    assert not any("example.com" in json.dumps(request) for request in others)


def test_nothing_is_shown_of_who_did_not_subscribe(case: RuleCase) -> None:
    shown = case.destination.project(SHOP, replace(VERDICT, consents={"sms": "subscribed"}))

    assert not shown.attributes
    assert not shown.audiences

"""What only HubSpot has: contacts found by e-mail in one question, merged ones, a property that is gone."""

from collections.abc import Iterator
from typing import cast

import pytest

from nextorder.adapters.hubspot.destination import HubSpotDestination
from nextorder.domain.changes import Change, Person, Value
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.hubspot import HubSpotCase
from tests.adapters.destinations.contract import first_change
from tests.fakes.clock import StillClock


@pytest.fixture
def case(clock: StillClock) -> Iterator[HubSpotCase]:
    with HubSpotCase(clock) as running:
        yield running


@pytest.fixture
def hubspot(case: HubSpotCase) -> HubSpotDestination:
    return cast("HubSpotDestination", case.destination)


def test_a_verdict_becomes_typed_properties_as_text(case: HubSpotCase) -> None:
    [anna] = case.people(1)

    delivered = case.destination.deliver(SHOP, first_change(case, anna))

    assert delivered == Delivered(remote_id="101")
    shown = cast("dict[str, str]", case.shown(anna))
    assert shown["nextorder_stage"] == "closing"
    assert shown["nextorder_p_30d"] == "0.02"
    assert shown["nextorder_window_closes"] == "2026-05-02"
    assert shown["nextorder_segments"] == "life:closing"


def test_several_segments_are_one_text_and_yes_is_a_word_of_hubspots(case: HubSpotCase) -> None:
    [anna] = case.people(1)
    said: dict[str, Value] = {"nextorder_segments": ("life:new", "value:gold"), "nextorder_holdout": True}

    case.destination.deliver(SHOP, Change(person=anna, set=said))

    assert case.shown(anna) == {"nextorder_segments": "life:new; value:gold", "nextorder_holdout": "true"}


def test_many_take_one_question_and_one_write(case: HubSpotCase) -> None:
    people = case.people(100)

    outcomes = case.destination.deliver_many(SHOP, [first_change(case, person) for person in people])

    assert outcomes == [Delivered(remote_id=str(101 + n)) for n in range(100)]
    assert (case.fake.counts["read_contacts"], case.fake.counts["update_contacts"]) == (1, 1)


def test_a_contact_is_found_by_the_address_of_one_who_was_merged_into_it(case: HubSpotCase) -> None:
    people = case.people(2)
    case.fake.contacts["101"]["hs_additional_emails"] = "old@example.com;older@example.com"
    old = Person(customer="7", email="Old@Example.com")

    outcomes = case.destination.deliver_many(SHOP, [first_change(case, one) for one in (*people, old)])

    assert outcomes == [Delivered(remote_id=one) for one in ("101", "102", "101")]


def test_a_contact_that_was_merged_into_another_gets_the_others_id(case: HubSpotCase) -> None:
    case.people(2)
    del case.fake.contacts["101"]
    case.fake.merged["101"] = "102"
    once = Person(customer="0", remote_id="101")

    assert case.destination.deliver(SHOP, first_change(case, once)) == Delivered(remote_id="102")
    assert case.destination.deliver_many(SHOP, [first_change(case, once)]) == [Delivered(remote_id="102")]


def test_a_property_that_somebody_deleted_is_for_a_human_once_and_no_refusal_of_everyone(
    case: HubSpotCase, hubspot: HubSpotDestination
) -> None:
    people = case.people(3)
    del case.fake.properties["nextorder_stage"]

    outcomes = hubspot.deliver_many(SHOP, [first_change(case, person) for person in people])

    assert {type(outcome) for outcome in outcomes} == {NeedsHuman}
    assert "nextorder_stage" in hubspot.check(SHOP).problems[0].what
    assert hubspot.install(SHOP) == ["nextorder_stage"]
    assert hubspot.check(SHOP).is_well
    assert hubspot.install(SHOP) == []
    assert "nextorder" in case.fake.groups


def test_a_plan_without_room_for_our_properties_says_so(
    case: HubSpotCase, hubspot: HubSpotDestination
) -> None:
    case.fake.properties, case.fake.most_properties = {}, 10

    with pytest.raises(Refused, match="hubspot-400"):
        hubspot.install(SHOP)


def test_an_address_that_hubspot_does_not_know_is_never_told_to_be_erased(
    case: HubSpotCase, hubspot: HubSpotDestination
) -> None:
    hubspot.forget(SHOP, Person(customer="9", email="nobody@example.com"), delete=True)

    assert not case.fake.blocked


def test_a_question_that_gets_no_answer_wrote_nothing(case: HubSpotCase) -> None:
    [anna] = case.people(1)
    case.fake.faults.add({"match": "read_contacts", "timeout_after": True})

    with pytest.raises(RetryLater) as failure:
        case.destination.deliver(SHOP, first_change(case, anna))
    assert type(failure.value) is RetryLater


@pytest.mark.parametrize("status", [423, 477])
def test_a_locked_record_or_an_account_on_the_move_is_waited_for(status: int, case: HubSpotCase) -> None:
    people = case.people(2)
    case.fake.faults.add({"match": "update_contacts", "status": status})

    outcomes = case.destination.deliver_many(SHOP, [first_change(case, person) for person in people])

    assert [type(outcome) for outcome in outcomes] == [Delivered] * 2


def test_a_404_is_of_a_contact_only_where_hubspot_says_so(
    case: HubSpotCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    [anna] = case.people(1)
    case.fake.faults.add({"match": "update_contacts", "status": 404})
    with pytest.raises(Refused, match="profile-missing"):
        case.destination.deliver(SHOP, first_change(case, anna))

    monkeypatch.setattr("nextorder.adapters.hubspot.destination.CONTACTS", "/crm/objects/2020-01/contacts")
    with pytest.raises(NeedsHuman, match="404"):
        case.destination.deliver(SHOP, first_change(case, anna))

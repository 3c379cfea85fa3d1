"""What only ActiveCampaign has: ids of fields and tags to be asked for, five calls a second."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from nextorder.adapters.activecampaign.destination import ActiveCampaignDestination
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.activecampaign import ActiveCampaignCase
from tests.adapters.destinations.contract import first_change
from tests.fakes.clock import StillClock

JOIN = frozenset({"next:life:new"})


@pytest.fixture
def case(clock: StillClock) -> Iterator[ActiveCampaignCase]:
    with ActiveCampaignCase(clock) as running:
        yield running


@pytest.fixture
def activecampaign(case: ActiveCampaignCase) -> ActiveCampaignDestination:
    return cast("ActiveCampaignDestination", case.destination)


def test_a_verdict_becomes_fields_and_tags(case: ActiveCampaignCase) -> None:
    [anna] = case.people(1)

    delivered = case.destination.deliver(SHOP, first_change(case, anna))

    assert list(case.fake.contacts) == [delivered.remote_id]
    shown = cast("dict[str, object]", case.shown(anna))
    assert shown["NEXTORDER_STAGE"] == "closing"
    assert shown["NEXTORDER_P_30D"] == "0.02"
    assert shown["NEXTORDER_WINDOW_CLOSES"] == "2026-05-02"
    assert shown["tags"] == ["next:life:closing"]


def test_the_limit_of_the_account_is_waited_for(case: ActiveCampaignCase) -> None:
    people = case.people(10)
    changes = [first_change(case, person) for person in people]
    case.fake.per_second = 5

    outcomes = case.destination.deliver_many(SHOP, changes)

    assert {type(outcome) for outcome in outcomes} == {Delivered}
    assert len(case.clock.naps) >= 5


def test_ids_of_fields_and_tags_are_asked_for_once(case: ActiveCampaignCase) -> None:
    changes = [first_change(case, person) for person in case.people(5)]
    destination = case.connect()
    case.fake.counts.clear()

    destination.deliver_many(SHOP, changes)

    assert (case.fake.counts["list_fields"], case.fake.counts["list_tags"]) == (1, 1)
    assert case.fake.counts["create_tag"] == 1
    assert sum(case.fake.counts.values()) == 5 * 3 + 3


def test_an_address_that_holds_another_is_not_the_same(case: ActiveCampaignCase) -> None:
    case.fake.seed({"contacts": [{"email": "joanna@example.com"}]})
    anna = Person(customer="7", email="anna@example.com")

    with pytest.raises(Refused, match="profile-missing"):
        case.destination.deliver(SHOP, first_change(case, anna))


def test_a_tag_that_somebody_deleted_is_made_again(case: ActiveCampaignCase) -> None:
    anna, berta = case.people(2)
    case.destination.deliver(SHOP, Change(person=anna, join=JOIN))
    case.fake.tags = {id_: name for id_, name in case.fake.tags.items() if name not in JOIN}
    case.fake.tied = {key: pair for key, pair in case.fake.tied.items() if pair[1] in case.fake.tags}

    with pytest.raises(OutcomeUnknown):
        case.destination.deliver(SHOP, Change(person=berta, join=JOIN))
    case.destination.deliver(SHOP, Change(person=berta, join=JOIN))

    assert case.shown(berta) == {"tags": [*JOIN]}


def test_said_afresh_a_tag_that_is_on_record_goes_though_the_catalogue_knows_it_no_more(
    case: ActiveCampaignCase,
) -> None:
    [person] = case.people(1)
    anna = first_change(case, person)
    old = frozenset({"next:gone:segment"})
    case.destination.deliver(SHOP, replace(anna, join=anna.join | old))

    case.destination.deliver(SHOP, replace(anna, afresh=True, leave=old))

    assert cast("dict[str, object]", case.shown(anna.person))["tags"] == ["next:life:closing"]


def test_a_contact_that_is_gone_is_no_tag_that_is_gone(case: ActiveCampaignCase) -> None:
    gone = Person(customer="7", remote_id="999")

    for change in (Change(person=gone, join=JOIN), Change(person=gone, leave=JOIN)):
        with pytest.raises(Refused, match="profile-missing"):
            case.destination.deliver(SHOP, change)


def test_a_field_that_somebody_deleted_is_for_a_human(
    case: ActiveCampaignCase, activecampaign: ActiveCampaignDestination
) -> None:
    [anna] = case.people(1)
    activecampaign.deliver(SHOP, first_change(case, anna))
    stage = next(id_ for id_, one in case.fake.fields.items() if one["perstag"] == "NEXTORDER_STAGE")
    del case.fake.fields[stage]

    with pytest.raises(OutcomeUnknown):
        activecampaign.deliver(SHOP, first_change(case, anna))
    with pytest.raises(NeedsHuman, match="NEXTORDER_STAGE"):
        activecampaign.deliver(SHOP, first_change(case, anna))
    activecampaign.forget(SHOP, anna)
    assert not case.shown(anna)
    assert "NEXTORDER_STAGE" in activecampaign.check(SHOP).problems[0].what
    assert activecampaign.install(SHOP) == ["NEXTORDER_STAGE"]
    assert activecampaign.check(SHOP).is_well


def test_fields_are_of_every_list_and_made_once(
    case: ActiveCampaignCase, activecampaign: ActiveCampaignDestination
) -> None:
    assert activecampaign.install(SHOP) == []
    cut_off = next(one for one in case.fake.fields.values() if one["perstag"] == "NEXTORDER_STAGE")
    cut_off["relations"].clear()

    assert activecampaign.install(SHOP) == ["NEXTORDER_STAGE"]
    assert len(case.fake.fields) == len(activecampaign.fields)
    assert {tuple(one["relations"]) for one in case.fake.fields.values()} == {("0",)}

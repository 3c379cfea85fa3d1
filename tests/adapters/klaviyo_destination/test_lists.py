"""Who is on our lists: after the properties, a thousand at once, and nobody's list but ours."""

from dataclasses import replace
from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import Forbidden, KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import VERDICT, a_crowd, desired, first_change, profile
from tests.adapters.klaviyo_destination.list_cases import moving, on, with_patience
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.klaviyo import FakeKlaviyo

WRITING = {
    "add_profiles_to_list",
    "bulk_import_profiles",
    "create_event",
    "remove_profiles_from_list",
    "update_profile",
}


@pytest.fixture
def destination(
    client: KlaviyoClient, clock: StillClock, jobs: InMemoryBulkJobs, records: HeldRecords
) -> KlaviyoDestination:
    return with_patience(60, client, clock, jobs, records)


def wrote(klaviyo: FakeKlaviyo) -> list[str]:
    done = [one["operations"][0] for one in klaviyo.requests if one["operations"]]
    return [name for name in done if name in WRITING]


def test_lists_come_after_the_properties_and_before_the_events(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    [step] = moving([first_change(destination)], records)

    for _ in range(2):
        destination.deliver(SHOP, step)

    assert wrote(klaviyo)[:4] == [
        "update_profile",
        "remove_profiles_from_list",
        "add_profiles_to_list",
        "create_event",
    ]
    assert (on(klaviyo, "life:closing"), on(klaviyo, "life:new")) == (["01ANNA"], [])


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, {"life:closing"}),
        ({"consents": {"email": "unsubscribed", "sms": "subscribed"}}, {"life:closing"}),
        ({"consents": {"email": "unsubscribed"}}, set()),
        ({"held_out": True, "consents": {}}, {"hold"}),
    ],
)
def test_on_a_list_is_who_has_agreed_to_some_channel_and_on_the_hold_list_everyone_held_out(
    changes: dict[str, Any], names: set[str], destination: KlaviyoDestination, records: HeldRecords
) -> None:
    shown = desired(destination, replace(VERDICT, **changes))

    assert shown.audiences == {f"{name} {records.lists[name]}" for name in names}


def test_thousands_join_a_thousand_a_call_once_their_properties_are_there(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    crowd = moving(a_crowd(klaviyo, 1_100), records)
    heads = len(klaviyo.state()["profiles"])

    outcomes = destination.deliver_many(SHOP, crowd)

    assert all(isinstance(one, Delivered) for one in outcomes)
    moves = ["remove_profiles_from_list"] * 2 + ["add_profiles_to_list"] * 2
    assert wrote(klaviyo) == ["bulk_import_profiles", *moves]
    assert len(on(klaviyo, "life:closing")) == 1_100
    assert len(klaviyo.state()["profiles"]) == heads


def test_whoever_shows_everything_already_joins_without_an_import(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    crowd = [replace(one, set={}) for one in moving(a_crowd(klaviyo, FEW + 5), records)]

    destination.deliver_many(SHOP, crowd)

    assert wrote(klaviyo) == ["remove_profiles_from_list", "add_profiles_to_list"]
    assert len(on(klaviyo, "life:closing")) == FEW + 5


@pytest.mark.parametrize("many", [False, True])
def test_a_list_that_was_deleted_there_holds_nothing_up_and_is_not_asked_for_again(
    many: bool,  # noqa: FBT001 - a parameter
    destination: KlaviyoDestination,
    klaviyo: FakeKlaviyo,
    records: HeldRecords,
) -> None:
    for one in klaviyo.account.standing("list"):
        one.gone = one.attributes["name"] == "life:closing"
    step = first_change(destination)

    if many:
        [outcome] = destination.deliver_many(SHOP, [replace(step, events=())])
        assert isinstance(outcome, Delivered)
    else:
        destination.deliver(SHOP, step)
        assert len(klaviyo.state()["events"]) == 1

    assert profile(klaviyo)["properties"]["nextorder_stage"] == "closing"
    assert records.lists.keys() == {"hold", "life:new"}
    assert not desired(destination).audiences


def test_a_list_that_is_made_anew_is_joined_by_who_was_on_the_old_one(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords, clock: StillClock
) -> None:
    old = desired(destination).audiences
    klaviyo.seed({"lists": [{"name": "again"}]})
    records.keep_list(SHOP.id, "life:closing", klaviyo.account.standing("list")[-1].id)
    clock.now += 2
    new = desired(destination).audiences

    assert new.isdisjoint(old)
    destination.deliver(SHOP, replace(first_change(destination), join=new, leave=old))
    assert on(klaviyo, "again") == ["01ANNA"]


def test_a_busy_list_is_waited_for_among_many(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords, clock: StillClock
) -> None:
    klaviyo.faults.add({"match": "add_profiles_to_list", "status": 429, "retry_after": 7})
    outcomes = destination.deliver_many(SHOP, moving(a_crowd(klaviyo, 3), records))

    assert all(isinstance(one, Delivered) for one in outcomes)
    assert 7 in clock.naps


def test_what_is_not_known_of_a_list_leaves_its_customers_unsure(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    klaviyo.faults.add({"match": "add_profiles_to_list", "status": 429, "retry_after": 700})
    outcomes = destination.deliver_many(SHOP, moving(a_crowd(klaviyo, 2), records))

    assert [(type(one), getattr(one, "remote_id", "")) for one in outcomes] == [
        (OutcomeUnknown, "01C0"),
        (OutcomeUnknown, "01C1"),
    ]


@pytest.mark.parametrize(("sets", "error"), [(True, OutcomeUnknown), (False, RetryLater)])
def test_a_busy_list_alone_is_a_delay_and_behind_a_written_property_half_known(
    sets: bool,  # noqa: FBT001 - a parameter
    error: type[Exception],
    destination: KlaviyoDestination,
    klaviyo: FakeKlaviyo,
) -> None:
    klaviyo.faults.add({"match": "add_profiles_to_list", "status": 429, "retry_after": 9})
    step = first_change(destination)

    with pytest.raises(RetryLater) as caught:
        destination.deliver(SHOP, step if sets else replace(step, set={}))

    assert (type(caught.value), caught.value.seconds) == (error, 9)
    assert klaviyo.state()["events"] == []


def test_a_key_that_may_not_write_lists_needs_a_human(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    klaviyo.scopes -= {"lists:write"}
    crowd = [replace(one, set={}) for one in moving(a_crowd(klaviyo, 2), records)]

    assert {type(one) for one in destination.deliver_many(SHOP, crowd)} == {Forbidden}
    for sets in (False, True):
        with pytest.raises(NeedsHuman) as caught:
            destination.deliver(SHOP, replace(crowd[0], leave=frozenset(), set={"x": 1} if sets else {}))
        assert caught.value.partly is sets

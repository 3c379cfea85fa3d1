"""Who is put on lists together: who is meant still, and whose profile is there."""

from dataclasses import replace
from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.adapters.klaviyo.still_meant import StillMeant
from nextorder.domain.changes import Person
from nextorder.domain.errors import OutcomeUnknown, Refused, UnderWay
from nextorder.domain.going_live import GoingLive, Step
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import SINCE, a_crowd, profile
from tests.adapters.klaviyo_destination.list_cases import moving, on, with_patience
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.klaviyo import FakeKlaviyo


@pytest.fixture
def destination(
    client: KlaviyoClient, clock: StillClock, jobs: InMemoryBulkJobs, records: HeldRecords
) -> KlaviyoDestination:
    return with_patience(60, client, clock, jobs, records)


@pytest.mark.parametrize(
    "since",
    [{"applied": False}, {"uninstalled_at": SINCE}, {"going_live": GoingLive(step=Step.PROPERTIES)}],
    ids=lambda one: next(iter(one)),
)
def test_nobody_joins_a_list_once_the_shop_paused_went_back_or_left_while_the_import_ran(
    since: dict[str, Any],
    client: KlaviyoClient,
    clock: StillClock,
    jobs: InMemoryBulkJobs,
    records: HeldRecords,
    klaviyo: FakeKlaviyo,
) -> None:
    meant = StillMeant(shop_now=lambda _: replace(SHOP, **since))
    paused = with_patience(60, client, clock, jobs, records, meant)

    outcomes = paused.deliver_many(SHOP, moving(a_crowd(klaviyo, 2 * FEW), records))

    assert {type(one) for one in outcomes} == {OutcomeUnknown}
    assert profile(klaviyo, "01C0")["properties"]["nextorder_stage"] == "new"
    assert not on(klaviyo, "life:closing")


def test_who_has_another_verdict_once_the_import_is_done_joins_no_list_of_the_old_one(
    client: KlaviyoClient,
    clock: StillClock,
    jobs: InMemoryBulkJobs,
    records: HeldRecords,
    klaviyo: FakeKlaviyo,
) -> None:
    """Joining starts the list's flows, and leaving it a moment later ends none."""
    crowd = [replace(one, version=1) for one in moving(a_crowd(klaviyo, FEW + 5), records)]
    now = {one.person.customer: 1 for one in crowd} | {"3": 2}
    del now["4"]
    meant = StillMeant(versions=lambda _, customers: {one: now[one] for one in customers if one in now})
    destination = with_patience(60, client, clock, jobs, records, meant)

    outcomes = destination.deliver_many(SHOP, crowd)

    moved_on = {number: one for number, one in enumerate(outcomes) if not isinstance(one, Delivered)}
    assert {number: type(one) for number, one in moved_on.items()} == {3: OutcomeUnknown, 4: OutcomeUnknown}
    assert len(on(klaviyo, "life:closing")) == FEW + 3
    assert {"01C3", "01C4"}.isdisjoint(on(klaviyo, "life:closing"))


def test_one_profile_that_is_gone_keeps_nobody_else_off_a_list(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    crowd = [replace(one, set={}) for one in moving(a_crowd(klaviyo, FEW + 5), records)]
    crowd[7] = replace(crowd[7], person=Person(customer="7", remote_id="01GONE"))

    outcomes = destination.deliver_many(SHOP, crowd)

    refused = {number: one for number, one in enumerate(outcomes) if not isinstance(one, Delivered)}
    assert {number: repr(one) for number, one in refused.items()} == {7: repr(Refused("profile-missing"))}
    assert len(on(klaviyo, "life:closing")) == FEW + 4


def test_however_many_profiles_are_gone_the_others_are_moved_in_a_few_calls(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    crowd = [replace(one, set={}, leave=frozenset()) for one in moving(a_crowd(klaviyo, 300), records)]
    for number in range(0, 300, 7):
        crowd[number] = replace(crowd[number], person=Person(customer=str(number), remote_id=f"01G{number}"))
    klaviyo.counts.clear()

    outcomes = destination.deliver_many(SHOP, crowd)

    gone = {number for number, one in enumerate(outcomes) if isinstance(one, Refused)}
    assert gone == set(range(0, 300, 7))
    assert len(on(klaviyo, "life:closing")) == 300 - len(gone)
    assert klaviyo.counts["add_profiles_to_list"] == 2


def test_a_refusal_that_is_of_no_profile_is_everyones_and_not_asked_for_each(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    crowd = [replace(one, set={}, leave=frozenset()) for one in moving(a_crowd(klaviyo, 40), records)]
    klaviyo.faults.add({"match": "add_profiles_to_list", "status": 400, "times": 99})

    assert {type(one) for one in destination.deliver_many(SHOP, crowd)} == {Refused}
    assert klaviyo.counts["add_profiles_to_list"] == 1


@pytest.mark.parametrize("meant", [True, False])
def test_who_waits_for_an_import_joins_when_it_is_taken_up_if_that_is_meant_by_then(
    meant: bool,  # noqa: FBT001 - a parameter
    client: KlaviyoClient,
    clock: StillClock,
    jobs: InMemoryBulkJobs,
    klaviyo: FakeKlaviyo,
    records: HeldRecords,
) -> None:
    klaviyo.job_seconds = 1_000.0
    crowd = moving(a_crowd(klaviyo, FEW + 1), records)
    hasty = with_patience(2, client, clock, jobs, records)
    assert {type(one) for one in hasty.deliver_many(SHOP, crowd)} == {UnderWay}
    assert on(klaviyo, "life:closing") == []

    clock.now += 1_000
    taken = with_patience(60, client, clock, jobs, records).take_up(SHOP, lambda _: meant)

    assert {type(outcome) for _, outcome in taken} == {Delivered if meant else OutcomeUnknown}
    assert len(on(klaviyo, "life:closing")) == (FEW + 1) * meant

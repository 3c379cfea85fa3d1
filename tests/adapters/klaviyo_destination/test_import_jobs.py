"""Many profiles go by import job: how much in each, how long to wait, who was refused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from nextorder.adapters.klaviyo import bodies, import_job
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, MOST_ALONE, KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.still_meant import StillMeant
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import NeedsHuman, NextorderError, OutcomeUnknown, Refused, RetryLater, UnderWay
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, a_crowd, desired, profile
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.unit.shop_cases import CATALOGUE


def test_many_profiles_go_by_import_job_and_those_who_clear_something_alone(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    crowd = a_crowd(klaviyo, 250)
    crowd[3] = replace(crowd[3], unset=("nextorder_stage_prev",))
    crowd[4] = replace(crowd[4], person=Person(customer="4", email="nobody@example.com"))
    crowd[5] = replace(crowd[5], person=Person(customer="5", remote_id="01GONE"))
    outcomes = destination.deliver_many(SHOP, crowd)

    assert {n for n, outcome in enumerate(outcomes) if isinstance(outcome, Refused)} == {4, 5}
    assert outcomes[3] == Delivered(remote_id="01C3")
    stages = [profile(klaviyo, f"01C{n}")["properties"] for n in range(250) if n not in {4, 5}]
    assert stages == [{"nextorder_stage": "new"}] * 248
    counts = klaviyo.counts
    assert (counts["get_profiles"], counts["bulk_import_profiles"], counts["update_profile"]) == (3, 1, 1)
    assert len(klaviyo.state()["profiles"]) == 251


def kinds(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def in_a_hurry(client: KlaviyoClient, jobs: InMemoryBulkJobs) -> KlaviyoDestination:
    """A process whose time is up before Klaviyo has done the job."""
    imports = ImportJobs(client, jobs)
    return KlaviyoDestination(
        client, lambda _: CATALOGUE, imports=imports, sleep=lambda _: None, patience_seconds=2
    )


def test_a_job_that_outlives_one_process_is_taken_up_by_another(
    client: KlaviyoClient,
    destination: KlaviyoDestination,
    klaviyo: FakeKlaviyo,
    clock: StillClock,
    jobs: InMemoryBulkJobs,
) -> None:
    klaviyo.job_seconds = 1_000.0
    crowd = [replace(one, stamp=f"s{number}") for number, one in enumerate(a_crowd(klaviyo, FEW + 3))]
    crowd[2] = replace(crowd[2], person=Person(customer="2", remote_id="01GONE"))
    hasty = in_a_hurry(client, jobs)

    outcomes = hasty.deliver_many(SHOP, crowd)
    assert [one.remote_id for one in outcomes if isinstance(one, UnderWay)][:3] == ["01C0", "01C1", "01GONE"]
    with pytest.raises(UnderWay):
        hasty.take_up(SHOP, bool)
    assert kinds(hasty.deliver_many(SHOP, crowd)) == {"RetryLater": FEW + 3}

    clock.now += 1_000
    taken = destination.take_up(SHOP, bool)
    assert [(row.customer, row.stamp) for row, _ in taken[:2]] == [("0", "s0"), ("1", "s1")]
    assert taken[0][1] == Delivered(remote_id="01C0")
    assert repr(taken[2][1]) == repr(Refused("profile-missing"))
    destination.settled(SHOP)
    assert destination.take_up(SHOP, bool) == ()
    assert klaviyo.counts["bulk_import_profiles"] == 1


@pytest.mark.parametrize("end", ["cancelled", "forgotten"])
def test_what_became_of_a_job_that_klaviyo_dropped_is_not_known(
    end: str,
    client: KlaviyoClient,
    destination: KlaviyoDestination,
    klaviyo: FakeKlaviyo,
    jobs: InMemoryBulkJobs,
) -> None:
    klaviyo.job_seconds = 1_000.0
    in_a_hurry(client, jobs).deliver_many(SHOP, a_crowd(klaviyo, FEW + 1))
    [job] = klaviyo.account.jobs.values()
    job.cancelled = True
    if end == "forgotten":
        klaviyo.account.jobs.clear()

    taken = destination.take_up(SHOP, bool)
    assert {type(outcome) for _, outcome in taken} == {OutcomeUnknown}
    assert len(taken) == FEW + 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [({"status": 401}, NeedsHuman), ({"status": 429, "retry_after": 700}, RetryLater)],
    ids=str,
)
def test_a_job_of_which_klaviyo_says_nothing_now_is_not_asked_for_round_after_round(
    fault: dict[str, Any],
    error: type[NextorderError],
    client: KlaviyoClient,
    destination: KlaviyoDestination,
    klaviyo: FakeKlaviyo,
    jobs: InMemoryBulkJobs,
) -> None:
    klaviyo.job_seconds = 1_000.0
    in_a_hurry(client, jobs).deliver_many(SHOP, a_crowd(klaviyo, FEW + 1))
    klaviyo.faults.add({"match": "get_bulk_import_profiles_job", **fault})

    with pytest.raises(NextorderError) as caught:
        destination.take_up(SHOP, bool)

    assert type(caught.value) is error


def test_what_clears_something_goes_while_the_job_runs(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    crowd = a_crowd(klaviyo, FEW + 2)
    crowd[0] = replace(crowd[0], unset=("nextorder_stage_prev",))
    destination.deliver_many(SHOP, crowd)

    asked = [request["operations"][0] for request in klaviyo.requests]
    assert asked[:4] == [
        "get_profiles",
        "bulk_import_profiles",
        "update_profile",
        "get_bulk_import_profiles_job",
    ]


def test_a_pause_that_comes_while_klaviyo_lets_us_wait_keeps_the_job_from_being_handed_over(
    client: KlaviyoClient, jobs: InMemoryBulkJobs, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    began = clock.now

    def shop_now(_: str) -> Shop:
        return replace(SHOP, applied=clock.now < began + 30)

    imports = ImportJobs(client, jobs, meant=StillMeant(shop_now=shop_now))
    destination = KlaviyoDestination(client, lambda _: CATALOGUE, imports=imports, sleep=clock.sleep)
    crowd = a_crowd(klaviyo, FEW + 2)
    crowd[0] = replace(crowd[0], unset=("nextorder_stage_prev",))
    klaviyo.faults.add({"match": "bulk_import", "status": 429, "retry_after": 40})

    outcomes = destination.deliver_many(SHOP, crowd)

    assert kinds(outcomes) == {"Untried": FEW + 2}
    assert not klaviyo.account.jobs
    assert "nextorder_stage" not in profile(klaviyo, "01C0")["properties"]
    assert sum(clock.naps) == 40


def test_limits_in_a_long_run_are_waited_for(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    klaviyo.faults.add({"match": "bulk_import", "status": 429, "retry_after": 4})
    outcomes = destination.deliver_many(SHOP, a_crowd(klaviyo, FEW + 1))

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert 4 in clock.naps


def test_the_fullest_job_is_just_below_what_klaviyo_takes(
    klaviyo: FakeKlaviyo, jobs: InMemoryBulkJobs, clock: StillClock
) -> None:
    """Rows as a first sync has them, under the longest names, as many as the destination's weights allow."""
    shop = replace(SHOP, klaviyo_prefix="nextorder_for_the_second")
    unhurried = KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url)
    imports = ImportJobs(unhurried, jobs)
    destination = KlaviyoDestination(unhurried, lambda _: CATALOGUE, imports=imports, sleep=clock.sleep)
    wanted = dict(desired(destination).attributes) | {"nextorder_reason_1": "å" * 200}
    weight = destination.weigh(shop, Change(person=ANNA, set=wanted))
    count = (destination.capabilities.most_bytes or 0) // weight
    ids = [f"{number:026}" for number in range(count)]
    klaviyo.seed({"profiles": [{"id": id_} for id_ in ids]})
    crowd = [Change(person=Person(customer=id_, remote_id=id_), set=wanted) for id_ in ids]

    outcomes = destination.deliver_many(shop, crowd)

    assert kinds(outcomes) == {"Delivered": count}
    [request] = [one for one in klaviyo.requests if one["operations"] == ["bulk_import_profiles"]]
    size = len(request["body"].encode())
    assert bodies.MOST_BYTES_PER_JOB - 2 * weight < size <= bodies.MOST_BYTES_PER_JOB


def test_a_batch_has_as_many_small_rows_as_a_job_holds_and_fewer_that_go_alone(
    destination: KlaviyoDestination,
) -> None:
    most = destination.capabilities.most_bytes or 0
    small = Change(person=ANNA, set={"nextorder_stage": "new"})

    assert most // destination.weigh(SHOP, small) > destination.capabilities.most_rows
    assert most // destination.weigh(SHOP, replace(small, unset=("nextorder_p_window",))) == MOST_ALONE


@pytest.mark.parametrize("quotes_rows", [True, False])
def test_an_import_error_is_the_rows_that_it_quotes_else_the_one_that_it_points_to(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, *, quotes_rows: bool
) -> None:
    klaviyo.account.quotes_rows = quotes_rows
    crowd = a_crowd(klaviyo, FEW + 10)
    for number in (0, 7, FEW + 9):
        crowd[number] = replace(
            crowd[number], person=Person(customer=str(number), remote_id=f"01GONE{number}")
        )

    outcomes = destination.deliver_many(SHOP, crowd)

    refused = {number for number, outcome in enumerate(outcomes) if isinstance(outcome, Refused)}
    assert refused == {0, 7, FEW + 9}
    assert kinds(outcomes) == {"Delivered": FEW + 7, "Refused": 3}


def test_import_errors_are_read_page_by_page(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    crowd = [
        Change(person=Person(customer=str(n), remote_id=f"01GONE{n}"), set={"nextorder_stage": "new"})
        for n in range(230)
    ]
    outcomes = destination.deliver_many(SHOP, crowd)

    assert {repr(outcome) for outcome in outcomes} == {repr(Refused("profile-missing"))}
    assert klaviyo.counts["get_errors_for_bulk_import_profiles_job"] == 3
    assert import_job.JOBS in klaviyo.requests[-1]["path"]

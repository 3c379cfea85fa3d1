"""Many profiles go by import job: how much in each, how long to wait, who was refused."""

import json
from dataclasses import replace

import pytest

from nextorder.adapters.klaviyo import bodies, import_job
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import OutcomeUnknown, Refused
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import a_crowd, profile
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


def test_a_job_that_does_not_end_in_time_is_unknown(client: KlaviyoClient, klaviyo: FakeKlaviyo) -> None:
    klaviyo.job_seconds = 1_000.0
    crowd = a_crowd(klaviyo, FEW + 1)
    destination = KlaviyoDestination(client, lambda _: CATALOGUE, sleep=lambda _: None, patience_seconds=10)

    outcomes = destination.deliver_many(SHOP, crowd)
    unknown = [outcome.remote_id for outcome in outcomes if isinstance(outcome, OutcomeUnknown)]
    assert unknown == [f"01C{n}" for n in range(FEW + 1)]


def test_limits_in_a_long_run_are_waited_for(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    klaviyo.faults.add({"match": "bulk_import", "status": 429, "retry_after": 4})
    outcomes = destination.deliver_many(SHOP, a_crowd(klaviyo, FEW + 1))

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert 4 in clock.naps


@pytest.mark.parametrize(("most_rows", "most_bytes", "jobs"), [(8, 9_000, 4), (100, 1_000, 6)])
def test_jobs_keep_within_rows_and_bytes(
    most_rows: int, most_bytes: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        Change(person=Person(customer=str(n), remote_id=f"01{n}"), set={"k": "å" * 50}) for n in range(30)
    ]
    monkeypatch.setattr(bodies, "MOST_PROFILES_PER_JOB", most_rows)
    monkeypatch.setattr(bodies, "MOST_BYTES_PER_JOB", most_bytes)
    sent = list(bodies.import_jobs(rows))

    assert len(sent) == jobs
    assert all(len(body) <= most_bytes and count <= most_rows for body, count in sent)
    ids = [
        row["id"] for body, _ in sent for row in json.loads(body)["data"]["attributes"]["profiles"]["data"]
    ]
    assert ids == [f"01{n}" for n in range(30)]


def test_import_errors_are_read_page_by_page(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    crowd = [
        Change(person=Person(customer=str(n), remote_id=f"01GONE{n}"), set={"nextorder_stage": "new"})
        for n in range(230)
    ]
    outcomes = destination.deliver_many(SHOP, crowd)

    assert {repr(outcome) for outcome in outcomes} == {repr(Refused("profile-missing"))}
    assert klaviyo.counts["get_errors_for_bulk_import_profiles_job"] == 3
    assert import_job.JOBS in klaviyo.requests[-1]["path"]

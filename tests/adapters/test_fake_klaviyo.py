"""Klaviyo's own client agrees with the fake account."""

import pytest
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import (
    ApiException,
    BadRequestException,
    ForbiddenException,
    NotFoundException,
    UnauthorizedException,
)

from tests.fakes.clock import StillClock
from tests.fakes.klaviyo.client import KEY, Client, a_batch, a_job, a_profile, an_event
from tests.fakes.klaviyo.server import DEFAULT_SCOPES


@pytest.fixture
def sdk(klaviyo: Client) -> KlaviyoAPI:
    return KlaviyoAPI(api_key=KEY, test_host=klaviyo.fake.url, max_retries=1)


def test_the_real_client_finds_profiles_without_creating_any(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    found = sdk.Profiles.get_profiles(
        filter='any(email,["one@example.com","TWO@example.com","no@example.com"])',
        fields_profile=["email", "external_id"],
        page_size=100,
    )

    assert [(one["id"], one["attributes"]["external_id"]) for one in found["data"]] == [
        ("P1", "1"),
        ("P2", None),
    ]
    assert klaviyo.state()["counters"]["profiles_created"] == 0


def test_the_real_client_changes_a_profile(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    body = a_profile(properties={"nextorder_stage": "due"}) | {"id": "P1"}

    updated = sdk.Profiles.update_profile("P1", {"data": body})
    upserted = sdk.Profiles.create_or_update_profile({"data": body})

    assert updated.data.attributes.properties == {"old": 1, "nextorder_stage": "due"}
    assert upserted.data.id == "P1"
    assert klaviyo.state()["counters"]["profiles_created"] == 0


def test_the_real_client_imports_in_bulk_and_reads_the_job(
    klaviyo: Client, sdk: KlaviyoAPI, clock: StillClock
) -> None:
    rows = a_profile(properties={"nextorder_p_5d": 0.1}) | {"id": "P1"}
    job = sdk.Profiles.bulk_import_profiles({"data": a_job(rows)}).data
    assert klaviyo.properties() == {"old": 1}
    clock.now += 1

    done = sdk.Profiles.get_bulk_import_profiles_job(job.id)

    assert done.data.attributes.status == "complete"
    assert done.data.attributes.completed_count == 1
    assert klaviyo.properties() == {"old": 1, "nextorder_p_5d": 0.1}


def test_the_real_client_reads_which_rows_of_a_job_failed(
    klaviyo: Client, sdk: KlaviyoAPI, clock: StillClock
) -> None:
    rows = [a_profile(properties={"a": 1}) | {"id": id_} for id_ in ("P1", "NOBODY")]
    job = sdk.Profiles.bulk_import_profiles({"data": a_job(*rows)}).data
    clock.now += 1

    [error] = sdk.Profiles.get_errors_for_bulk_import_profiles_job(job.id, page_size=100).data

    assert error.attributes.code == "not_found"
    assert error.attributes.source.pointer == "/data/attributes/profiles/data/1"
    assert error.attributes.original_payload["id"] == "NOBODY"
    assert klaviyo.state()["counters"]["profiles_created"] == 0


def test_the_real_client_has_a_whole_profile_deleted(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    klaviyo.fake.scopes = DEFAULT_SCOPES | {"data-privacy:write"}
    person = {"data": {"type": "profile", "id": "P1", "attributes": {}}}
    job = {"type": "data-privacy-deletion-job", "attributes": {"profile": person}}
    sdk.Data_Privacy.request_profile_deletion({"data": job})

    assert set(klaviyo.state()["profiles"]) == {"P2"}


def test_the_real_client_sends_events(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    sdk.Events.create_event({"data": an_event()})
    sdk.Events.bulk_create_events({"data": a_batch("u2", "u3")})

    assert [one["unique_id"] for one in klaviyo.state()["events"]] == ["u1", "u2", "u3"]
    assert [one.attributes.name for one in sdk.Metrics.get_metrics().data] == ["Nextorder Stage Changed"]


def test_the_real_client_understands_every_refusal(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    with pytest.raises(BadRequestException, match="Invalid email address"):
        sdk.Profiles.create_or_update_profile({"data": a_profile(email="no address")})
    with pytest.raises(NotFoundException):
        sdk.Profiles.get_profile("NOBODY")
    with pytest.raises(ForbiddenException, match="data-privacy:write"):
        sdk.Data_Privacy.request_profile_deletion(
            {
                "data": {
                    "type": "data-privacy-deletion-job",
                    "attributes": {"profile": {"data": a_profile(email="a@example.com")}},
                }
            }
        )
    with pytest.raises(ApiException, match="duplicate_profile"):
        sdk.Profiles.create_profile({"data": a_profile(email="one@example.com")})
    stranger = KlaviyoAPI(api_key="pk_other", test_host=klaviyo.fake.url, max_retries=1)
    with pytest.raises(UnauthorizedException, match="authentication_failed"):
        stranger.Accounts.get_accounts()


def test_the_real_client_waits_as_long_as_it_is_told(klaviyo: Client) -> None:
    klaviyo.fail(match="get_accounts", status=429, retry_after=0)
    patient = KlaviyoAPI(api_key=KEY, test_host=klaviyo.fake.url, max_retries=2, max_delay=0.05)

    assert patient.Accounts.get_accounts().data[0].attributes.preferred_currency == "GBP"
    assert klaviyo.state()["requests"] == {"get_accounts": 2}

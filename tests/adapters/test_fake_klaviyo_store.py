"""The fake account keeps profiles, jobs and events as Klaviyo does, and fails on demand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.client import KEY, Client, a_batch, a_job, a_profile, an_event
from tests.fakes.klaviyo.server import DEFAULT_SCOPES, REVISION
from tests.system.cloud import eventually

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("filter_", "ids"),
    [
        ('any(email,["TWO@example.com","one@example.com"])', ["P1", "P2"]),
        ("equals(email,'one@example.com')", ["P1"]),
        ('any(id,["P2","P9"])', ["P2"]),
        ('any(external_id,["1"])', ["P1"]),
        ('any(phone_number,["+46701234567"])', ["P2"]),
        ('and(equals(id,"P1"),equals(external_id,"2"))', []),
        ('equals(id,"P1"),equals(external_id,"1")', ["P1"]),
    ],
)
def test_profiles_are_found_by_what_identifies_them(klaviyo: Client, filter_: str, ids: list[str]) -> None:
    found = klaviyo.send("GET", "/api/profiles", params={"filter": filter_}).json()

    assert [one["id"] for one in found["data"]] == ids


def test_profiles_come_in_pages(klaviyo: Client) -> None:
    klaviyo.seed(*({"id": f"Q{at}", "email": f"q{at}@example.com"} for at in range(3)))

    first = klaviyo.send("GET", "/api/profiles?page[size]=3&fields[profile]=email").json()
    second = klaviyo.session.get(first["links"]["next"], timeout=60).json()

    assert [one["id"] for one in first["data"] + second["data"]] == ["P1", "P2", "Q0", "Q1", "Q2"]
    assert set(first["data"][0]["attributes"]) == {"email"}
    assert "next" not in second["links"]


def test_an_import_of_an_unknown_person_creates_a_profile_and_is_counted(klaviyo: Client) -> None:
    created = klaviyo.send("POST", "/api/profile-import", a_profile(email="new@example.com"))
    known = klaviyo.send("POST", "/api/profile-import", a_profile(email="NEW@example.com", first_name="Ny"))
    posted = klaviyo.send("POST", "/api/profiles", a_profile(external_id="77"))

    assert [created.status_code, known.status_code, posted.status_code] == [201, 200, 201]
    assert klaviyo.state()["counters"]["profiles_created"] == 2


def test_an_import_by_id_creates_nothing(klaviyo: Client) -> None:
    missing = klaviyo.send("POST", "/api/profile-import", a_profile(properties={"a": 1}) | {"id": "P9"})
    mixed = klaviyo.send("POST", "/api/profile-import", a_profile(email="two@example.com") | {"id": "P1"})

    assert [missing.status_code, mixed.status_code] == [404, 404]
    assert mixed.json()["errors"][0]["detail"] == "A profile with id P1 does not exist."
    assert klaviyo.state()["counters"]["profiles_created"] == 0


def test_null_and_unset_clear_and_absence_leaves(klaviyo: Client) -> None:
    properties = {"a": 1, "b": 2, "c": 3}
    klaviyo.send("PATCH", "/api/profiles/P1", a_profile(properties=properties) | {"id": "P1"})
    meta = {"patch_properties": {"unset": ["b"]}}
    cleared = a_profile(properties={"a": None}, external_id=None) | {"id": "P1", "meta": meta}

    klaviyo.send("POST", "/api/profile-import", cleared)

    assert klaviyo.properties() == {"old": 1, "c": 3}
    assert "external_id" not in klaviyo.state()["profiles"]["P1"]
    assert (
        klaviyo.send("GET", "/api/profiles", params={"filter": 'any(external_id,["1"])'}).json()["data"] == []
    )


def test_lists_are_appended_to_and_taken_from(klaviyo: Client) -> None:
    def patched(**patch: Any) -> dict[str, Any]:
        body = a_profile() | {"id": "P1", "meta": {"patch_properties": patch}}
        klaviyo.send("PATCH", "/api/profiles/P1", body)
        return klaviyo.properties()

    assert patched(append={"sizes": ["S", "M"]}) == {"old": 1, "sizes": ["S", "M"]}
    assert patched(append={"sizes": "M"}, unappend={"sizes": "S"}) == {"old": 1, "sizes": ["M"]}


def test_a_change_is_refused_for_no_one_and_for_an_address_of_another(klaviyo: Client) -> None:
    missing = klaviyo.send("PATCH", "/api/profiles/P9", a_profile() | {"id": "P9"})
    other_id = klaviyo.send("PATCH", "/api/profiles/P1", a_profile() | {"id": "P2"})
    taken = klaviyo.send("PATCH", "/api/profiles/P1", a_profile(email="two@example.com") | {"id": "P1"})

    assert [missing.status_code, other_id.status_code, taken.status_code] == [404, 400, 409]
    assert taken.json()["errors"][0]["meta"] == {"duplicate_profile_id": "P2"}


def test_a_bulk_import_is_done_later_ignores_nulls_and_reports_bad_rows(
    klaviyo: Client, clock: StillClock
) -> None:
    rows = [
        a_profile(properties={"old": None, "new": 2}) | {"id": "P1"},
        a_profile(email="nonsense"),
        a_profile(email="unknown@example.com"),
        a_profile(properties={"a": 1}) | {"id": "P9"},
    ]
    job = klaviyo.send("POST", "/api/profile-bulk-import-jobs", a_job(*rows)).json()["data"]
    waiting = klaviyo.send("GET", f"/api/profile-bulk-import-jobs/{job['id']}").json()["data"]["attributes"]
    clock.now += 1
    done = klaviyo.send("GET", f"/api/profile-bulk-import-jobs/{job['id']}").json()["data"]["attributes"]
    failures = klaviyo.send("GET", f"/api/profile-bulk-import-jobs/{job['id']}/import-errors").json()["data"]

    assert (job["attributes"]["status"], waiting["completed_count"]) == ("queued", 0)
    assert (done["status"], done["completed_count"], done["failed_count"]) == ("complete", 2, 2)
    assert klaviyo.properties() == {"old": 1, "new": 2}
    assert [one["attributes"]["source"]["pointer"] for one in failures] == [
        "/data/attributes/profiles/data/1/attributes/email",
        "/data/attributes/profiles/data/3",
    ]
    assert failures[1]["attributes"]["original_payload"] == rows[3]
    assert klaviyo.state()["counters"]["profiles_created"] == 1
    assert klaviyo.send("GET", "/api/profile-bulk-import-jobs/J9").status_code == 404


def test_a_repeated_event_keeps_the_first_in_silence(klaviyo: Client) -> None:
    replies = [klaviyo.send("POST", "/api/events", an_event(properties={"n": at})) for at in range(2)]
    klaviyo.send("POST", "/api/events", an_event(name="Another"))

    assert [(reply.status_code, reply.content) for reply in replies] == [(202, b""), (202, b"")]
    kept = klaviyo.state()
    assert [(one["metric"], one["properties"]) for one in kept["events"]] == [
        ("Nextorder Stage Changed", {"n": 0}),
        ("Another", {"to": "due"}),
    ]
    assert kept["counters"]["events_repeated"] == 1


def test_without_a_unique_id_an_event_is_told_by_its_second(klaviyo: Client, clock: StillClock) -> None:
    for _ in range(2):
        klaviyo.send("POST", "/api/events", an_event(unique_id=None))
    clock.now += 1
    klaviyo.send("POST", "/api/events", an_event(unique_id=None))

    assert len(klaviyo.state()["events"]) == 2


def test_one_repetition_fails_a_whole_batch(klaviyo: Client) -> None:
    klaviyo.send("POST", "/api/events", an_event(unique_id="u1"))

    among_known = klaviyo.send("POST", "/api/event-bulk-create-jobs", a_batch("u2", "u1"))
    among_itself = klaviyo.send("POST", "/api/event-bulk-create-jobs", a_batch("u3", "u3"))

    assert [among_known.status_code, among_itself.status_code] == [202, 202]
    assert [one["unique_id"] for one in klaviyo.state()["events"]] == ["u1"]
    assert klaviyo.state()["counters"]["events_repeated"] == 2


def test_an_event_creates_whom_it_does_not_know_by_address_but_not_by_id(klaviyo: Client) -> None:
    def of(person: dict[str, Any]) -> dict[str, Any]:
        return an_event(profile={"data": {"type": "profile"} | person})

    klaviyo.send("POST", "/api/events", of({"attributes": {"email": "new@example.com"}}))
    klaviyo.send("POST", "/api/events", of({"id": "P9", "attributes": {}}))

    counters = klaviyo.state()["counters"]
    assert (counters["profiles_created"], counters["events_for_unknown_profiles"]) == (1, 1)
    assert len(klaviyo.state()["events"]) == 1


def test_a_deletion_names_one_person_in_one_way() -> None:
    def asking(id_: str | None = None, **attributes: str) -> dict[str, Any]:
        person = {"type": "profile", "id": id_, "attributes": attributes}
        return {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": person}}}

    with (
        FakeKlaviyo(api_key=KEY, scopes=DEFAULT_SCOPES | {"data-privacy:write"}) as fake,
        Client(fake) as client,
    ):
        client.seed({"id": "P1", "email": "one@example.com"})
        path = "/api/data-privacy-deletion-jobs"
        twice = client.send("POST", path, asking("P1", email="one@example.com"))
        never = client.send("POST", path, asking())
        once = client.send("POST", path, asking(email="one@example.com"))
        state = client.state()

    assert [twice.status_code, never.status_code, once.status_code] == [400, 400, 202]
    assert state["profiles"] == {}


def test_a_server_error_can_be_told(klaviyo: Client) -> None:
    klaviyo.fail(match="^get_metrics$", status=503)

    assert klaviyo.send("GET", "/api/metrics").status_code == 503
    assert klaviyo.send("GET", "/api/metrics").status_code == 200


def test_a_timeout_after_the_write_leaves_it_done(klaviyo: Client) -> None:
    klaviyo.fail(match="create_event", timeout_after=True)

    with pytest.raises(requests.Timeout):
        klaviyo.send("POST", "/api/events", an_event(), timeout=0.1)

    eventually(lambda: klaviyo.fake.counts["create_event"])
    assert len(klaviyo.state()["events"]) == 1


def test_it_runs_as_a_process_and_logs_no_personal_data(tmp_path: Path) -> None:
    log = tmp_path / "klaviyo.log"
    command = [sys.executable, "-m", "tests.fakes.klaviyo", "--api-key", KEY, "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        headers = {"Authorization": f"Klaviyo-API-Key {KEY}", "revision": REVISION}
        params = {"filter": 'any(email,["one@example.com"])'}
        reply = requests.get(f"{url}/api/profiles", params=params, headers=headers, timeout=60)
        process.terminate()

    assert reply.json()["data"] == []
    assert json.loads(log.read_text())["operations"] == ["get_profiles"]
    assert "example" not in log.read_text()

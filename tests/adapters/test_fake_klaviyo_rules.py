"""The fake account checks keys, revisions, scopes, limits and bodies as Klaviyo does."""

from typing import Any

import pytest

from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.client import KEY, Client, a_batch, a_job, a_profile, an_event, pointer_of
from tests.fakes.klaviyo.server import DEFAULT_SCOPES


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": None}, 401, "not_authenticated"),
        ({"Authorization": "Klaviyo-API-Key pk_other"}, 401, "authentication_failed"),
        ({"Authorization": f"Bearer {KEY}"}, 401, "authentication_failed"),
        ({"revision": None}, 400, "invalid"),
        ({"revision": "2020-01-01", "X-Klaviyo-Revision-Fall-Forward-Opt-Out": "1"}, 410, "gone"),
    ],
)
def test_a_request_without_the_right_headers_is_refused(
    klaviyo: Client, headers: dict[str, str | None], status: int, code: str
) -> None:
    refused = klaviyo.send("GET", "/api/metrics", headers=headers)

    assert refused.status_code == status
    assert refused.json()["errors"][0]["code"] == code


def test_another_revision_is_served_in_silence_unless_the_client_opts_out(klaviyo: Client) -> None:
    assert klaviyo.send("GET", "/api/metrics", headers={"revision": "2020-01-01"}).status_code == 200
    assert klaviyo.state()["counters"]["revision_fallen_forward"] == 1


@pytest.mark.parametrize(
    ("method", "path", "data", "scope"),
    [
        ("GET", "/api/profiles", None, "profiles:read"),
        ("POST", "/api/profile-import", a_profile(email="a@example.com"), "profiles:write"),
        ("POST", "/api/profile-bulk-import-jobs", a_job(a_profile(email="a@example.com")), "lists:write"),
        ("GET", "/api/profile-bulk-import-jobs/J1", None, "lists:read"),
        ("POST", "/api/events", an_event(), "events:write"),
        ("GET", "/api/accounts", None, "accounts:read"),
    ],
)
def test_every_operation_takes_its_scopes(method: str, path: str, data: Any, scope: str) -> None:
    with FakeKlaviyo(api_key=KEY, scopes=DEFAULT_SCOPES - {scope}) as fake, Client(fake) as client:
        refused = client.send(method, path, data)

    assert refused.status_code == 403
    assert scope in refused.json()["errors"][0]["detail"]


def test_a_second_holds_so_many_requests_and_a_minute_so_many(klaviyo: Client, clock: StillClock) -> None:
    first = klaviyo.send("GET", "/api/accounts")
    burst = klaviyo.send("GET", "/api/accounts")
    assert first.headers["RateLimit-Limit"] == "15"
    assert first.headers["RateLimit-Remaining"] == "14"
    assert first.headers["RateLimit-Reset"] == "60"
    assert (burst.status_code, burst.headers["Retry-After"]) == (429, "1")
    assert not [name for name in burst.headers if name.lower().startswith("ratelimit")]

    for _ in range(14):
        clock.now += 1
        assert klaviyo.send("GET", "/api/accounts").status_code == 200
    clock.now += 1
    steady = klaviyo.send("GET", "/api/accounts")
    assert (steady.status_code, steady.headers["Retry-After"]) == (429, "45")
    assert klaviyo.send("GET", "/api/metrics").status_code == 200

    clock.now += 45
    assert klaviyo.send("GET", "/api/accounts").status_code == 200


def test_the_limits_are_those_of_the_openapi(klaviyo: Client) -> None:
    replies = [klaviyo.send("GET", "/api/profiles/P1") for _ in range(76)]

    assert [reply.status_code for reply in replies].count(200) == 75
    assert replies[-1].status_code == 429


@pytest.mark.parametrize(
    ("path", "data", "pointer"),
    [
        ("/api/profile-import", a_profile(emial="a@example.com"), "/data/attributes/emial"),
        ("/api/profile-import", a_profile(email=7), "/data/attributes/email"),
        ("/api/profile-import", a_profile(email="nonsense"), "/data/attributes/email"),
        ("/api/profile-import", a_profile(phone_number="0701234567"), "/data/attributes/phone_number"),
        ("/api/profile-import", a_profile(properties={"a": 1}), "/data/attributes"),
        ("/api/profile-import", {"type": "profile"}, "/data/attributes"),
        ("/api/profile-import", {"type": "person", "attributes": {}}, "/data/type"),
        ("/api/events", an_event(name="m" * 128), "/data/attributes/metric"),
        ("/api/events", an_event(time="yesterday"), "/data/attributes/time"),
        ("/api/events", an_event(time="1989-01-01T00:00:00Z"), "/data/attributes/time"),
        ("/api/events", an_event(time="2028-01-01T00:00:00Z"), "/data/attributes/time"),
        ("/api/events", an_event(value="much"), "/data/attributes/value"),
        (
            "/api/events",
            an_event(properties={f"p{at}": 1 for at in range(401)}),
            "/data/attributes/properties",
        ),
        ("/api/events", an_event(properties={"long": "x" * 100_001}), "/data/attributes/properties"),
        ("/api/profile-bulk-import-jobs", a_job(), "/data/attributes/profiles/data"),
        (
            "/api/profile-bulk-import-jobs",
            a_job(a_profile(nope=1)),
            "/data/attributes/profiles/data/0/attributes/nope",
        ),
        (
            "/api/profile-bulk-import-jobs",
            a_job(*[{"type": "profile", "attributes": {}}] * 10_001),
            "/data/attributes/profiles/data",
        ),
        (
            "/api/event-bulk-create-jobs",
            a_batch(*map(str, range(1_001))),
            "/data/attributes/events-bulk-create/data",
        ),
    ],
)
def test_a_body_that_is_none_is_refused_with_its_place(
    klaviyo: Client, path: str, data: dict[str, Any], pointer: str
) -> None:
    refused = klaviyo.send("POST", path, data)

    assert refused.status_code == 400
    assert pointer_of(refused) == pointer
    assert refused.headers["Content-Type"] == "application/vnd.api+json"
    assert {"id", "status", "code", "title", "detail"} <= set(refused.json()["errors"][0])
    assert klaviyo.state()["counters"]["profiles_created"] == 0
    assert klaviyo.state()["events"] == []


@pytest.mark.parametrize(
    "query",
    [
        "page[size]=101",
        "page[size]=none",
        "page[cursor]=***",
        "fields[profile]=shoe_size",
        "pagesize=10",
        'filter=any(shoe_size,["1"])',
        'filter=any(email,"one@example.com")',
        'filter=equals(email,["one@example.com"])',
        "filter=email is one@example.com",
    ],
)
def test_a_query_that_is_none_is_refused_with_its_name(klaviyo: Client, query: str) -> None:
    refused = klaviyo.send("GET", f"/api/profiles?{query}")

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["source"] == {"parameter": query.split("=", 1)[0]}


def test_other_paths_methods_and_media_types_are_refused(klaviyo: Client) -> None:
    refused = [
        klaviyo.send("GET", "/api/horoscopes"),
        klaviyo.send("DELETE", "/api/profiles/P1"),
        klaviyo.send("POST", "/api/profile-import", a_profile(), headers={"Content-Type": "text/plain"}),
        klaviyo.send("POST", "/api/profile-import", a_profile(properties={"a": "x" * 100_000})),
    ]

    assert [reply.status_code for reply in refused] == [404, 405, 415, 413]

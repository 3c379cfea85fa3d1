"""The fake account keeps segments, lists and flows, and Klaviyo's own client agrees."""

from typing import Any

import pytest
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import BadRequestException, NotFoundException

from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.client import KEY, Client, pointer_of
from tests.fakes.klaviyo.server import DEFAULT_SCOPES

FLOWS = DEFAULT_SCOPES | {"flows:read", "flows:write"}
A_MOMENT = 61


@pytest.fixture
def sdk(klaviyo: Client) -> KlaviyoAPI:
    klaviyo.fake.scopes = FLOWS
    return KlaviyoAPI(api_key=KEY, test_host=klaviyo.fake.url, max_retries=1)


def a_segment(value: str = "life:new", name: str = "ours", **changes: Any) -> dict[str, Any]:
    condition = {
        "type": "profile-property",
        "property": "properties['nextorder_segments']",
        "filter": {"type": "list", "operator": "contains", "value": value} | changes,
    }
    definition = {"condition_groups": [{"conditions": [condition]}]}
    return {"type": "segment", "attributes": {"name": name, "definition": definition}}


def a_flow(trigger: dict[str, Any], *, next_: str | None = None) -> dict[str, Any]:
    mail = {
        "type": "send-email",
        "temporary_id": "mail",
        "data": {"message": {"subject_line": "Due"}, "status": "draft"},
        "links": {"next": next_},
    }
    definition = {"triggers": [trigger], "actions": [mail], "entry_action_id": "mail"}
    return {"type": "flow", "attributes": {"name": "Due", "definition": definition}}


def test_the_real_client_makes_changes_and_deletes_a_segment(
    klaviyo: Client, sdk: KlaviyoAPI, clock: StillClock
) -> None:
    made = sdk.Segments.create_segment({"data": a_segment()}).data
    clock.now += A_MOMENT
    sdk.Segments.update_segment(made.id, {"data": {**a_segment(name="theirs"), "id": made.id}})
    found = sdk.Segments.get_segments(filter=f'any(id,["{made.id}","NONE"])').data

    assert [(one.id, one.attributes.name) for one in found] == [(made.id, "theirs")]
    assert found[0].attributes.definition is not None
    sdk.Segments.delete_segment(made.id)
    with pytest.raises(NotFoundException):
        sdk.Segments.get_segment(made.id)
    assert klaviyo.state()["segments"] == {}


def test_the_real_client_makes_and_finds_a_list(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    made = sdk.Lists.create_list({"data": {"type": "list", "attributes": {"name": "ours"}}}).data

    assert [one.id for one in sdk.Lists.get_lists(filter='any(name,["ours"])').data] == [made.id]
    assert sdk.Lists.get_list(made.id).data.attributes.name == "ours"
    sdk.Lists.delete_list(made.id)
    assert klaviyo.state()["lists"] == {}


def of_profiles(*ids: str) -> dict[str, Any]:
    return {"data": [{"type": "profile", "id": id_} for id_ in ids]}


def test_the_real_client_adds_to_a_list_and_takes_off_twice_without_a_word(
    klaviyo: Client, sdk: KlaviyoAPI
) -> None:
    klaviyo.seed({"id": "S1", "email": "s1@example.com"}, {"id": "S2", "email": "s2@example.com"})
    before = klaviyo.state()["profiles"]
    made = sdk.Lists.create_list({"data": {"type": "list", "attributes": {"name": "ours"}}}).data

    for _ in range(2):
        sdk.Lists.add_profiles_to_list(made.id, of_profiles("S1", "S2"))
    listed = sdk.Lists.get_profile_ids_for_list(made.id, page_size=1)
    assert [one.id for one in listed.data] == ["S1"]
    assert listed.links.next
    for _ in range(2):
        sdk.Lists.remove_profiles_from_list(made.id, of_profiles("S1"))
    assert (klaviyo.state()["members"], klaviyo.state()["profiles"]) == ({"ours": ["S2"]}, before)


def test_a_list_takes_a_thousand_profiles_a_call_and_only_such_as_are_there(
    klaviyo: Client, sdk: KlaviyoAPI
) -> None:
    klaviyo.seed(*({"id": f"S{n}", "external_id": f"x{n}"} for n in range(1_001)))
    everyone = [f"S{n}" for n in range(1_001)]
    made = sdk.Lists.create_list({"data": {"type": "list", "attributes": {"name": "ours"}}}).data

    with pytest.raises(BadRequestException, match="1000"):
        sdk.Lists.add_profiles_to_list(made.id, of_profiles(*everyone))
    for id_, whom in ((made.id, ("S1", "NONE")), ("NONE", ("S1",))):
        with pytest.raises(NotFoundException):
            sdk.Lists.add_profiles_to_list(id_, of_profiles(*whom))
    assert klaviyo.state()["members"] == {"ours": []}
    sdk.Lists.add_profiles_to_list(made.id, of_profiles(*everyone[:1_000]))
    assert len(klaviyo.state()["members"]["ours"]) == 1_000


def test_the_real_client_makes_a_flow_which_is_a_draft(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    trigger = {"type": "segment", "id": sdk.Segments.create_segment({"data": a_segment()}).data.id}

    made = sdk.Flows.create_flow({"data": a_flow(trigger)}).data

    assert made.attributes.status == "draft"
    assert [one.attributes.trigger_type for one in sdk.Flows.get_flows().data] == ["Added to List"]
    assert sdk.Flows.get_flows(filter='equals(status,"live")').data == []
    defined = sdk.Flows.get_flow(made.id, additional_fields_flow=["definition"]).data.attributes
    assert defined.definition.triggers[0]["id"] == trigger["id"]
    assert list(klaviyo.state()["flows"]) == ["Due"]


@pytest.mark.parametrize(
    ("trigger", "next_", "pointer"),
    [
        ({"type": "segment", "id": "NONE"}, None, "/data/attributes/definition/triggers/0/id"),
        ({"type": "metric", "id": "NONE"}, None, "/data/attributes/definition/triggers/0/id"),
        ({"type": "list"}, None, "/data/attributes/definition/triggers/0/id"),
        ({"type": "date", "date_profile_property": "due"}, "nowhere", "/data/attributes/definition"),
    ],
)
def test_a_flow_that_nothing_starts_or_that_leads_nowhere_is_refused(
    klaviyo: Client, trigger: dict[str, Any], next_: str | None, pointer: str
) -> None:
    klaviyo.fake.scopes = FLOWS
    refused = klaviyo.send("POST", "/api/flows", a_flow(trigger, next_=next_))

    assert refused.status_code == 400
    assert pointer_of(refused).startswith(pointer)


@pytest.mark.parametrize("changes", [{"operator": "resembles"}, {"type": "set"}, {"valeu": 1}])
def test_a_definition_that_is_none_is_refused_though_the_real_client_lets_it_through(
    sdk: KlaviyoAPI, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadRequestException, match="/data/attributes/definition"):
        sdk.Segments.create_segment({"data": a_segment(**changes)})


def test_a_segment_holds_whom_its_definition_is_true_of(klaviyo: Client) -> None:
    klaviyo.seed(
        {"id": "S1", "email": "s1@example.com", "properties": {"nextorder_segments": ["life:new", "care"]}},
        {"id": "S2", "email": "s2@example.com", "properties": {"nextorder_segments": ["life:newer"]}},
        {"id": "S3", "email": "s3@example.com", "properties": {"nextorder_segments": "life:new"}},
    )
    made = klaviyo.send("POST", "/api/segments", a_segment()).json()["data"]
    members = klaviyo.send("GET", f"/api/segments/{made['id']}/profiles?fields[profile]=email").json()["data"]

    assert [one["id"] for one in members] == ["S1"]


def test_segments_come_ten_at_a_time_and_a_hundred_can_be_made_a_day(
    klaviyo: Client, clock: StillClock
) -> None:
    def make(number: int) -> int:
        clock.now += 5
        return klaviyo.send("POST", "/api/segments", a_segment(name=f"s{number}")).status_code

    statuses = [make(number) for number in range(101)]
    assert statuses == [201] * 100 + [429]
    refused = klaviyo.send("POST", "/api/segments", a_segment())
    assert int(refused.headers["Retry-After"]) > 3_600

    first = klaviyo.send("GET", "/api/segments").json()
    assert len(first["data"]) == 10
    second = klaviyo.session.get(first["links"]["next"], timeout=60).json()
    assert [one["attributes"]["name"] for one in second["data"]] == [f"s{n}" for n in range(10, 20)]
    assert klaviyo.send("GET", "/api/segments?page[size]=11").status_code == 400
    clock.now += 86_400
    assert make(102) == 201


def test_names_need_not_differ_and_may_not_be_blank(klaviyo: Client, clock: StillClock) -> None:
    for _ in range(2):
        klaviyo.send("POST", "/api/segments", a_segment())
        clock.now += 5

    found = klaviyo.send("GET", "/api/segments", params={"filter": 'any(name,["ours"])'}).json()["data"]
    assert len({one["id"] for one in found}) == 2
    assert klaviyo.send("POST", "/api/segments", a_segment(name=" ")).status_code == 400


def test_klaviyos_own_predictions_come_on_request_and_slower(klaviyo: Client, sdk: KlaviyoAPI) -> None:
    klaviyo.seed({"id": "S1", "email": "s1@example.com", "predictive_analytics": {"churn_probability": 0.4}})
    path = "/api/profiles?fields[profile]=email"
    asked = f"{path}&additional-fields[profile]=predictive_analytics"

    found = sdk.Profiles.get_profiles(additional_fields_profile=["predictive_analytics"]).data
    assert found[-1].attributes.predictive_analytics.churn_probability == 0.4
    assert "predictive_analytics" not in klaviyo.send("GET", path).json()["data"][-1]["attributes"]
    statuses = [klaviyo.send("GET", asked).status_code for _ in range(10)]
    assert statuses == [200] * 9 + [429]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/segments", "segments:read"),
        ("POST", "/api/segments", "segments:write"),
        ("GET", "/api/lists", "lists:read"),
        ("GET", "/api/flows", "flows:read"),
        ("POST", "/api/flows", "flows:write"),
    ],
)
def test_every_operation_takes_its_scopes(method: str, path: str, scope: str) -> None:
    with FakeKlaviyo(api_key=KEY, scopes=FLOWS - {scope}) as fake, Client(fake) as client:
        refused = client.send(method, path, {"type": "anything"})

    assert refused.status_code == 403
    assert scope in refused.json()["errors"][0]["detail"]

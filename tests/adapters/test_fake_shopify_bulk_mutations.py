"""The fake store takes a file of variables and runs one mutation a line."""

import json
from typing import Any

import requests

from tests.adapters.test_fake_shopify_bulk import finished, lines_of
from tests.fakes.shopify.client import CUSTOMER, TAGS_ADD, Client

STAGE = """mutation { stagedUploadsCreate(input: [{resource: BULK_MUTATION_VARIABLES, httpMethod: POST,
  filename: "x.jsonl", mimeType: "text/jsonl"}]) {
    stagedTargets { url parameters { name value } } userErrors { message } } }"""
RUN = """mutation Run($mutation: String!, $path: String!, $app: String) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path, clientIdentifier: $app) {
    bulkOperation { id } userErrors { message code } } }"""


def stage(client: Client) -> tuple[str, dict[str, str]]:
    target = client.ask(STAGE)["data"]["stagedUploadsCreate"]["stagedTargets"][0]
    return target["url"], {one["name"]: one["value"] for one in target["parameters"]}


def upload(client: Client, *lines: dict[str, Any] | str) -> str:
    url, fields = stage(client)
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    reply = requests.post(url, data=fields, files={"file": ("x.jsonl", text)}, timeout=60)
    assert reply.status_code == 201
    return fields["key"]


def run(client: Client, path: str, mutation: str = TAGS_ADD, **options: Any) -> dict[str, Any]:
    asked = {"mutation": mutation, "path": path, **options}
    payload: dict[str, Any] = client.ask(RUN, **asked)["data"]["bulkOperationRunMutation"]
    return payload


def test_each_line_is_answered_by_its_number(shopify: Client) -> None:
    missing = CUSTOMER + "404"
    path = upload(shopify, {"id": CUSTOMER, "tags": ["a"]}, {"id": missing, "tags": ["a"]}, "not json")

    begun = run(shopify, path, app="nextorder-run-1")
    done = finished(shopify, begun["bulkOperation"]["id"])
    answers = {row["__lineNumber"]: row for row in lines_of(done["url"])}

    assert shopify.tags() == ["a", "VIP"]
    assert answers[0]["data"]["tagsAdd"]["userErrors"] == []
    assert answers[1]["data"]["tagsAdd"]["userErrors"] == [
        {"field": ["id"], "message": "Customer does not exist"}
    ]
    assert answers[2]["errors"]
    assert (done["status"], done["objectCount"]) == ("COMPLETED", "3")


def test_a_line_of_the_wrong_type_fails_alone(shopify: Client) -> None:
    path = upload(shopify, {"id": CUSTOMER}, {"id": CUSTOMER, "tags": ["b"]})
    done = finished(shopify, run(shopify, path)["bulkOperation"]["id"])

    assert [("errors" in row) for row in lines_of(done["url"])] == [True, False]
    assert shopify.tags() == ["b", "VIP"]


def test_a_form_is_taken_whole_or_not_at_all(shopify: Client) -> None:
    url, fields = stage(shopify)
    lacking = {name: value for name, value in fields.items() if name != "policy"}
    file = {"file": ("x.jsonl", "{}")}

    assert requests.post(url, data=lacking, files=file, timeout=60).status_code == 403
    assert requests.post(url, data=fields | {"key": "tmp/else"}, files=file, timeout=60).status_code == 403
    assert requests.post(url, data=fields, files={"file": ("x.jsonl", "")}, timeout=60).status_code == 400
    assert run(shopify, fields["key"])["userErrors"][0]["code"] == "NO_SUCH_FILE"


def test_a_mutation_that_the_schema_rejects_is_not_begun(shopify: Client) -> None:
    path = upload(shopify, {"id": CUSTOMER})
    wrong = run(shopify, path, "mutation M($id: ID!) { tagsAdd(id: $id, tags: []) { nothing } }")
    two = run(shopify, path, 'mutation { a: tagsAdd(id: "1", tags: []) { __typename } b: __typename }')
    short = run(shopify, path, app="short")

    assert wrong["userErrors"][0]["code"] == "INVALID_MUTATION"
    assert two["userErrors"][0]["message"] == "You must use an allowed mutation name."
    assert short["userErrors"] != []


def test_five_mutations_at_once_beside_the_queries(shopify: Client) -> None:
    path = upload(shopify, {"id": CUSTOMER, "tags": ["a"]})
    begun = [run(shopify, path) for _ in range(6)]

    assert [bool(one["userErrors"]) for one in begun] == [False] * 5 + [True]
    assert begun[5]["userErrors"][0]["code"] == "OPERATION_IN_PROGRESS"


def test_a_bulk_mutation_costs_no_points_for_its_lines(shopify: Client) -> None:
    path = upload(shopify, *[{"id": CUSTOMER, "tags": [f"t{at}"]} for at in range(240)])
    before = shopify.fake.bucket.status()["currentlyAvailable"]
    finished(shopify, run(shopify, path)["bulkOperation"]["id"])

    assert len(shopify.tags()) == 241
    assert before - shopify.fake.bucket.status()["currentlyAvailable"] < 30

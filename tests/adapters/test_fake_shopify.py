"""The fake store knows tokens, scopes, the schema and the bucket as Shopify does."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from graphql import build_schema, validate_schema

from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import CUSTOMER, READ, TAGS_ADD, Client, code_of, many
from tests.fakes.shopify.server import DEFAULT_SCOPES, GRAPHQL_PATH, TOKEN_PATH

CONTRACT = Path(__file__).parents[1] / "contracts" / "shopify"
RECORDED = json.loads((CONTRACT / "recorded.json").read_text(encoding="utf-8"))["exchanges"]


@pytest.mark.parametrize("exchange", RECORDED, ids=lambda exchange: exchange["name"])
def test_a_recorded_exchange_ends_as_it_did_on_the_live_store(exchange: dict[str, Any]) -> None:
    with FakeShopify(scopes=DEFAULT_SCOPES | {"write_products"}) as fake, Client(fake) as client:
        client.door("seed", exchange["seed"])
        reply = client.send(exchange["query"], exchange["variables"]).json()

    got = {key: reply[key] for key in ("data", "errors") if key in reply}
    for error in [*got.get("errors", ()), *exchange["reply"].get("errors", ())]:
        error.pop("locations")  # the document is laid out anew
    assert got == exchange["reply"]
    assert reply["extensions"]["cost"]["requestedQueryCost"] == 10
    assert reply["extensions"]["cost"]["actualQueryCost"] == 10


@pytest.mark.parametrize(
    ("query", "variables", "points"),
    [
        ("query($q: String!) { customers(first: 1, query: $q) { nodes { id } } }", {"q": "id:1"}, 3),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": [CUSTOMER]}, 1),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": [CUSTOMER] * 250}, 250),
        (
            "{ webhookSubscriptions(first: 5) { nodes { id apiVersion { handle } } } }",
            {},
            5,
        ),
        (
            """query($id: ID!) { customer(id: $id) { id
              a: metafield(namespace: "custom", key: "aa") { id }
              b: metafield(namespace: "custom", key: "bb") { id }
              c: metafield(namespace: "custom", key: "cc") { id }
              metafields(first: 10) { nodes { id } pageInfo { hasNextPage } } } }""",
            {"id": CUSTOMER},
            10,
        ),
    ],
)
def test_a_query_costs_what_was_recorded_give_or_take_a_point(
    shopify: Client, query: str, variables: dict[str, Any], points: int
) -> None:
    cost = shopify.ask(query, **variables)["extensions"]["cost"]

    assert abs(cost["requestedQueryCost"] - points) <= 1
    assert cost["actualQueryCost"] <= cost["requestedQueryCost"]


def ask_for_token(shopify: Client, **changes: str) -> requests.Response:
    form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    return requests.post(shopify.fake.url + TOKEN_PATH, data=form | changes, timeout=60)


def test_a_token_is_given_for_the_right_secret_and_ends_after_a_day(
    shopify: Client, clock: StillClock
) -> None:
    given = ask_for_token(shopify).json()
    assert given["expires_in"] == 86399
    assert "write_customers" in given["scope"].split(",")

    with Client(shopify.fake, given["access_token"]) as client:
        assert client.send("{ shop { id } }").status_code == 200
        clock.now += 86399
        refused = client.send("{ shop { id } }")

    assert refused.status_code == 401
    assert refused.json() == {
        "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
    }


def test_tokens_can_be_made_to_expire_early(shopify: Client) -> None:
    token = ask_for_token(shopify).json()["access_token"]
    shopify.door("expire_tokens")

    with Client(shopify.fake, token) as client:
        assert client.send("{ shop { id } }").status_code == 401


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_token_is_refused(shopify: Client, changes: dict[str, str], code: str) -> None:
    refused = ask_for_token(shopify, **changes)

    assert refused.status_code == 400
    assert refused.json()["error"] == code


def test_reading_and_writing_customers_takes_their_scopes() -> None:
    with FakeShopify(scopes=frozenset({"read_customers"})) as fake, Client(fake) as client:
        client.door("seed", {"customers": [{"id": 7}], "orders": [{"id": 1}]})

        read = client.ask(READ, id=CUSTOMER)
        write = client.ask(TAGS_ADD, id=CUSTOMER, tags=["a"])
        orders = client.ask('{ order(id: "gid://shopify/Order/1") { id } }')
        nodes = client.ask('{ node(id: "gid://shopify/Order/1") { ... on Order { name } } }')

    assert read["data"]["customer"]["id"] == CUSTOMER
    assert code_of(write) == "ACCESS_DENIED"
    assert "`write_customers`" in write["errors"][0]["message"]
    assert code_of(orders) == "ACCESS_DENIED"
    assert orders["data"] is None
    assert code_of(nodes) == "ACCESS_DENIED"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ customer(id: 1) { nope } }", "undefinedField"),
        ("{ customer { id } }", "missingRequiredArguments"),
        ('{ customer(id: "1", name: "x") { id } }', "argumentNotAccepted"),
        ("{ shop }", "selectionMismatch"),
        ("{ shop { id }", "PARSE_ERROR"),
        ("mutation { customerUpdateTags(id: 1) { id } }", "undefinedField"),
        ("query($id: ID!) { customer(id: $id) { id } }", "INVALID_VARIABLE"),
    ],
)
def test_a_document_that_the_schema_rejects_is_not_executed(
    shopify: Client, document: str, code: str
) -> None:
    answer = shopify.ask(document)

    assert code_of(answer) == code
    assert "data" not in answer


def test_the_pruned_schema_is_still_a_schema() -> None:
    pruned = build_schema((CONTRACT / "schema.graphql").read_text(encoding="utf-8"))

    assert validate_schema(pruned) == []


def test_a_field_that_the_schema_has_and_the_fake_has_not_is_an_error_never_null(shopify: Client) -> None:
    answer = shopify.ask("{ customer(id: $id) { multipassIdentifier } }".replace("$id", f'"{CUSTOMER}"'))

    assert answer["errors"][0]["message"] == "the fake has no Customer.multipassIdentifier"


def test_another_version_and_a_body_without_a_query_are_refused(shopify: Client) -> None:
    url = shopify.fake.url
    old = shopify.session.post(
        f"{url}/admin/api/2019-01/graphql.json", json={"query": "{shop{id}}"}, timeout=60
    )
    empty = shopify.session.post(url + GRAPHQL_PATH, json={}, timeout=60)
    form = shopify.session.post(url + GRAPHQL_PATH, data={"query": "{shop{id}}"}, timeout=60)

    assert [old.status_code, empty.status_code, form.status_code] == [404, 400, 400]


def test_a_hundred_mutations_fit_in_one_document_and_one_more_does_not(shopify: Client) -> None:
    fits, too_many = shopify.ask(many(100)), shopify.ask(many(101))

    assert fits["extensions"]["cost"]["requestedQueryCost"] == 1000
    assert len(fits["data"]) == 100
    assert code_of(too_many) == "MAX_COST_EXCEEDED"
    assert "extensions" not in too_many
    assert len(shopify.tags()) == 101


def test_an_empty_bucket_throttles_and_fills_by_the_second(shopify: Client, clock: StillClock) -> None:
    shopify.ask(many(100))
    shopify.ask(many(100))

    throttled = shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["late"])
    assert code_of(throttled) == "THROTTLED"
    assert throttled["errors"][0]["message"] == "Throttled"
    status = throttled["extensions"]["cost"]["throttleStatus"]
    assert status == {"maximumAvailable": 2000, "currentlyAvailable": 0, "restoreRate": 100}
    assert throttled["extensions"]["cost"]["actualQueryCost"] is None
    assert "late" not in shopify.tags()

    clock.now += 0.11
    assert "data" in shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["late"])
    assert "late" in shopify.tags()


@pytest.mark.parametrize(("plan", "size", "rate"), [("advanced", 4000, 200), ("plus", 20000, 1000)])
def test_each_plan_has_its_bucket(plan: str, size: int, rate: int) -> None:
    with FakeShopify(plan=plan) as fake, Client(fake) as client:
        status = client.ask("{ shop { id } }")["extensions"]["cost"]["throttleStatus"]

    assert (status["maximumAvailable"], status["restoreRate"]) == (size, rate)

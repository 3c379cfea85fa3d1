"""The fake store runs bulk queries as Shopify does: while one waits, into a file that expires."""

import json
from typing import Any

import pytest
import requests

from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import Client
from tests.fakes.shopify.server import DEFAULT_SCOPES
from tests.unit import payloads

RUN = """mutation Run($query: String!, $grouped: Boolean = false) {
  bulkOperationRunQuery(query: $query, groupObjects: $grouped) {
    bulkOperation { id status } userErrors { field message code } } }"""
LOOK = """query Look($id: ID!) { bulkOperation(id: $id) {
  status errorCode objectCount rootObjectCount fileSize url partialDataUrl } }"""
ORDERS = """{ orders(query: "created_at:>='2026-01-01' created_at:<'2027-01-01'") { edges { node {
  id customer { id } transactions { kind fees { amount { amount } } } refunds { id }
  lineItems { edges { node { id quantity variant { id } } } } } } } }"""
WEEK_SECONDS = 7 * 86_400


def an_order(number: int, **fields: Any) -> dict[str, Any]:
    lines = [payloads.a_line(number * 10 + at, "10.00") for at in range(2)]
    named = {"id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}"}
    return payloads.an_order(*lines, total="20.00", **named | fields)


def start(client: Client, query: str, **variables: Any) -> str:
    begun = client.ask(RUN, query=query, **variables)["data"]["bulkOperationRunQuery"]
    assert begun["userErrors"] == []
    assert begun["bulkOperation"]["status"] == "CREATED"
    return str(begun["bulkOperation"]["id"])


def look(client: Client, id_: str) -> dict[str, Any]:
    operation: dict[str, Any] = client.ask(LOOK, id=id_)["data"]["bulkOperation"]
    return operation


def finished(client: Client, id_: str) -> dict[str, Any]:
    while (operation := look(client, id_))["status"] in {"CREATED", "RUNNING"}:
        pass
    return operation


def lines_of(url: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in requests.get(url, timeout=60).text.splitlines()]


@pytest.fixture
def store(shopify: Client) -> Client:
    shopify.door("seed", {"orders": [an_order(number) for number in range(1, 151)]})
    return shopify


def test_an_operation_runs_before_it_is_done(store: Client) -> None:
    id_ = start(store, ORDERS)

    first, last = look(store, id_), finished(store, id_)

    assert (first["status"], first["url"], first["objectCount"]) == ("RUNNING", None, "0")
    assert (last["status"], last["rootObjectCount"], last["objectCount"]) == ("COMPLETED", "150", "450")
    assert last["partialDataUrl"] is None


def test_children_have_rows_of_their_own_and_lists_stay_within(store: Client) -> None:
    rows = lines_of(finished(store, start(store, ORDERS))["url"])
    orders = {row["id"]: row for row in rows if "__parentId" not in row}
    children = [row for row in rows if "__parentId" in row]

    assert orders["gid://shopify/Order/7"] == {
        "id": "gid://shopify/Order/7",
        "customer": {"id": "gid://shopify/Customer/7001"},
        "transactions": [],
        "refunds": [],
    }
    assert {child["__parentId"] for child in children} == orders.keys()
    assert all(child["quantity"] == 1 for child in children)


def test_only_a_grouped_result_keeps_children_behind_their_parents(store: Client) -> None:
    def is_grouped(rows: list[dict[str, Any]]) -> bool:
        last = ""
        for row in rows:
            last = last if "__parentId" in row else row["id"]
            if row.get("__parentId", last) != last:
                return False
        return True

    mixed = lines_of(finished(store, start(store, ORDERS))["url"])
    grouped = lines_of(finished(store, start(store, ORDERS, grouped=True))["url"])

    assert is_grouped(grouped)
    assert not is_grouped(mixed)
    assert sorted(map(json.dumps, mixed)) == sorted(map(json.dumps, grouped))


def test_a_download_can_go_on_from_any_byte(store: Client) -> None:
    url = finished(store, start(store, ORDERS))["url"]
    whole = requests.get(url, timeout=60)

    rest = requests.get(url, headers={"Range": "bytes=1000-"}, timeout=60)
    some = requests.get(url, headers={"Range": "bytes=10-19"}, timeout=60)
    beyond = requests.get(url, headers={"Range": f"bytes={len(whole.content)}-"}, timeout=60)

    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    assert (some.content, some.headers["Content-Range"]) == (
        whole.content[10:20],
        f"bytes 10-19/{len(whole.content)}",
    )
    assert beyond.status_code == 416


def test_half_a_file_is_seen_by_its_length(store: Client) -> None:
    url = finished(store, start(store, ORDERS))["url"]
    store.door("fail", {"match": "bulk-results", "drop_connection": "half"})

    with pytest.raises(requests.RequestException):
        requests.get(url, timeout=60)


def test_a_file_expires_after_a_week(store: Client, clock: StillClock) -> None:
    id_ = start(store, ORDERS)
    url = finished(store, id_)["url"]
    clock.now += WEEK_SECONDS

    assert requests.get(url, timeout=60).status_code == 400
    assert look(store, id_)["status"] == "EXPIRED"
    assert look(store, id_)["url"] is None


def test_nothing_found_has_no_file(store: Client) -> None:
    found = finished(store, start(store, ORDERS.replace("2026-01-01", "2026-12-31")))

    assert (found["status"], found["objectCount"], found["url"]) == ("COMPLETED", "0", None)


def test_a_failure_leaves_what_was_done(store: Client) -> None:
    store.door("fail_bulk", {"after": 40, "code": "TIMEOUT"})
    failed = finished(store, start(store, ORDERS))

    assert (failed["status"], failed["errorCode"], failed["url"]) == ("FAILED", "TIMEOUT", None)
    assert 0 < len(lines_of(failed["partialDataUrl"])) < 450


def test_a_missing_scope_shows_when_it_runs() -> None:
    with FakeShopify(scopes=DEFAULT_SCOPES - {"read_orders"}) as fake, Client(fake) as client:
        assert finished(client, start(client, ORDERS))["errorCode"] == "ACCESS_DENIED"


def test_without_read_all_orders_two_months_are_exported(clock: StillClock) -> None:
    with (
        FakeShopify(clock=clock, scopes=DEFAULT_SCOPES - {"read_all_orders"}) as fake,
        Client(fake) as client,
    ):
        client.door("seed", {"orders": [an_order(1), an_order(2, created_at="2026-11-01T00:00:00Z")]})
        rows = lines_of(finished(client, start(client, ORDERS))["url"])

    assert [row["id"] for row in rows if "__parentId" not in row] == ["gid://shopify/Order/2"]


def test_operations_are_found_by_type_and_status(store: Client) -> None:
    begun = start(store, "# of ours\n" + ORDERS)
    query = """query($q: String!) { bulkOperations(first: 5, query: $q, reverse: true) {
      nodes { id query } } }"""

    running = store.ask(query, q="operation_type:query")["data"]["bulkOperations"]["nodes"]
    mutations = store.ask(query, q="operation_type:mutation")["data"]["bulkOperations"]["nodes"]

    assert running == [{"id": begun, "query": "# of ours\n" + ORDERS}]
    assert mutations == []


def test_a_cancelled_operation_makes_room(store: Client) -> None:
    begun = [start(store, ORDERS) for _ in range(5)]
    cancel = """mutation($id: ID!) { bulkOperationCancel(id: $id) {
      bulkOperation { status } userErrors { message } } }"""

    full = store.ask(RUN, query=ORDERS)["data"]["bulkOperationRunQuery"]["userErrors"]
    canceling = store.ask(cancel, id=begun[0])["data"]["bulkOperationCancel"]["bulkOperation"]["status"]
    canceled = look(store, begun[0])["status"]

    assert full[0]["code"] == "OPERATION_IN_PROGRESS"
    assert (canceling, canceled) == ("CANCELING", "CANCELED")
    assert start(store, ORDERS)

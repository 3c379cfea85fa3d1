"""The fake store fails on demand, counts what it is asked, and runs as a process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fakes.shopify.client import CUSTOMER, TAGS_ADD, Client, code_of, many
from tests.fakes.shopify.server import GRAPHQL_PATH, STATIC_TOKEN
from tests.system.cloud import eventually

ROOT = Path(__file__).parents[2]


def test_a_told_failure_hits_only_what_it_names_and_only_so_often(shopify: Client) -> None:
    shopify.door("fail", {"match": "^tagsAdd$", "status": 503, "times": 2})
    variables = {"id": CUSTOMER, "tags": ["a"]}

    statuses = [shopify.send(TAGS_ADD, variables).status_code for _ in range(3)]

    assert statuses == [503, 503, 200]


def test_a_told_failure_may_wait_for_its_turn(shopify: Client) -> None:
    shopify.door("fail", {"match": "shop", "status": 500, "skip": 1})

    assert [shopify.send("{ shop { id } }").status_code for _ in range(3)] == [200, 500, 200]


def test_throttling_and_429_can_be_told(shopify: Client) -> None:
    shopify.door("fail", {"match": "shop", "throttled": True})
    shopify.door("fail", {"match": "shop", "status": 429, "retry_after": 2.5})

    throttled = shopify.ask("{ shop { id } }")
    cost = throttled["extensions"]["cost"]
    assert code_of(throttled) == "THROTTLED"
    assert cost["throttleStatus"]["currentlyAvailable"] < cost["requestedQueryCost"]
    refused = shopify.send("{ shop { id } }")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2.5")


@pytest.mark.parametrize(
    ("failure", "error", "written"),
    [
        ({"timeout_before": True}, requests.Timeout, False),
        ({"timeout_after": True}, requests.Timeout, True),
        ({"drop_connection": "before"}, requests.ConnectionError, False),
        ({"drop_connection": "after"}, requests.ConnectionError, True),
        ({"drop_connection": "half"}, requests.exceptions.ChunkedEncodingError, True),
    ],
)
def test_no_answer_leaves_the_write_undone_or_done(
    shopify: Client, failure: dict[str, Any], error: type[Exception], *, written: bool
) -> None:
    shopify.door("fail", {"match": "tagsAdd"} | failure)
    patience = {"timeout": 0.1} if error is requests.Timeout else {}

    with pytest.raises(error):
        shopify.send(TAGS_ADD, {"id": CUSTOMER, "tags": ["a"]}, **patience)

    # whoever gives up early may have done so before it was even heard
    eventually(lambda: shopify.fake.counts["tagsAdd"])
    assert ("a" in shopify.tags()) is written


def test_a_failure_that_cannot_be_told_is_refused(shopify: Client) -> None:
    url = f"{shopify.fake.url}/_fake/fail"
    for document in (
        {},
        {"status": 500, "throttled": True},
        {"stauts": 500},
        {"drop_connection": "sideways"},
    ):
        assert shopify.session.post(url, json=document, timeout=60).status_code == 400


def test_requests_are_counted_by_what_they_ask_for_and_a_reset_forgets_all(shopify: Client) -> None:
    shopify.ask(many(3))
    url = f"{shopify.fake.url}/_fake"
    before = shopify.session.get(f"{url}/state", timeout=60).json()
    seen = shopify.session.get(f"{url}/requests", timeout=60).json()
    shopify.door("reset")
    after = shopify.session.get(f"{url}/state", timeout=60).json()

    assert before["requests"] == {"tagsAdd": 3}
    assert seen[0]["operations"] == ["tagsAdd"] * 3
    assert (after["requests"], after["customers"]) == ({}, {})


def test_it_runs_as_a_process_and_logs_no_personal_data(tmp_path: Path) -> None:
    log = tmp_path / "shopify.log"
    command = [
        sys.executable,
        "-m",
        "tests.fakes.shopify",
        "--port",
        "0",
        "--plan",
        "plus",
        "--log",
        str(log),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        customer = {"id": 7, "email": "seven@example.com"}
        requests.post(f"{url}/_fake/seed", json={"customers": [customer]}, timeout=60)
        headers = {"X-Shopify-Access-Token": STATIC_TOKEN}
        body = {"query": '{ customers(first: 1, query: "email:seven@example.com") { nodes { id } } }'}
        reply = requests.post(url + GRAPHQL_PATH, json=body, headers=headers, timeout=60).json()
        process.terminate()

    assert reply["data"]["customers"]["nodes"] == [{"id": CUSTOMER}]
    assert reply["extensions"]["cost"]["throttleStatus"]["maximumAvailable"] == 20000
    assert json.loads(log.read_text())["operations"] == ["customers"]
    assert "seven" not in log.read_text()

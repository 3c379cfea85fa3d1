"""The webhook's signature, what the documented receiver makes of it, and what an answer means."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import HTTPServer
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.http import Response
from nextorder.adapters.webhook import destination as folder
from nextorder.adapters.webhook.destination import WebhookDestination
from nextorder.adapters.webhook.signature import signed
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.ports import Delivered
from samples.webhook_receiver import TOLERANCE_SECONDS, Receiver, verify
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.webhook import KEY, WebhookCase
from tests.adapters.destinations.contract import first_change, parts_of
from tests.fakes.clock import NOW, StillClock

REFERENCE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""The secret of Standard Webhooks' published example; it opens nothing."""
OTHER = f"whsec_{b64encode(b'another secret of 32 bytes, yes.').decode()}"
ANNA = Person(customer="7", email="anna@example.com", phone="+46701234567")
CHANGE = Change(person=ANNA, set={"stage": "new"}, join=frozenset({"life:new"}))


@pytest.fixture
def case(clock: StillClock) -> Iterator[WebhookCase]:
    with WebhookCase(clock) as running:
        yield running


def test_a_signature_is_that_of_the_published_example() -> None:
    headers = signed(REFERENCE, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def is_taken(headers: Mapping[str, str], body: bytes, secret: str, *, now: float) -> bool:
    """Tell whether the sample takes a message for ours."""
    try:
        verify(headers, body, secret, now=now)
    except ValueError:
        return False
    return True


@given(st.binary(max_size=200), st.integers(-TOLERANCE_SECONDS, TOLERANCE_SECONDS))
def test_what_we_sign_the_sample_takes_within_five_minutes(body: bytes, late_seconds: int) -> None:
    assert is_taken(signed(KEY, "msg_1", 1_000_000, body), body, KEY, now=1_000_000 + late_seconds)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "msg_2"),
        ("webhook-timestamp", "1000001"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "soon"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,AAAA"),
        ("webhook-signature", "v2,ünsigned"),
    ],
)
def test_the_sample_takes_nothing_that_was_changed_on_the_way(name: str, value: str) -> None:
    headers = {**signed(KEY, "msg_1", 1_000_000, b"{}"), name: value}

    with pytest.raises(ValueError, match=r"signature|timestamp"):
        verify(headers, b"{}", KEY, now=1_000_000)


@given(st.binary(min_size=1, max_size=50))
def test_the_sample_takes_no_other_body_and_no_other_secret(body: bytes) -> None:
    headers = signed(KEY, "msg_1", 1_000_000, body)

    for changed, secret in ((body + b" ", KEY), (body[:-1], KEY), (body, OTHER)):
        with pytest.raises(ValueError, match="signature"):
            verify(headers, changed, secret, now=1_000_000)


@pytest.mark.parametrize("seconds", [TOLERANCE_SECONDS + 1, -TOLERANCE_SECONDS - 1])
def test_a_replay_is_known_by_its_moment(seconds: int) -> None:
    with pytest.raises(ValueError, match="timestamp"):
        verify(signed(KEY, "msg_1", 1_000_000, b"{}"), b"{}", KEY, now=1_000_000 + seconds)


@pytest.mark.parametrize("held", [KEY, OTHER])
def test_while_a_secret_is_changed_old_and_new_are_both_good(held: str) -> None:
    assert is_taken(signed(f"{KEY} {OTHER}", "msg_1", 1_000_000, b"{}"), b"{}", held, now=1_000_000)


@pytest.mark.parametrize("secret", ["", "hush", "whsec_", "whsec_c2hvcnQ=", "whsec_no base64!", KEY[6:]])
def test_a_secret_that_is_none_is_for_a_human_and_is_not_shown(secret: str) -> None:
    with pytest.raises(NeedsHuman) as failure:
        signed(secret, "msg_1", 0, b"")
    assert not secret.removeprefix("whsec_") or secret not in str(failure.value)


def test_a_message_says_what_differs_and_nothing_personal(case: WebhookCase) -> None:
    step = first_change(case, ANNA)
    case.destination.deliver(SHOP, replace(step, unset=("affinity_1",), leave=frozenset({"risk:lost"})))

    [request] = case.requests
    message = json.loads(request["body"])
    [row] = message["data"]["customers"]
    assert (message["type"], message["data"]["shop"]) == ("nextorder.customers.changed", SHOP.id)
    assert row["set"]["stage"] == "closing"
    assert (row["unset"], row["join"], row["leave"]) == (["affinity_1"], ["life:closing"], ["risk:lost"])
    assert row["events"][0]["id"] == "demo.myshopify.com:7:stage:closing:20260501T233000Z"
    assert not any(word in request["body"] for word in ("example.com", "+46"))


def test_each_try_has_an_id_of_its_own_and_its_events_keep_theirs(case: WebhookCase) -> None:
    step = first_change(case, ANNA)
    case.destination.deliver(SHOP, step)
    case.clock.sleep(1)
    case.destination.deliver(SHOP, step)

    first, second = (json.loads(request["body"]) for request in case.requests)
    assert first["timestamp"] != second["timestamp"]
    assert first["data"] == second["data"]
    assert first["timestamp"] == "2026-11-21T12:00:00Z"
    assert case.clock.now == NOW + 1


def test_a_receiver_refuses_one_row_of_many_by_its_own_code_if_that_is_a_word(case: WebhookCase) -> None:
    case.fake.seed({"refused": {"8": "archived", "9": "no such person: bo@example.com"}})
    changes = [replace(CHANGE, person=Person(customer=id_)) for id_ in ("7", "8", "9")]

    yes, archived, other = case.destination.deliver_many(SHOP, changes)

    assert yes == Delivered()
    assert isinstance(archived, Refused)
    assert isinstance(other, Refused)
    assert (archived.code, other.code) == ("archived", "webhook-refused")
    with pytest.raises(Refused, match="archived"):
        case.destination.deliver(SHOP, changes[1])


@pytest.mark.parametrize("status", [301, 404, 405, 410])
def test_an_address_that_is_gone_refuses_nobody_but_calls_a_human(status: int, case: WebhookCase) -> None:
    case.fake.faults.add({"match": "changed", "status": status})

    with pytest.raises(NeedsHuman):
        case.destination.deliver(SHOP, CHANGE)


def test_nothing_is_sent_in_the_clear(case: WebhookCase) -> None:
    parts = parts_of(cast("Folder", folder), case, url="http://hooks.example.com/x", secret=KEY)

    with pytest.raises(NeedsHuman, match="https"):
        WebhookDestination(parts, clock=case.clock).deliver(SHOP, CHANGE)


@pytest.mark.parametrize("body", [b"", b"thanks", b"[]", b'{"refused": 3}', b'{"ok": true}'])
def test_any_other_yes_is_a_yes_to_all(body: bytes) -> None:
    answer = Response()
    answer._content = body  # noqa: SLF001 - as an adapter of requests does
    assert folder.refused_rows(answer) == {}


def test_the_sample_receiver_prints_what_it_is_told(
    case: WebhookCase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", KEY)
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        told = folder.destination(parts_of(cast("Folder", folder), case, url=url, secret=KEY))
        forger = folder.destination(parts_of(cast("Folder", folder), case, url=url, secret=OTHER))

        told.deliver(SHOP, CHANGE)
        with pytest.raises(NeedsHuman, match="401"):
            forger.deliver(SHOP, CHANGE)
        server.shutdown()
        thread.join()

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "type": "nextorder.customers.changed",
        "customer": "7",
        "set": {"stage": "new"},
        "unset": [],
        "join": ["life:new"],
        "leave": [],
        "events": [],
    }

"""Whose a dead letter is, as far as it can be told."""

import json

import pytest

from nextorder.adapters.dead_letters import Letter
from nextorder.adapters.queues import UNKNOWN, WAKE, Delivery, to_message

SHOP = "tea.myshopify.com"
ENVELOPE = {
    "detail": {
        "metadata": {"X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": SHOP},
        "payload": {"id": 1},
    }
}
KEYS = {"pk": {"S": f"{SHOP}#7001"}, "sk": {"S": "state"}}


def a_letter(body: str, **attributes: str) -> Letter:
    return Letter(id="1", receipt="1", body=body, attributes=attributes)


def of(delivery: Delivery) -> Letter:
    message = to_message(delivery)
    named = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    return a_letter(message["MessageBody"], **named)


@pytest.mark.parametrize(
    "letter",
    [
        of(Delivery(topic="orders/create", shop=SHOP, body='{"id": 1}', reason="x")),
        of(Delivery(topic="orders/create", shop=SHOP, body_key="bodies/x", reason="x")),
        of(Delivery(topic=WAKE, shop=SHOP, body='{"customer": "7001"}')),
        of(Delivery(topic="stream", shop="-", body=json.dumps(KEYS), reason="KeyError")),
        a_letter(json.dumps({"shop": SHOP, "customer": "7001", "destination": "rule"})),
        a_letter(json.dumps(ENVELOPE)),
    ],
)
def test_a_letter_of_any_queue_names_its_shop(letter: Letter) -> None:
    assert letter.shop == SHOP


@pytest.mark.parametrize(
    "letter",
    [
        of(Delivery(topic=UNKNOWN, shop=UNKNOWN, body="x", reason="no known envelope")),
        of(Delivery(topic="stream", shop="-", body="null", reason="KeyError")),
        a_letter(json.dumps({"DDBStreamBatchInfo": {"batchSize": 100}})),
        a_letter("["),
        a_letter("[" * 100_000),
    ],
)
def test_one_that_names_none_is_of_nobody(letter: Letter) -> None:
    assert letter.shop == ""

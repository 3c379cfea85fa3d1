"""Whose a dead letter is, as far as it can be told, and taking those of one person off for good."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from nextorder.adapters.dead_letters import DeadLetters, Letter
from nextorder.adapters.queues import UNKNOWN, WAKE, Delivery, to_message
from nextorder.adapters.traces import Traces
from nextorder.domain.errors import RetryLater
from tests.fakes.objects import InMemoryBucket

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


@dataclass
class Queue:
    """Hands out messages as SQS does: what is taken is hidden until it is put back or deleted."""

    bodies: dict[str, str]
    hidden: set[str] = field(default_factory=set)

    def get_queue_attributes(self, **_: Any) -> Any:
        counts = {"": len(self.bodies) - len(self.hidden), "NotVisible": len(self.hidden)}
        named = {f"ApproximateNumberOfMessages{which}": str(count) for which, count in counts.items()}
        return {"Attributes": named}

    def receive_message(self, *, MaxNumberOfMessages: int, **_: Any) -> Any:  # noqa: N803 - boto3's
        found = [id_ for id_ in self.bodies if id_ not in self.hidden][:MaxNumberOfMessages]
        self.hidden.update(found)
        return {
            "Messages": [{"MessageId": id_, "ReceiptHandle": id_, "Body": self.bodies[id_]} for id_ in found]
        }

    def change_message_visibility(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803
        self.hidden.remove(ReceiptHandle)

    def delete_message(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803
        self.hidden.remove(ReceiptHandle)
        del self.bodies[ReceiptHandle]


def test_those_that_are_meant_go_and_the_others_stay_where_they_are() -> None:
    queue = Queue({str(n): "anna" if n % 3 else "berta" for n in range(25)})

    DeadLetters(queue, "url").erase(lambda letter: letter.body == "anna")  # type: ignore[arg-type]

    assert set(queue.bodies.values()) == {"berta"}
    assert not queue.hidden


def test_those_of_a_shop_that_is_erased_go_whoever_they_name() -> None:
    about = {"1": SHOP, "2": "coffee.myshopify.com", "3": SHOP}
    queue = Queue({id_: json.dumps({"shop": shop, "customer": id_}) for id_, shop in about.items()})
    queue.bodies["4"] = "of nobody"

    letters: Any = DeadLetters(queue, "url")  # type: ignore[arg-type]
    Traces(InMemoryBucket(), "bucket", [letters]).erase_letters(SHOP)  # type: ignore[arg-type]

    assert queue.bodies.keys() == {"2", "4"}


@pytest.mark.parametrize("bodies", [{"1": "anna"}, {"1": "anna", "2": "anna", "3": "berta"}])
def test_while_somebody_else_has_some_in_hand_they_are_not_gone(bodies: dict[str, str]) -> None:
    """Two redactions at once, or a look at what lies there."""
    queue = Queue(bodies, hidden={"1"})

    with pytest.raises(RetryLater, match="in hand"):
        DeadLetters(queue, "url").erase(lambda letter: letter.body == "anna")  # type: ignore[arg-type]

    assert queue.bodies.keys() == {"1", "3"} & bodies.keys()
    assert queue.hidden == {"1"}

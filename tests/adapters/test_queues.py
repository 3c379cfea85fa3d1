"""Messages on SQS: when they come back, how many wait."""

import json
from typing import Any

import pytest

from nextorder.adapters.queues import LONGEST_VISIBILITY_SECONDS, Queue, SharedQueue


class Sqs:
    """The two calls that are asked here."""

    hidden: int = -1

    def change_message_visibility(self, **request: Any) -> None:
        self.hidden = request["VisibilityTimeout"]

    def get_queue_attributes(self, **request: Any) -> dict[str, Any]:
        return {"Attributes": dict.fromkeys(request["AttributeNames"], "17")}


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(0, 1), (-1, 1), (0.2, 1), (7.01, 8), (15, 15), (10**6, LONGEST_VISIBILITY_SECONDS)],
)
def test_a_message_never_comes_back_before_its_time(asked: float, seconds: int) -> None:
    sqs = Sqs()
    Queue(sqs, "url").hide("receipt", asked)  # type: ignore[arg-type]

    assert sqs.hidden == seconds


def test_what_waits_is_counted() -> None:
    assert Queue(Sqs(), "url").waiting() == 17  # type: ignore[arg-type]


class Fifo(Sqs):
    """Takes batches and keeps them."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        self.sent += request["Entries"]
        return {}


def test_destinations_that_share_a_queue_keep_each_customer_in_order_by_themselves() -> None:
    sqs = Fifo()
    queue = Queue(sqs, "url")  # type: ignore[arg-type]
    for name in ("rule", "webhook"):
        SharedQueue(queue, name).changed("demo.myshopify.com", [("7", "1"), ("7", "1"), ("8", "1")])

    assert [json.loads(one["MessageBody"])["destination"] for one in sqs.sent] == ["rule"] * 3 + [
        "webhook"
    ] * 3
    assert len({one["MessageGroupId"] for one in sqs.sent}) == 4
    assert len({one["MessageDeduplicationId"] for one in sqs.sent}) == 4
    assert all(len(one["MessageGroupId"]) <= 128 for one in sqs.sent)

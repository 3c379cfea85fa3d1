"""Dead letters: shown without being touched, and sent back as they came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.conftest import Nextorder
from tests.local_stack.bare import BareAws

QUEUES = ("FACTS", "DEAD_FACTS", "DEAD_CHANGES", "UNROUTED", "SHOPIFY", "KLAVIYO")
FIFO = frozenset({"DEAD_CHANGES", "SHOPIFY", "KLAVIYO"})
ORDER = {"topic": "orders/create", "shop": "demo.myshopify.com", "webhook_id": "w1"}


@dataclass
class Post:
    """Queues of one test's own."""

    sqs: Any
    urls: Mapping[str, str]

    def put(self, queue: str, body: str, group: str = "", **attributes: str) -> None:
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": uuid4().hex} if queue in FIFO else {}
        values = {n: {"DataType": "String", "StringValue": v} for n, v in attributes.items()}
        self.sqs.send_message(QueueUrl=self.urls[queue], MessageBody=body, MessageAttributes=values, **fifo)

    def read(self, queue: str) -> list[tuple[str, dict[str, str]]]:
        """Return what can be received now, in any order; nothing is left behind."""
        found = []
        request = {"QueueUrl": self.urls[queue], "MaxNumberOfMessages": 10}
        while messages := self.sqs.receive_message(**request, MessageAttributeNames=["All"]).get("Messages"):
            for one in messages:
                attributes = one.get("MessageAttributes", {})
                found.append((one["Body"], {n: v["StringValue"] for n, v in attributes.items()}))
                self.sqs.delete_message(QueueUrl=self.urls[queue], ReceiptHandle=one["ReceiptHandle"])
        return sorted(found, key=str)


@pytest.fixture
def post(nextorder: Nextorder, aws: BareAws, monkeypatch: pytest.MonkeyPatch) -> Post:  # noqa: ARG001 - sets AWS
    sqs = aws.client("sqs")
    urls = {}
    for name in QUEUES:
        fifo = {"Attributes": {"FifoQueue": "true"}} if name in FIFO else {}
        queue = f"{name}-{uuid4().hex}{'.fifo' if fifo else ''}"
        urls[name] = sqs.create_queue(QueueName=queue, **fifo)["QueueUrl"]
        monkeypatch.setenv(f"{name}_QUEUE_URL", urls[name])
    monkeypatch.setenv("DESTINATION_QUEUE_URLS", f"{urls['SHOPIFY']},{urls['KLAVIYO']}")
    return Post(sqs, urls)


def test_letters_are_shown_by_topic_and_reason_and_stay_where_they_are(
    nextorder: Nextorder, post: Post
) -> None:
    for n in range(12):
        post.put("DEAD_FACTS", f'{{"id": {n}}}', **ORDER, reason="id: missing")
    post.put("DEAD_FACTS", "neither ours nor an event", RULE_ARN="arn:aws:events:rule")
    post.put("DEAD_CHANGES", json.dumps({"shop": "demo.myshopify.com", "customer": "7"}), group="7")

    said = nextorder("dead-letters")

    assert "12  orders/create" in said
    assert "id: missing" in said
    assert "1  unreadable" in said
    assert "13 dead letters" in said
    assert "1 change that a destination could not be told of" in said
    assert len(post.read("DEAD_FACTS")) == 13


def test_letters_are_sent_back_as_they_came(nextorder: Nextorder, post: Post) -> None:
    post.put("DEAD_FACTS", '{"id": 1}', **ORDER, reason="id: missing")
    post.put("DEAD_FACTS", '{"id": 2}', **ORDER)
    post.put("DEAD_FACTS", "no envelope", topic="unknown", shop="unknown", reason="no known envelope")
    post.put("DEAD_FACTS", '{"detail": {}}', RULE_ARN="arn:aws:events:rule")

    assert "4 dead letters sent back" in nextorder("redrive")

    assert post.read("FACTS") == [
        ("no envelope", {}),
        ('{"detail": {}}', {"RULE_ARN": "arn:aws:events:rule"}),
        ('{"id": 1}', ORDER),
        ('{"id": 2}', ORDER),
    ]
    assert post.read("DEAD_FACTS") == []


def test_where_there_are_none_it_is_said_while_and_after_they_are_looked_for(
    nextorder: Nextorder, post: Post
) -> None:
    assert post
    redriven = nextorder("redrive")
    assert redriven == "  there are no dead letters: nothing to send back\n"
    assert redriven.progress.startswith("  looking   for dead letters\n")

    shown = nextorder("dead-letters")
    assert shown == "  no dead letters\n"
    assert shown.progress.startswith("  looking   for dead letters\n")


def test_customers_who_could_not_be_told_of_are_looked_at_again_everywhere(
    nextorder: Nextorder, post: Post
) -> None:
    shop = "demo.myshopify.com"
    for _ in range(2):
        post.put("DEAD_CHANGES", json.dumps({"shop": shop, "customer": "7"}), group="7")
    keys = {"pk": {"S": f"{shop}#8"}, "sk": {"S": "state"}}
    post.put("UNROUTED", json.dumps(keys), topic="stream", shop="-", reason="KeyError")
    for lost in ("null", "{", json.dumps({"pk": {"S": "a#b#c"}}), json.dumps({"DDBStreamBatchInfo": {}})):
        post.put("UNROUTED", lost)

    said = nextorder("redrive")

    assert "2 changes that a destination could not be told of: sent" in said
    assert "1 change that found no way to the destinations: sent" in said
    assert "4 changes that found no way to the destinations: they name nobody" in said
    told = [{"shop": shop, "customer": customer} for customer in ("7", "7", "8")]
    for queue in ("SHOPIFY", "KLAVIYO"):
        assert [json.loads(body) for body, _ in post.read(queue)] == told
    assert len(post.read("UNROUTED")) == 4, "they are there for others at once"

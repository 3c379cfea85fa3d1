"""`nextorder dead-letters` and `nextorder redrive`: what could not be used, and once more after a fix."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from nextorder.adapters.queues import Delivery, from_record, to_message
from nextorder.bootstrap import environment as env

_SECONDS_HIDDEN: Final = 30


def add_to(commands: Any) -> None:
    """Add `dead-letters` and `redrive`."""
    letters = commands.add_parser("dead-letters", help="show what could not be used, and why")
    letters.set_defaults(run=show_letters)
    redrive = commands.add_parser("redrive", help="send dead letters back to the queue after a fix")
    redrive.set_defaults(run=run_redrive)


def show_letters(_: argparse.Namespace) -> None:
    """Count dead letters by topic and reason; nothing is taken off the queue."""
    found = [delivery for delivery, _ in _received()]
    for (topic, reason), count in Counter((one.topic, one.reason) for one in found).most_common():
        print(
            f"  {count:>5}  {topic:<28} {reason or 'failed again and again: see the log of UpdateCustomer'}"
        )
    print(f"  {len(found)} dead letters")


def run_redrive(_: argparse.Namespace) -> None:
    """Send each letter to the queue of facts, and only then delete it: a crash repeats, never loses."""
    sent = 0
    for delivery, receipt in _received():
        env.sqs().send_message(QueueUrl=env.variable("FACTS_QUEUE_URL"), **to_message(_anew(delivery)))
        env.sqs().delete_message(QueueUrl=env.variable("DEAD_FACTS_QUEUE_URL"), ReceiptHandle=receipt)
        sent += 1
    print(f"  {sent} dead letters sent back")


def _anew(delivery: Delivery) -> Delivery:
    return delivery.with_reason("")


def _received() -> Iterator[tuple[Delivery, str]]:
    while True:
        # NOTE: MiniStack has no StartMessageMoveTask, and this one keeps the letters' attributes in order
        reply: Any = env.sqs().receive_message(
            QueueUrl=env.variable("DEAD_FACTS_QUEUE_URL"),
            MaxNumberOfMessages=10,
            VisibilityTimeout=_SECONDS_HIDDEN,
            MessageAttributeNames=["All"],
        )
        messages = reply.get("Messages", [])
        if not messages:
            return
        for message in messages:
            yield _delivery(message), message["ReceiptHandle"]


def _delivery(message: dict[str, Any]) -> Delivery:
    attributes = message.get("MessageAttributes", {})
    record = {
        "body": message["Body"],
        "messageAttributes": {
            name: {"stringValue": value["StringValue"]} for name, value in attributes.items()
        },
    }
    return from_record(record)

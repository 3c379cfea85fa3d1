"""`nextorder dead-letters` and `nextorder redrive`: what could not be used, and once more after a fix."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from nextorder.adapters.queues import UNKNOWN, Delivery, from_record, to_message
from nextorder.bootstrap import environment as env

_SECONDS_HIDDEN: Final = 120


def add_to(commands: Any) -> None:
    """Add `dead-letters` and `redrive`."""
    letters = commands.add_parser("dead-letters", help="show what could not be used, and why")
    letters.set_defaults(run=show_letters)
    redrive = commands.add_parser("redrive", help="send dead letters back to the queue after a fix")
    redrive.set_defaults(run=run_redrive)


def show_letters(_: argparse.Namespace) -> None:
    """Count dead letters by topic and reason; they are there for `redrive` at once."""
    found = list(_received())
    for _letter, receipt in found:
        env.sqs().change_message_visibility(
            QueueUrl=env.variable("DEAD_FACTS_QUEUE_URL"), ReceiptHandle=receipt, VisibilityTimeout=0
        )
    for (topic, reason), count in Counter((one.topic, one.reason) for one, _ in found).most_common():
        print(
            f"  {count:>5}  {topic:<28} {reason or 'failed again and again: see the log of UpdateCustomer'}"
        )
    print(f"  {len(found)} dead letters")


def run_redrive(_: argparse.Namespace) -> None:
    """
    Send each letter to the queue of facts, and only then delete it: a crash repeats, never loses.

    All are received before the first is sent, so that one that is set aside again is sent once only.
    """
    found = list(_received())
    for delivery, receipt in found:
        env.sqs().send_message(QueueUrl=env.variable("FACTS_QUEUE_URL"), **_anew(delivery))
        env.sqs().delete_message(QueueUrl=env.variable("DEAD_FACTS_QUEUE_URL"), ReceiptHandle=receipt)
    print(f"  {len(found)} dead letters sent back")


def _anew(delivery: Delivery) -> dict[str, Any]:
    """Write the message as it first came: without a reason, and bare where no envelope was found."""
    if delivery.topic == UNKNOWN:
        return {"MessageBody": delivery.body}
    return to_message(delivery.with_reason(""))


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

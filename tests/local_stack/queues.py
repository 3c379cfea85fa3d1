"""The stack's queues: what is still on its way, and what was set aside."""

import secrets
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import boto3

from nextorder.adapters.dynamodb import items
from tests.local_stack.build_and_deploy import session
from tests.local_stack.endpoints import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE = "QueueUrl"
SET_ASIDE = ("DeadFactsQueueUrl", "DeadChangesQueueUrl", "UnroutedQueueUrl")
TELL_EVERY_SECONDS = 5.0


class NotSettled(Exception):
    """Messages were still on their way at the end of our patience."""


def depths(endpoints: Endpoints) -> dict[str, int]:
    """Return each queue's messages, waiting, delayed or in flight, by the output that names it."""
    client = _client(endpoints)
    urls = {name: url for name, url in endpoints.outputs.items() if name.endswith(QUEUE)}
    return {name.removesuffix(QUEUE): _depth(client, url) for name, url in urls.items()}


def set_aside(endpoints: Endpoints) -> int:
    """Return how many messages wait for a human."""
    client = _client(endpoints)
    return sum(_depth(client, endpoints.outputs[name]) for name in SET_ASIDE)


def wait_until_settled(
    endpoints: Endpoints, tell: Callable[[str], None] = lambda _: None, *, seconds: float = 300
) -> None:
    """
    Wait until nothing is on its way, neither in a queue nor in the table's stream.

    Raises:
        NotSettled: Something still was after `seconds`; the message tells the depths.
    """
    told_at = time.monotonic()
    deadline = told_at + seconds
    while moving := _moving(depths(endpoints)) or _moving_after_the_stream(endpoints, deadline):
        now = time.monotonic()
        if now > deadline:
            raise NotSettled(f"still on the way after {seconds:.0f} s: {moving}")
        if now - told_at > TELL_EVERY_SECONDS:
            told_at = now
            tell(", ".join(f"{name} {count}" for name, count in moving.items()))
        time.sleep(0.25)


def _moving_after_the_stream(endpoints: Endpoints, deadline: float) -> dict[str, int]:
    """
    Return what moves once all that the table has told of so far lies in the queues.

    A state that makes no sense is parked by whoever routes changes, after all that came before it.
    Its end is parked, too, and that in a later batch: a batch parks first, and tells the rest then.
    """
    client = session().client("dynamodb", endpoint_url=endpoints.aws_endpoint_url)
    mark = f"{secrets.token_hex(8)}#of#nobody"
    place = {"pk": {"S": mark}, "sk": {"S": items.STATE}}
    for write in (partial(client.put_item, Item=place), partial(client.delete_item, Key=place)):
        write(TableName=endpoints.table_name)
        while not _take_letter(endpoints, mark):
            if time.monotonic() > deadline:
                raise NotSettled("what the table tells of is not routed")
            time.sleep(0.05)
    return _moving(depths(endpoints))


def _take_letter(endpoints: Endpoints, mark: str) -> bool:
    """Tell whether a parked record of this mark was there; it is not any more."""
    client, url = _client(endpoints), endpoints.outputs["UnroutedQueueUrl"]
    found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1)
    ours = [one for one in found.get("Messages", []) if mark in one["Body"]]
    for one in ours:
        client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return bool(ours)


def _moving(counts: Mapping[str, int]) -> dict[str, int]:
    aside = {name.removesuffix(QUEUE) for name in SET_ASIDE}
    return {name: count for name, count in counts.items() if count and name not in aside}


def _depth(client: "SQSClient", url: str) -> int:
    held = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    waiting, delayed = held["ApproximateNumberOfMessages"], held["ApproximateNumberOfMessagesDelayed"]
    return int(waiting) + int(delayed) + int(held["ApproximateNumberOfMessagesNotVisible"])


def _client(endpoints: Endpoints) -> "SQSClient":
    aws: boto3.Session = session()
    return aws.client("sqs", endpoint_url=endpoints.aws_endpoint_url)

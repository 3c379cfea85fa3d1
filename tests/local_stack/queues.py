"""The stack's queues: what is still on its way, and what was set aside."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import boto3

from tests.local_stack.build_and_deploy import session
from tests.local_stack.endpoints import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE = "QueueUrl"
SET_ASIDE = ("DeadFactsQueueUrl", "DeadChangesQueueUrl", "UnroutedQueueUrl")
QUIET_SECONDS = 4.0
"""A state's change reaches its destination queue within about a second of its write."""

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
    Wait until nothing has been on its way for QUIET_SECONDS.

    Raises:
        NotSettled: It never was within `seconds`; the message tells the depths.
    """
    started = quiet_since = told_at = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        moving = _moving(depths(endpoints))
        now = time.monotonic()
        if moving:
            quiet_since = now
            if now - started > seconds:
                raise NotSettled(f"still on the way after {seconds:.0f} s: {moving}")
            if now - told_at > TELL_EVERY_SECONDS:
                told_at = now
                tell(", ".join(f"{name} {count}" for name, count in moving.items()))
        time.sleep(0.25)


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

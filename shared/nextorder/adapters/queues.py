"""Messages on SQS: deliveries, wake-ups, changes, dead letters."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WAKE: Final = "wake"
"""The topic of our own messages about customers who are due."""
UNKNOWN: Final = "unknown"
"""The topic of a dead letter whose envelope is not one of ours."""
_BATCH: Final = 10
LONGEST_VISIBILITY_SECONDS: Final = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook on its way; the body is what Shopify sent, to the byte, or the key it lies under in S3."""

    topic: str
    shop: str
    body: str = field(default="", repr=False)
    body_key: str = ""
    webhook_id: str = ""
    triggered_at: str = ""
    reason: str = ""
    """Why it became a dead letter."""

    def with_reason(self, reason: str) -> "Delivery":
        """Return the same delivery, marked as unusable."""
        return replace(self, reason=reason[:900])


_ATTRIBUTES: Final = ("topic", "shop", "body_key", "webhook_id", "triggered_at", "reason")


def to_message(delivery: Delivery) -> dict[str, Any]:
    """Write a delivery as a message: the body as it is, the rest as attributes."""
    values = {name: getattr(delivery, name) for name in _ATTRIBUTES}
    return {
        "MessageBody": delivery.body or "-",
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in values.items() if value
        },
    }


def from_record(record: Mapping[str, Any]) -> Delivery:
    """Read a delivery from an SQS record as Lambda gets it, ours or one of Shopify's EventBridge source."""
    attributes = {name: value["stringValue"] for name, value in record.get("messageAttributes", {}).items()}
    body = record["body"]
    if "topic" not in attributes:
        return _from_event_bridge(body)
    known = {name: attributes.get(name, "") for name in _ATTRIBUTES}
    return Delivery(body="" if known["body_key"] else body, **known)


def shop_of(record: Mapping[str, Any]) -> str:
    """Name the shop of an SQS record as far as it can be told, else "-"."""
    try:
        return from_record(record).shop
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "-"


def _from_event_bridge(body: str) -> Delivery:
    # NOTE: the envelope of Shopify's partner source; it is authentic by IAM, so no signature is checked
    detail = json.loads(body)["detail"]
    metadata = {name.lower(): value for name, value in detail["metadata"].items()}
    return Delivery(
        topic=metadata["x-shopify-topic"],
        shop=metadata["x-shopify-shop-domain"],
        body=json.dumps(detail["payload"], separators=(",", ":")),
        webhook_id=metadata.get("x-shopify-webhook-id", ""),
        triggered_at=metadata.get("x-shopify-triggered-at", ""),
    )


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


class Queue:
    """One SQS queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, delivery: Delivery) -> None:
        """Put one delivery on the queue."""
        self._client.send_message(QueueUrl=self._url, **to_message(delivery))

    def wake(self, shop: str, due: Sequence[tuple[str, datetime]]) -> None:
        """ports.Waker: put customers who are due on the queue, ten a request."""
        self._wake_all(shop, [{"customer": customer, "due_at": at.isoformat()} for customer, at in due])

    def look_again(self, shop: str, customers: Sequence[str]) -> None:
        """ports.Waker: put customers on the queue who are not due, but would be told otherwise now."""
        self._wake_all(shop, [{"customer": customer, "refresh": True} for customer in customers])

    def _wake_all(self, shop: str, bodies: Sequence[Mapping[str, Any]]) -> None:
        attributes = {
            "topic": {"DataType": "String", "StringValue": WAKE},
            "shop": {"DataType": "String", "StringValue": shop},
        }
        self._send_all([{"MessageBody": json.dumps(b), "MessageAttributes": attributes} for b in bodies])

    def changed(self, shop: str, changes: Iterable[tuple[str, str]]) -> None:
        """Say on a FIFO queue that customers changed; `(customer, name of the change)`."""
        entries: list[Any] = [
            {
                "MessageBody": json.dumps({"shop": shop, "customer": customer}),
                # one message in flight per customer, so that no late request overwrites a newer one
                "MessageGroupId": customer,
                "MessageDeduplicationId": _digest(f"{shop}#{customer}@{name}"),
            }
            for customer, name in changes
        ]
        self._send_all(entries)

    def changed_for(self, destination: str, shop: str, changes: Iterable[tuple[str, str]]) -> None:
        """Say the same on a queue that several destinations share."""
        entries: list[Any] = [
            {
                "MessageBody": json.dumps({"shop": shop, "customer": customer, "destination": destination}),
                "MessageGroupId": f"{destination}#{shop}#{customer}",
                "MessageDeduplicationId": _digest(f"{destination}#{shop}#{customer}@{name}"),
            }
            for customer, name in changes
        ]
        self._send_all(entries)

    def hide(self, receipt_handle: str, seconds: float) -> None:
        """Let a message come back after a while, never before it, and at the earliest in a second."""
        self._client.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=min(max(ceil(seconds), 1), LONGEST_VISIBILITY_SECONDS),
        )

    def waiting(self) -> int:
        """Count the messages that nobody has taken yet, roughly."""
        name: Literal["ApproximateNumberOfMessages"] = "ApproximateNumberOfMessages"
        reply = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(reply["Attributes"][name])

    def _send_all(self, entries: list[Any]) -> None:
        for start in range(0, len(entries), _BATCH):
            part: list[Any] = [
                {"Id": str(i), **entry} for i, entry in enumerate(entries[start : start + _BATCH])
            ]
            reply = self._client.send_message_batch(QueueUrl=self._url, Entries=part)
            for failed in reply.get("Failed", []):
                self._client.send_message(QueueUrl=self._url, **entries[start + int(failed["Id"])])


@dataclass(frozen=True, slots=True)
class SharedQueue:
    """ports.ChangeNotice of one destination on the queue that it shares with others."""

    queue: Queue
    destination: str

    def changed(self, shop: str, changes: Iterable[tuple[str, str]]) -> None:
        """Say that customers changed."""
        self.queue.changed_for(self.destination, shop, changes)

"""Dead letters: what no function could use, until a human has looked."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from nextorder.adapters.queues import UNKNOWN, Delivery, Queue, from_record
from nextorder.domain.errors import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_PAGE: Final = 10
_HIDDEN_SECONDS: Final = 600
"""Longer than anybody lists or sends back; whatever is left over comes back then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message, as it lies there."""

    id: str
    receipt: str
    body: str = field(repr=False)
    attributes: Mapping[str, str]

    @property
    def topic(self) -> str:
        """Its topic, as far as it can be told."""
        delivery = self._delivery()
        return delivery.topic if delivery else "unreadable"

    @property
    def shop(self) -> str:
        """Its shop, as far as it can be told; else empty."""
        if about := self.about():
            return about[0]
        delivery = self._delivery()
        return delivery.shop if delivery and delivery.shop not in ("-", UNKNOWN) else ""

    @property
    def reason(self) -> str:
        """Why it is here; empty where the function that failed did not say."""
        return self.attributes.get("reason", "")

    def _delivery(self) -> Delivery | None:
        attributes = {name: {"stringValue": value} for name, value in self.attributes.items()}
        try:
            return from_record({"body": self.body, "messageAttributes": attributes})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def anew(self) -> dict[str, Any]:
        """Write the message as it first came: without a reason, and bare where no envelope was found."""
        is_bare = self.attributes.get("topic") == UNKNOWN
        kept = {} if is_bare else {n: v for n, v in self.attributes.items() if n != "reason"}
        return {
            "MessageBody": self.body,
            "MessageAttributes": {n: {"DataType": "String", "StringValue": v} for n, v in kept.items()},
        }

    def about(self) -> tuple[str, str] | None:
        """Name shop and customer of a change that could not be told or routed; None = it names nobody."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        match document:
            case {"shop": str(shop), "customer": str(customer)}:
                return shop, customer
            case {"pk": {"S": str(pk)}} if pk.count("#") == 1:
                shop, customer = pk.split("#")
                return shop, customer
        return None


class DeadLetters:
    """One queue of them."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def count(self) -> int:
        """Count roughly."""
        return Queue(self._client, self._url).waiting()

    def look(self, most: int | None = None) -> list[Letter]:
        """Return those that are there now, or so many of them; all are there again at once."""
        found = list(self.take(most))
        for letter in found:
            self.put_back(letter)
        return found

    def take(self, most: int | None = None) -> Iterator[Letter]:
        """
        Yield those that are there now, or so many of them, and hide them meanwhile.

        SQS counts roughly, so a page more is asked for; what is set aside again goes round no further.
        """
        there = self.count() + _PAGE
        left = there if most is None else min(there, most)
        while left > 0:
            # NOTE: MiniStack has no StartMessageMoveTask, and this one keeps the letters' attributes in order
            reply: Any = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(_PAGE, left),
                VisibilityTimeout=_HIDDEN_SECONDS,
                # NOTE: without waiting SQS asks only some of its servers, and a small queue looks empty
                WaitTimeSeconds=2,
                MessageAttributeNames=["All"],
            )
            letters = [_letter(message) for message in reply.get("Messages", [])]
            if not letters:
                return
            left -= len(letters)
            yield from letters

    def erase(self, is_meant: Callable[[Letter], object]) -> None:
        """
        Take those off for good that are meant; the others are there again at once.

        Raises:
            RetryLater: Somebody else has letters in hand, and some of them may be meant.
        """
        # an empty queue is hardly worth the wait of a look
        found = list(self.take()) if self.count() else []
        in_hand = self._in_hand()
        for letter in found:
            if is_meant(letter):
                self.delete(letter)
            else:
                self.put_back(letter)
        if in_hand > len(found):
            raise RetryLater("somebody else has dead letters in hand")

    def _in_hand(self) -> int:
        """Count those that are hidden, roughly, by whomever."""
        name: Literal["ApproximateNumberOfMessagesNotVisible"] = "ApproximateNumberOfMessagesNotVisible"
        reply = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(reply["Attributes"][name])

    def put_back(self, letter: Letter) -> None:
        """Let others see a letter again, at once."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=letter.receipt, VisibilityTimeout=0
        )

    def delete(self, letter: Letter) -> None:
        """Take a letter off for good."""
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)


def _letter(message: Mapping[str, Any]) -> Letter:
    attributes = message.get("MessageAttributes", {})
    return Letter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        attributes={n: v["StringValue"] for n, v in attributes.items() if "StringValue" in v},
    )

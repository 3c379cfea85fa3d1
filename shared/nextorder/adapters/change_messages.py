"""Messages of a destination's queue: whose verdict changed, and when to try again."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nextorder.adapters.batch import Failures
from nextorder.domain.errors import NeedsHuman, NextorderError, RetryLater

FIRST_WAIT_SECONDS: Final = 15
LONGEST_WAIT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """One message as Lambda gets it."""

    id: str
    shop: str
    customer: str
    receipt_handle: str
    receives: int
    destination: str = ""
    """On a queue that several share; empty on a destination's own."""

    @property
    def lane(self) -> tuple[str, str, str]:
        """What has to stay in order: one customer's messages to one destination."""
        return self.destination, self.shop, self.customer

    @property
    def again(self) -> bool:
        """Whether an earlier try may have died half-way."""
        return self.receives > 1

    def wait_seconds(self, error: NextorderError) -> float:
        """
        Say when to try again: when the destination says, else 15 s, doubled each time, to 15 min.

        An outage is not poison: the message comes back for 14 days.
        """
        if isinstance(error, NeedsHuman):
            return LONGEST_WAIT_SECONDS
        if isinstance(error, RetryLater) and error.seconds is not None:
            return error.seconds
        doubled: int = FIRST_WAIT_SECONDS * 2 ** min(self.receives - 1, 10)
        return min(doubled, LONGEST_WAIT_SECONDS)


def change_message(record: Mapping[str, Any]) -> ChangeMessage:
    """Read one SQS record."""
    body = json.loads(record["body"])
    return ChangeMessage(
        id=record["messageId"],
        shop=body["shop"],
        customer=body["customer"],
        receipt_handle=record["receiptHandle"],
        receives=int(record["attributes"]["ApproximateReceiveCount"]),
        destination=body.get("destination", ""),
    )


def work_in_order(
    records: Iterable[Mapping[str, Any]],
    *,
    failures: Failures,
    work: Callable[[ChangeMessage], None],
    put_back: Callable[[ChangeMessage], None],
    has_time: Callable[[], bool],
) -> None:
    """
    Work off a batch; whoever comes after a failure of the same customer waits behind it.

    NOTE: while one message of a group is in flight, SQS hands out no other of it: what is not
    worked off is put back at once.
    """
    held_up: set[tuple[str, str, str]] = set()
    for record in records:
        with failures.guard(record["messageId"]):
            message = change_message(record)
            if message.lane in held_up or not has_time():
                failures.message_ids.add(message.id)
                put_back(message)
                continue
            held_up.add(message.lane)
            with failures.guard(message.id, shop=message.shop):
                work(message)
                held_up.remove(message.lane)

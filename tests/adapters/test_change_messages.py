"""A batch of changes: in order for each customer, within the time there is."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from nextorder.adapters.batch import Failures
from nextorder.adapters.change_messages import ChangeMessage, change_message, work_in_order
from nextorder.domain.errors import NeedsHuman, RetryLater

ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731 - a name for a word


def a_record(message_id: str, customer: str = "7", receives: int = 1, **more: str) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "body": json.dumps({"shop": "demo.myshopify.com", "customer": customer, **more}),
        "receiptHandle": f"receipt-{message_id}",
        "attributes": {"ApproximateReceiveCount": str(receives)},
    }


@dataclass
class Work:
    """Works off a batch and keeps what became of it."""

    busy: frozenset[str] = frozenset()
    worked: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)

    def off(self, *records: dict[str, Any], has_time: Callable[[], bool] = ALWAYS) -> set[str]:
        failures = Failures(Logger(service="tests"))
        work_in_order(records, failures=failures, work=self._do, put_back=self._put_back, has_time=has_time)
        return failures.message_ids

    def _do(self, message: ChangeMessage) -> None:
        if message.customer in self.busy:
            raise RetryLater("busy")
        self.worked.append(message.id)

    def _put_back(self, message: ChangeMessage) -> None:
        self.back.append(message.receipt_handle)


def test_who_comes_after_a_failure_of_the_same_customer_waits_behind_it() -> None:
    work = Work(busy=frozenset({"7"}))

    assert work.off(a_record("1"), a_record("2"), a_record("3", "8")) == {"1", "2"}
    assert (work.worked, work.back) == (["3"], ["receipt-2"])


def test_of_destinations_that_share_a_queue_none_waits_behind_another() -> None:
    class Rule(Work):
        """One of them is busy."""

        def _do(self, message: ChangeMessage) -> None:
            if message.destination == "rule":
                raise RetryLater("busy")
            self.worked.append(message.id)

    work = Rule()
    records = [a_record(str(n), destination=name) for n, name in enumerate(("rule", "webhook", "rule"))]

    assert work.off(*records) == {"0", "2"}
    assert (work.worked, work.back) == (["1"], ["receipt-2"])


def test_what_there_is_no_time_for_is_put_back_at_once() -> None:
    seconds = iter([60, 50, 40])
    work = Work()

    left = work.off(
        a_record("1", "1"), a_record("2", "2"), a_record("3", "3"), has_time=lambda: next(seconds) > 45
    )
    assert (work.worked, left, work.back) == (["1", "2"], {"3"}, ["receipt-3"])


@pytest.mark.parametrize("body", ["{", "[]", "{}"])
def test_a_message_that_cannot_be_read_does_not_hold_up_its_neighbours(body: str) -> None:
    work = Work()

    assert work.off(a_record("1") | {"body": body}, a_record("2")) == {"1"}
    assert work.worked == ["2"]


@pytest.mark.parametrize(
    ("receives", "error", "seconds"),
    [
        (1, RetryLater("busy"), 15),
        (3, RetryLater("busy"), 60),
        (400, RetryLater("busy"), 900),
        (3, RetryLater("busy", seconds=7.5), 7.5),
        (1, NeedsHuman("key"), 900),
    ],
)
def test_an_outage_is_waited_for(receives: int, error: RetryLater | NeedsHuman, seconds: float) -> None:
    assert change_message(a_record("1", receives=receives)).wait_seconds(error) == seconds

"""A destination that hangs costs its queue a call a minute, and the others of the queue nothing."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from nextorder.adapters.batch import Failures
from nextorder.adapters.change_messages import ChangeMessage, work_in_order
from nextorder.adapters.resting import REST_SECONDS, Resting
from nextorder.domain.errors import OutcomeUnknown, RetryLater
from tests.fakes.clock import StillClock

TIMEOUT_SECONDS = 8.0
SHOP = "a.myshopify.com"


def a_record(number: int, destination: str, shop: str) -> Mapping[str, Any]:
    body = {"shop": shop, "customer": str(number), "destination": destination}
    return {
        "messageId": f"{destination}-{number}",
        "receiptHandle": f"{destination}-{number}",
        "attributes": {"ApproximateReceiveCount": "1"},
        "body": json.dumps(body),
    }


class Worker:
    """One that serves a destination which hangs, and one that is well."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.resting = Resting(clock)
        self.asked: list[str] = []
        self.waits: dict[str, float] = {}

    def ask(self, destination: str, shop: str) -> None:
        self.asked.append(destination)
        if destination == "hangs" and shop == SHOP:
            self.clock.sleep(TIMEOUT_SECONDS)
            raise OutcomeUnknown("it did not answer")
        if destination == "busy":
            self.clock.sleep(TIMEOUT_SECONDS)
            raise RetryLater("it answered 429", seconds=7)

    def publish(self, message: ChangeMessage) -> None:
        try:
            with self.resting.watch(message.destination, message.shop):
                self.ask(message.destination, message.shop)
        except RetryLater as error:
            self.waits[message.id] = message.wait_seconds(error)
            raise

    def work(self, *destinations: str, shop: str = SHOP) -> set[str]:
        failures = Failures(Logger(service="test", level="CRITICAL"))
        work_in_order(
            [a_record(number, destination, shop) for number, destination in enumerate(destinations)],
            failures=failures,
            work=self.publish,
            put_back=lambda _: None,
            has_time=lambda: True,
        )
        return failures.message_ids


def test_after_a_timeout_its_other_messages_wait_untouched_and_the_others_go_on(clock: StillClock) -> None:
    worker, began = Worker(clock), clock.now

    came_back = worker.work("hangs", "hangs", "well", "hangs", "well", "hangs")

    assert worker.asked == ["hangs", "well", "well"]
    assert clock.now - began == TIMEOUT_SECONDS
    assert came_back == {"hangs-0", "hangs-1", "hangs-3", "hangs-5"}
    assert worker.waits["hangs-1"] == REST_SECONDS


def test_it_is_tried_again_after_a_minute_and_goes_on_as_soon_as_it_answers(clock: StillClock) -> None:
    worker = Worker(clock)
    worker.work("hangs")
    worker.work("hangs", "hangs")
    assert worker.asked == ["hangs"]

    clock.sleep(REST_SECONDS)
    worker.work("hangs", "hangs")
    assert worker.asked == ["hangs", "hangs"]


def test_where_another_shop_has_its_own_it_is_not_kept_from_it(clock: StillClock) -> None:
    worker = Worker(clock)
    worker.work("hangs")

    assert not worker.work("hangs", shop="b.myshopify.com")


def test_a_platform_that_says_when_to_come_back_is_no_reason_to_rest_however_slowly_it_says_so(
    clock: StillClock,
) -> None:
    worker = Worker(clock)

    worker.work("busy", "busy")

    assert worker.asked == ["busy", "busy"]
    assert set(worker.waits.values()) == {7}

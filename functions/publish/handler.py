"""Show a destination what is now known of customers who changed; deployed once per queue."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures, log_refusal
from nextorder.adapters.change_messages import ChangeMessage, work_in_order
from nextorder.adapters.resting import Resting
from nextorder.bootstrap import environment, publish
from nextorder.domain.changes import Event
from nextorder.domain.errors import AccessDenied, NeedsHuman, RetryLater
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish as publish_one

logger = Logger()
metrics = Metrics()
queue = publish.changes_queue()
publisher_of = cache(publish.publisher)
resting = Resting()
OWN = environment.optional("DESTINATION")
"""The destination that this queue is of; empty where several share it and messages name theirs."""
if OWN:
    publisher_of(OWN)

COUNTED_AS = {Published.SENT: "ChangesSent", Published.REFUSED: "ChangesRefused"}
MILLIS_FOR_ONE = 45_000
"""The slowest that one customer may take: eight requests that are answered just in time, and our own."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish a batch; what there is no time for any more is put back."""
    failures = Failures(logger)
    work_in_order(
        event["Records"],
        failures=failures,
        work=publish_or_wait,
        put_back=lambda message: queue.hide(message.receipt_handle, 0),
        has_time=lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_ONE,
    )
    return failures.response()


def publish_or_wait(message: ChangeMessage) -> None:
    """
    Publish one customer; a destination that is busy or refuses our key is tried again later.

    Where a permission is missing another try would be refused alike: that is recorded, and done with.
    """
    destination = message.destination or OWN
    try:
        with resting.watch(destination, message.shop):
            outcome = publish_one(
                message.shop,
                message.customer,
                publisher=publisher_of(destination),
                as_of=datetime.now(UTC),
                again=message.again,
                never_told=partial(count_dropped, message.shop, destination),
            )
    except AccessDenied as error:
        call_human(error, message.shop, destination)
        outcome = Published.REFUSED
    except (RetryLater, NeedsHuman) as error:
        if isinstance(error, NeedsHuman):
            call_human(error, message.shop, destination)
        queue.hide(message.receipt_handle, message.wait_seconds(error))
        raise
    if outcome in COUNTED_AS:
        metrics.add_metric(COUNTED_AS[outcome], MetricUnit.Count, 1)


def call_human(error: NeedsHuman, shop: str, destination: str) -> None:
    """Raise the alarm, and say why."""
    log_refusal(logger, error, shop, destination=destination)
    metrics.add_metric("KeyRefused", MetricUnit.Count, 1)


def count_dropped(shop: str, destination: str, events: Sequence[Event]) -> None:
    """Log what the caps, or a pause, kept from a customer, without saying from whom."""
    for event in events:
        logger.info("never told", shop=shop, destination=destination, kind=event.kind.value)

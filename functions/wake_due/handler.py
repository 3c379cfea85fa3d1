"""Every minute: put customers whose verdict changes by time alone back on the queue."""

from datetime import UTC, datetime
from math import ceil
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures
from nextorder.bootstrap import update, wake
from nextorder.use_cases.wake_due import MOST_AT_ONCE, Woken, wake_due

logger = Logger()
shops = update.shops()
customers = update.customers()
queue = wake.facts_queue()
woken: Woken = {}


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """
    Wake each shop's customers; `{"as_of": ...}` in the event asks for another moment.

    A shop that fails keeps nothing from the others, and the run fails at its end.
    """
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    connected = shops.connected()
    share = ceil(MOST_AT_ONCE / max(len(connected), 1))
    failures = Failures(logger)
    counts: dict[str, int] = {}
    for shop in connected:
        with failures.guard(shop, shop=shop):
            counts[shop] = wake_due(
                shop, customers=customers, waker=queue, as_of=as_of, most=share, woken=woken
            )
    logger.info("woken", shops=counts)
    failures.end()
    return counts

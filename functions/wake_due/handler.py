"""Every minute: put customers whose verdict changes by time alone back on the queue."""

from datetime import UTC, datetime
from math import ceil
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.bootstrap import update, wake
from nextorder.use_cases.wake_due import MOST_AT_ONCE, Woken, wake_due

logger = Logger()
shops = update.shops()
customers = update.customers()
queue = wake.facts_queue()
woken: Woken = {}


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Wake each shop's customers; `{"as_of": ...}` in the event asks for another moment."""
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    connected = shops.connected()
    share = ceil(MOST_AT_ONCE / max(len(connected), 1))
    counts = {
        shop: wake_due(shop, customers=customers, waker=queue, as_of=as_of, most=share, woken=woken)
        for shop in connected
    }
    logger.info("woken", customers=sum(counts.values()))
    return counts

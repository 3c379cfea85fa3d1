"""Every quarter of an hour: look at a part of each shop's customers, where there is a reason to."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures
from nextorder.bootstrap import sweep as parts
from nextorder.bootstrap import update
from nextorder.use_cases.sweep import sweep

logger = Logger()
shops = update.shops()
sweeper = parts.sweeper()

MILLIS_FOR_A_PART = 30_000
"""More than a hundred customers ever take."""


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """
    Carry on each shop's pass; the event may name one `"shop"`, or another moment `"as_of"`.

    A shop that fails keeps nothing from the others, and the run fails at its end.
    """
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    failures = Failures(logger)
    looked_at = {}
    names = [event["shop"]] if "shop" in event else shops.connected()
    for shop in filter(None, failures.each(shops.get, names)):
        now = None
        with failures.guard(shop.id, shop=shop.id):
            now = sweep(
                shop,
                sweeper=sweeper,
                as_of=as_of,
                has_time=lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_A_PART,
            )
        if now:
            looked_at[shop.id] = now.looked_at
            logger.info("swept", shop=shop.id, looked_at=now.looked_at, woken=now.woken, nudged=now.nudged)
    failures.end()
    return looked_at

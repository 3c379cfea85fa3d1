"""Every week: compare what was said with what came, and withhold what does not hold."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures
from nextorder.bootstrap import judge as parts
from nextorder.bootstrap import update
from nextorder.use_cases.judge_forecasts import judge_forecasts

logger = Logger()
shops = update.shops()
bench = parts.bench()

MILLIS_FOR_A_LOOK = 240_000
"""More than a look at everyone takes, with the log of the weeks that it judges."""


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """
    Judge each connected shop, or the event's `"shop"`; the event may name another moment `"as_of"`.

    A shop that fails keeps nothing from the others; what there is no time for is judged next week.
    """
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    failures = Failures(logger)
    windows = {}
    names = [event["shop"]] if "shop" in event else shops.connected()
    for shop in filter(None, failures.each(shops.get, names)):
        if shop.uninstalled_at:
            continue
        with failures.guard(shop.id, shop=shop.id):
            now = judge_forecasts(
                shop,
                bench=bench,
                as_of=as_of,
                has_time=lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_A_LOOK,
            )
            windows[shop.id] = len(now.windows)
            logger.info("judged", shop=shop.id, windows=len(now.windows), standing=dict(now.told))
    failures.end()
    return windows

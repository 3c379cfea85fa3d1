"""Every hour: bring in what each shop's webhooks did not, and once a day look after what stands there."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures, log_refusal
from nextorder.bootstrap import reconcile as parts
from nextorder.bootstrap import update
from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.shop import Shop
from nextorder.use_cases.reconcile import reconcile

logger = Logger()
metrics = Metrics()
shops = update.shops()
reconciler = parts.reconciler()

MILLIS_FOR_A_PAGE = 270_000
"""The slowest that one page may take: waiting for it, waiting for what we lack of it, and our own work."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, dict[str, Any]]:
    """
    Reconcile each connected shop, or the event's `"shop"`; `"since"` begins again at an earlier moment.

    A shop that fails keeps nothing from the others, and the run fails at its end.
    """
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    since = datetime.fromisoformat(event["since"]) if "since" in event else None
    failures = Failures(logger)
    done: dict[str, dict[str, Any]] = {}
    names = [event["shop"]] if "shop" in event else shops.connected()
    for left, shop in zip(range(len(names), 0, -1), failures.each(shops.get, names), strict=True):
        if shop is None or shop.uninstalled_at:
            continue
        with failures.guard(shop.id, shop=shop.id):
            done[shop.id] = look_at(shop, as_of, since, has_time=share_of(context, left))
    failures.end()
    return done


def share_of(context: LambdaContext, shops_left: int) -> Callable[[], bool]:
    """Return what tells whether a shop may go on: each has an equal part of the time that is left."""
    available = context.get_remaining_time_in_millis() - MILLIS_FOR_A_PAGE
    last = context.get_remaining_time_in_millis() - available // shops_left
    return lambda: context.get_remaining_time_in_millis() >= max(last, MILLIS_FOR_A_PAGE)


def look_at(
    shop: Shop, as_of: datetime, since: datetime | None, has_time: Callable[[], bool]
) -> dict[str, Any]:
    """Reconcile one shop; where Shopify is busy or refuses us, the next run goes on."""
    try:
        came = reconcile(shop, reconciler=reconciler, as_of=as_of, since=since, has_time=has_time)
    except RetryLater as busy:
        logger.info("goes on next time", shop=shop.id, reason=str(busy))
        return {"finished": False}
    except NeedsHuman as error:
        log_refusal(logger, error, shop.id, "shopify")
        metrics.add_metric("KeyRefused", MetricUnit.Count, 1)
        return {"finished": False}
    said = asdict(came)
    logger.info("reconciled", shop=shop.id, came=said)
    return said

"""Answer Shopify's privacy webhooks: a data request, a redaction, the end of a shop."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures, log_refusal
from nextorder.adapters.document import to_plain
from nextorder.adapters.queues import from_record, shop_of
from nextorder.adapters.shopify.deliveries import payload_of, raw_body, triggered_at
from nextorder.adapters.shopify.privacy import PrivacyRequest, read_privacy
from nextorder.bootstrap import forget
from nextorder.domain.errors import BadPayload, NeedsHuman
from nextorder.use_cases.forget import redact_customer, redact_shop, tell, uninstall

logger = Logger()
metrics = Metrics()
archive = forget.archive()
bodies = forget.bodies()
dead = forget.dead()

MILLIS_FOR_AN_ANSWER = 60_000
"""To write it and to tell the merchant."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Work off privacy requests; one that fails comes back."""
    failures = Failures(logger)
    for record in event["Records"]:
        with failures.guard(record["messageId"], shop=shop_of(record)):
            delivery = from_record(record)
            try:
                request = read_privacy(delivery.topic, payload_of(raw_body(delivery, bodies) or b""))
            except BadPayload as error:
                dead.send(delivery.with_reason(str(error)))
                continue
            try:
                answer(delivery.shop, request, context, told_at=triggered_at(delivery.triggered_at))
            except NeedsHuman as error:
                log_refusal(logger, error, delivery.shop)
                metrics.add_metric("KeyRefused", MetricUnit.Count, 1)
                raise
            if delivery.body_key:
                bodies.drop(delivery.body_key)
            metrics.add_metric("PrivacyRequests", MetricUnit.Count, 1)
    return failures.response()


def answer(shop: str, request: PrivacyRequest, context: LambdaContext, *, told_at: datetime | None) -> None:
    """Do what one request asks; `told_at` is when Shopify said so, however late it comes."""
    now = datetime.now(UTC)
    match request.topic:
        case "customers/data_request":
            held = tell(
                shop,
                request.customer,
                customers=archive.customers,
                log=forget.log(),
                plain=to_plain,
                has_time=lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_AN_ANSWER,
            )
            forget.keep_answer(shop, request.customer, request.request, held)
        case "customers/redact":
            redact_customer(shop, request.customer, orders=request.orders, archive=archive, as_of=now)
        case "app/uninstalled":
            uninstall(shop, archive=archive, take_back=forget.take_back(now), as_of=now, told_at=told_at)
        case "shop/redact":
            erased = redact_shop(
                shop,
                archive=archive,
                take_back=forget.take_back(now),
                disconnect=forget.disconnect,
                as_of=now,
                told_at=told_at,
            )
            logger.info("erased" if erased else "kept: it was connected again since it left", shop=shop)

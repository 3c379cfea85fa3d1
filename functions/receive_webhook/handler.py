"""Take a webhook: check its signature, put it on the queue, answer within Shopify's five seconds."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.shopify.receive import Fate, read_request
from nextorder.bootstrap import receive

logger = Logger()
metrics = Metrics()
inbox = receive.inbox()

COUNTED_AS = {
    Fate.QUEUED: "WebhooksQueued",
    Fate.PRIVATE: "WebhooksQueued",
    Fate.UNKNOWN_SHOP: "WebhooksIgnored",
    Fate.UNKNOWN_TOPIC: "WebhooksIgnored",
    Fate.FORGED: "WebhooksForged",
}
"""Each metric costs money every month, so there are three."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Answer 401 to a bad signature and 200 to every good one: failures make Shopify unsubscribe us."""
    fate = inbox.accept(read_request(event))
    metrics.add_metric(COUNTED_AS[fate], MetricUnit.Count, 1)
    return {"statusCode": 401 if fate is Fate.FORGED else 200}

"""Show a destination what is known of everyone: a first scoring, a refit, a repair."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.bootstrap import publish
from nextorder.use_cases.publish_bulk import publish_bulk

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Publish everyone of `{"shop", "destination"}`; safe to repeat until nothing is left over."""
    publisher = publish.publisher(event["destination"])
    counts = publish_bulk(event["shop"], publisher=publisher, again=bool(event.get("again")))
    said = {outcome.value: count for outcome, count in counts.items()}
    logger.info("published", destination=event["destination"], counts=said)
    return said

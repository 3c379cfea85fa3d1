"""Show a destination what is known of everyone: a first scoring, a refit, a repair."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.bootstrap import publish
from nextorder.use_cases.publish_bulk import publish_bulk

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """
    Publish everyone of `{"shop", "destination"}`; safe to repeat until nothing is left over.

    With `"again"` all is said afresh; with `"take_back"` everything of ours is taken away.
    """
    publisher = replace(
        publish.publisher(event["destination"], patient=True), takes_back=bool(event.get("take_back"))
    )
    counts = publish_bulk(
        event["shop"], publisher=publisher, as_of=datetime.now(UTC), again=bool(event.get("again"))
    )
    said = {outcome.value: count for outcome, count in counts.items()}
    logger.info("published", destination=event["destination"], counts=said)
    return said

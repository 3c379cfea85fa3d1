"""Write every new verdict to the score log, so that later it can be judged, and count segments on."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.dynamodb.stream import size_changes
from nextorder.bootstrap import archive

logger = Logger()
score_log = archive.score_log()
sizes = archive.sizes()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> None:
    """Archive and count one batch of the stream; a retry archives the same, and counts twice until a pass."""
    changes = size_changes(event["Records"])
    logger.info("archived", rows=score_log.write(event["Records"]), shops=sorted(changes))
    for shop, by in changes.items():
        sizes.add(shop, by)

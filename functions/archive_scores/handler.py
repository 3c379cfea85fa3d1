"""Write every new verdict to the score log, so that later it can be judged."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.bootstrap import archive

logger = Logger()
score_log = archive.score_log()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> None:
    """Archive one batch of the stream."""
    logger.info("archived", rows=score_log.write(event["Records"]))

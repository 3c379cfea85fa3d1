"""Take facts off the queue and refresh each customer they are about."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures
from nextorder.adapters.queues import shop_of
from nextorder.bootstrap.update import update
from nextorder.domain.messages import Job
from nextorder.use_cases.work_off import work_off

logger = Logger()
parts = update()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Work off a batch; only the messages that failed come back."""
    failures = Failures(logger)
    jobs: list[Job] = []
    for record in event["Records"]:
        with failures.guard(record["messageId"], shop=shop_of(record)):
            job = parts.intake.job_of(record)
            if job and job.changes_currency:
                logger.warning("the shop's currency changed", shop=job.shop.id)
            jobs += [job] if job else []
    work_off(
        jobs,
        judge=parts.judge,
        books=parts.books,
        as_of=datetime.now(UTC),
        guard=failures.guard,
    )
    for job in jobs:
        with failures.guard(job.id, shop=job.shop.id):
            if job.id not in failures.message_ids:
                parts.intake.done(job)
    return failures.response()

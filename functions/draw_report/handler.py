"""Draw a page that was written, and send the merchant a link to it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import failing
from nextorder.adapters.document import decode
from nextorder.bootstrap import report as parts
from nextorder.use_cases.write_report import Drawing, draw_report

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, str], context: LambdaContext) -> dict[str, Any]:
    """Draw the page of the event's `"shop"` and `"day"`."""
    shop, day = event["shop"], event["day"]
    with failing(logger, shop):
        draw_report(shop, day, studio=parts.studio(draw), as_of=datetime.now(UTC))
    logger.info("page drawn", shop=shop, day=day)
    return {shop: day}


def draw(written: bytes) -> Drawing:
    """Import what draws: only this function has its layer."""
    from nextorder.report.html import render  # noqa: PLC0415  # see the docstring
    from nextorder.report.mail import mail_of, subject_of  # noqa: PLC0415
    from nextorder.report.page import Page  # noqa: PLC0415

    page = decode(Page, written.decode())
    return Drawing(
        html=render(page).encode(),
        subject=subject_of(page),
        message=partial(mail_of, page),
    )

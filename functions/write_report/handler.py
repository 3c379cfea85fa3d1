"""Once a week: write each shop's page, and have it drawn."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import failing
from nextorder.adapters.document import ALL_DIGITS, encode
from nextorder.bootstrap import report as parts
from nextorder.bootstrap import update
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.judged import Judged
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.write_report import PAGE, write_report

logger = Logger()
shops = update.shops()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Write the page of the event's `"shop"`; without one, let each connected shop have an invocation."""
    if "shop" not in event:
        connected = shops.connected()
        parts.write_each(connected)
        return dict.fromkeys(connected, "begun")
    shop = shops.get(event["shop"])
    if shop is None or shop.uninstalled_at:
        return {}
    with failing(logger, shop.id):
        day = write_report(shop, desk=parts.desk(write), as_of=datetime.now(UTC))
    logger.info("page written", shop=shop.id, day=day)
    return {shop.id: day}


def write(
    shop: Shop,
    catalogue: Catalogue,
    model: StoreModel,
    drawn: Drawn,
    judged: Sequence[Judged],
    as_of: datetime,
) -> Mapping[str, bytes]:
    """Import what computes: only this function and the one that trains have its layer."""
    from nextorder.report.assemble import page_of  # noqa: PLC0415  # see the docstring
    from nextorder.report.files import tables_of  # noqa: PLC0415
    from nextorder.report.look import NobodyOrdered, look_at_all  # noqa: PLC0415

    try:
        store = look_at_all(shop, catalogue, model, drawn, judged, as_of)
    except NobodyOrdered:
        return {}
    page = page_of(store)
    # the page comes last: where it is, its tables are
    return {**tables_of(page), PAGE: encode(page, digits=ALL_DIGITS).encode()}

"""Once a month: fit each shop's model anew and judge it against the one in force."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import failing
from nextorder.bootstrap import train as parts
from nextorder.bootstrap import update
from nextorder.use_cases.train import Trainer, train

logger = Logger()
shops = update.shops()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """
    Train the event's `"shop"`; without one, let each connected shop have an invocation to itself.

    With `"anew"` the history was just imported.
    """
    if "shop" not in event:
        connected = shops.connected()
        parts.train_each(connected)
        return dict.fromkeys(connected, "begun")
    shop = shops.get(event["shop"])
    if shop is None or shop.uninstalled_at:
        return {}
    anew = bool(event.get("anew"))
    with failing(logger, shop.id):
        card = train(shop, school=parts.school(trainer), as_of=datetime.now(UTC), anew=anew)
    logger.info("trained", shop=shop.id, decision=card.decision.value, model=card.model)
    return {shop.id: card.decision.value}


def trainer() -> Trainer:
    """Import the arithmetic: no other handler may, as no other has the training layer."""
    from nextorder.training import retrain  # noqa: PLC0415  # see the docstring

    return Trainer(fit=retrain.fit, judge=retrain.judge, files=retrain.files)

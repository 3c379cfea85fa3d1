"""Tell every destination's queue whose verdict changed."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.dynamodb.stream import change_of
from nextorder.adapters.queues import Delivery
from nextorder.bootstrap import route

logger = Logger()
queues = route.destination_queues()
unrouted = route.unrouted()


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> None:
    """Send one message a changed customer and destination; a record that makes no sense is parked."""
    changes: dict[str, list[tuple[str, str]]] = {}
    for record in event["Records"]:
        try:
            change = change_of(record)
        except (KeyError, ValueError) as error:
            keys = json.dumps(record.get("dynamodb", {}).get("Keys"), default=str)
            unrouted.send(Delivery(topic="stream", shop="-", body=keys, reason=type(error).__name__))
            continue
        if change.to_route:
            changes.setdefault(change.shop, []).append((change.customer, change.name))
    for shop, changed in changes.items():
        for queue in queues:
            queue.changed(shop, changed)

"""What sweep needs."""

from collections.abc import Mapping

from nextorder.adapters.dynamodb.passes import DynamoPasses, DynamoSizes
from nextorder.adapters.queues import Queue
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import route, update
from nextorder.bootstrap.costs import unit_costs
from nextorder.bootstrap.keys import has_klaviyo
from nextorder.bootstrap.wake import facts_queue
from nextorder.use_cases.sweep import Sweeper


def sweeper() -> Sweeper:
    """Return what a pass over everyone reads and tells."""
    return Sweeper(
        judge=update.judge(),
        waker=facts_queue(),
        passes=passes(),
        sizes=sizes(),
        costs=unit_costs(),
        notices=_notices,
    )


def passes() -> DynamoPasses:
    """Return where passes stand."""
    return DynamoPasses(env.dynamodb(), env.variable("TABLE_NAME"))


def sizes() -> DynamoSizes:
    """Return the sizes of segments."""
    return DynamoSizes(env.dynamodb(), env.variable("TABLE_NAME"))


def _notices(shop: str) -> Mapping[str, Queue]:
    shopify, klaviyo = route.destination_queues()
    return {"shopify": shopify, **({"klaviyo": klaviyo} if has_klaviyo(shop) else {})}

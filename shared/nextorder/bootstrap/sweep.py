"""What sweep needs."""

from collections.abc import Mapping

from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.adapters.dynamodb.passes import DynamoPasses, DynamoSizes
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import route, update
from nextorder.bootstrap.costs import unit_costs
from nextorder.bootstrap.keys import is_connected
from nextorder.bootstrap.wake import facts_queue
from nextorder.ports import ChangeNotice
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
        denials=DynamoDenials(env.dynamodb(), env.variable("TABLE_NAME")),
    )


def passes() -> DynamoPasses:
    """Return where passes stand."""
    return DynamoPasses(env.dynamodb(), env.variable("TABLE_NAME"))


def sizes() -> DynamoSizes:
    """Return the sizes of segments."""
    return DynamoSizes(env.dynamodb(), env.variable("TABLE_NAME"))


def _notices(shop: str) -> Mapping[str, ChangeNotice]:
    return {name: notice for name, notice in route.notices().items() if is_connected(shop, name)}

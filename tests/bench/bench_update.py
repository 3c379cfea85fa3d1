"""CPU of update_customer for one order event, by the customer's number of orders; the network is null."""

from functools import partial
from itertools import chain, count
from typing import Any

from nextorder.adapters.queues import to_message
from nextorder.bootstrap import environment as env
from tests.bench import a_store
from tests.bench.handlers import Handler, load, sqs_event
from tests.bench.measuring import cpu_ms_side_by_side, say
from tests.bench.null_aws import TABLE, null_aws

ORDERS = (1, 10, 20, 100, 500, 10_000)
LINES = 3
TIMES = 30
BUDGET_MS = 5
_numbers = count(1)


def next_event(customer: str) -> dict[str, Any]:
    """Return one more order's first webhook."""
    return sqs_event([to_message(a_store.delivery(customer, next(_numbers)))])


def prepared(handle: Handler, customer: str) -> Any:
    """Return a call that handles another order each time; the events are written beforehand."""
    events = iter([next_event(customer) for _ in range(TIMES + 5)])
    return lambda: handle(next(events))


def main() -> None:
    """Print CPU per event, what of it the SDK alone takes, and how it grows."""
    sizes = {str(orders): orders for orders in ORDERS}
    few_lines = f"20{LINES}"
    items = chain(
        a_store.shop_items(),
        *(a_store.customer_items(*size) for size in sizes.items()),
        a_store.customer_items(few_lines, 20, LINES),
    )
    with null_aws(items, a_store.SHOP.id) as environment:
        handle = load("update_customer", environment)
        assert handle(next_event("20")) == {"batchItemFailures": []}
        calls = 0

        def counted(**_: object) -> None:
            nonlocal calls
            calls += 1

        env.dynamodb().meta.events.register("before-call", counted)
        handle(next_event("20"))
        env.dynamodb().meta.events.unregister("before-call", counted)
        key = {"pk": {"S": "nobody"}, "sk": {"S": "state"}}
        get = partial(env.dynamodb().get_item, TableName=TABLE, Key=key, ConsistentRead=True)
        *found, few, one_call = cpu_ms_side_by_side(
            [*(prepared(handle, name) for name in (*sizes, few_lines)), get], TIMES
        )
    by_orders = dict(zip(ORDERS, found, strict=True))
    lines = len(a_store.facts_of_order()[0].lines)
    say("update_customer.cpu_ms", by_orders=by_orders, lines_an_order=lines)
    say("update_customer.cpu_ms", by_orders={20: few}, lines_an_order=LINES)
    ours = round(by_orders[20] - calls * one_call, 2)
    say("update_customer.sdk", calls=calls, cpu_ms_a_call=one_call, cpu_ms_without_it=ours, budget=BUDGET_MS)
    per_order = (by_orders[500] - by_orders[100]) / 400
    say(
        "update_customer.growth",
        from_10_to_100=round(by_orders[100] / by_orders[10], 2),
        budget=3,
        ms_an_order_from_100_to_500=round(per_order, 4),
        above_500_over_one_order=round(by_orders[10_000] / by_orders[1], 2),
    )


if __name__ == "__main__":
    main()

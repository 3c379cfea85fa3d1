"""From a signed webhook to Klaviyo's event, on the deployed stack with the template's own delays: minutes."""

import io
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from tests.bench.measuring import say
from tests.local_stack.processes import Processes
from tests.local_stack.progress import Progress
from tests.local_stack.stack import STEPS, start_stack
from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    Someone,
    an_order_of,
    consent_of,
    deliver_all,
    events,
    is_published,
    properties,
    seed,
    someone,
    tags,
)

PEOPLE: Final = 5
BUDGET_SECONDS: Final = 120
"""In which a flow is to start."""
PATIENCE_SECONDS: Final = 240.0
BURST_SECONDS: Final = 3.0
"""Between an order's webhooks."""


def order_of(cloud: Cloud, person: Someone) -> Mapping[str, float]:
    """Let somebody place a first order; return the seconds from its first webhook to what is seen of it."""
    order = an_order_of(person, 0.01)
    began = time.monotonic()
    for topic in ("orders/create", "orders/paid", "orders/updated"):
        deliver_all(cloud.endpoints, [(topic, order)])
        time.sleep(BURST_SECONDS)
    looks: Mapping[str, Callable[[], object]] = {
        "tag": lambda: tags(cloud, person),
        "property": lambda: properties(cloud, person).get("nextorder_stage"),
        "event": lambda: events(cloud, person),
    }
    seconds = {}
    for name, look in looks.items():
        eventually(look, seconds=PATIENCE_SECONDS)
        seconds[name] = time.monotonic() - began
    return seconds


def main() -> None:
    """Print the seconds until tag, property and event."""
    with Processes("bench-latency") as processes:
        progress = Progress(STEPS, output=io.StringIO())
        cloud = Cloud(start_stack(processes, progress, servers={}, hurries=False))
        shop = cloud.shops.get(cloud.endpoints.shop_domain)
        assert shop
        people = [someone(shop) for _ in range(PEOPLE)]
        seed(cloud, *people)
        deliver_all(cloud.endpoints, map(consent_of, people))
        for person in people:
            # else the order would go out with this change, which waits already
            eventually(partial(is_published, cloud, shop.id, person), seconds=PATIENCE_SECONDS)
        with ThreadPoolExecutor(PEOPLE) as pool:
            took = list(pool.map(lambda person: order_of(cloud, person), people))
    for name in took[0]:
        found = [round(one[name], 1) for one in took]
        say(f"latency.{name}", people=PEOPLE, median_s=statistics.median(found), max_s=max(found))
    say("latency.budget", seconds=BUDGET_SECONDS, kept=max(one["event"] for one in took) <= BUDGET_SECONDS)


if __name__ == "__main__":
    main()

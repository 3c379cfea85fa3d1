"""What a pass over everyone costs: units, messages and CPU a customer, on part of the sample store."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.adapters.dynamodb.passes import DynamoPasses, DynamoSizes
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.dynamodb.unit_costs import DynamoUnitCosts
from nextorder.domain.passes import EVERY, TICK
from nextorder.domain.shop import Costs, Shop
from nextorder.training.store import fit_store
from nextorder.use_cases.sweep import Sweeper, sweep
from nextorder.use_cases.update_customer import Judge, update_customer
from samples.invented import COSTS
from samples.invented import SHOP as SAMPLE
from tests.bench.bench_store import lines_of_the_store, read_all
from tests.bench.import_steps import NOW, described, priced
from tests.bench.measuring import say
from tests.bench.metering import Meter
from tests.fakes.assortment import InMemoryAssortment
from tests.fakes.in_memory import InMemoryQueue
from tests.fakes.signs import InMemoryForgotten
from tests.local_stack.bare import TABLE, BareAws, bare_aws
from tests.unit.shop_cases import CATALOGUE, MODEL

MOST: Final = 500
"""Customers of the sample: a local DynamoDB takes its time."""


@dataclass
class Side:
    """A function's own client, its stores on it, and what it reads and writes."""

    aws: BareAws

    def __post_init__(self) -> None:
        self.client: Any = self.aws.client("dynamodb")
        self.meter = Meter(looker=self.aws.client("dynamodb"))
        self.meter.watch(self.client, self.aws.client("sqs"))
        self._read = 0.0
        for operation in ("Scan", "Query", "GetItem"):
            self.client.meta.events.register(f"provide-client-params.dynamodb.{operation}", _ask)
            self.client.meta.events.register(f"after-call.dynamodb.{operation}", self._take)
        self.judge = Judge(
            customers=DynamoCustomers(self.client, TABLE, new_log_key=lambda: "0123456789abcdef"),
            shops=DynamoShops(self.client, TABLE, prior=lambda: MODEL),
            forgotten=InMemoryForgotten(),
        )

    def _take(self, parsed: dict[str, Any], **_: Any) -> None:
        self._read += parsed["ConsumedCapacity"]["CapacityUnits"]

    def units(self) -> tuple[float, int]:
        """Return the units read and written since the last time."""
        writes, _, _ = self.meter.take()
        read, self._read = self._read, 0.0
        return read, sum(units for _, units in writes)


def _ask(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {**params, "ReturnConsumedCapacity": "TOTAL"}


@dataclass
class Store:
    """Part of the sample's customers in a table, each with a state, and both functions."""

    aws: BareAws

    def __post_init__(self) -> None:
        self.sweeps, self.updates = Side(self.aws), Side(self.aws)
        self.queue = InMemoryQueue()
        self.shop = self._filled()
        client = self.sweeps.client
        self.sweeper = Sweeper(
            judge=self.sweeps.judge,
            waker=self.queue,
            passes=DynamoPasses(client, TABLE),
            sizes=DynamoSizes(client, TABLE),
            costs=DynamoUnitCosts(client, TABLE),
            notices=lambda _: {},
            denials=DynamoDenials(client, TABLE),
        )

    def _filled(self) -> Shop:
        """Import the customers, fit the shop and reach everyone's first state."""
        shop = Shop(id=SAMPLE["domain"], gid=SAMPLE["gid"], timezone=SAMPLE["timezone"], currency="GBP")
        shop = replace(shop, costs=Costs(**COSTS))
        goods, lines = lines_of_the_store()
        assortment = InMemoryAssortment()
        assortment.store_all(shop.id, read_all(goods, shop).shop_facts)
        by_customer = priced(read_all(lines, shop), assortment, shop)
        model, numbers = fit_store(described(by_customer, shop), shop, CATALOGUE, NOW)
        shop = replace(shop, numbers=replace(numbers, model=model.name, customers=MOST))
        client = self.aws.client("dynamodb")
        shops = DynamoShops(client, TABLE, prior=lambda: MODEL)
        shops.save(shop)
        shops.save_model(shop.id, model)
        customers = DynamoCustomers(client, TABLE, new_log_key=lambda: "0123456789abcdef")
        judge = Judge(customers=customers, shops=shops, forgotten=InMemoryForgotten())
        for name, facts in list(by_customer.items())[:MOST]:
            DynamoBulk(client, TABLE, customers).store_all(shop.id, {name: facts})
            update_customer(name, shop=shop, judge=judge, as_of=NOW)
        return shop

    def run(self, kind: str, as_of: datetime) -> datetime:
        """Run a pass and print it; return when it had ended."""
        ticks, seconds = 0, 0.0
        while True:
            began = time.thread_time()
            now = sweep(self.shop, sweeper=self.sweeper, as_of=as_of)
            seconds += time.thread_time() - began
            assert now
            if now.ended_at:
                break
            for customer in self.queue.woken:
                update_customer(customer, shop=self.shop, judge=self.updates.judge, as_of=as_of, refresh=True)
            self.queue.woken.clear()
            ticks, as_of = ticks + 1, as_of + TICK
        (swept_reads, swept_writes), (reads, writes) = self.sweeps.units(), self.updates.units()
        say(
            f"sweep.{kind}",
            customers=now.looked_at,
            hours=round(ticks * TICK / timedelta(hours=1), 1),
            woken=round(now.woken / now.looked_at, 3),
            read_units_a_customer=round((swept_reads + reads) / now.looked_at, 2),
            of_the_scan=round(swept_reads / now.looked_at, 2),
            write_units_a_customer=round((swept_writes + writes) / now.looked_at, 2),
            cpu_ms_a_customer=round(1000 * seconds / now.looked_at, 2),
        )
        return as_of


def main() -> None:
    """Print the first pass, one for other terms, and a weekly one."""
    with bare_aws("bench-sweep") as aws:
        store = Store(aws)
        ended = store.run("first", NOW)
        store.shop = replace(store.shop, loyal_order_days=5)
        ended = store.run("other_terms", ended)
        store.run("weekly", ended + EVERY)


if __name__ == "__main__":
    main()

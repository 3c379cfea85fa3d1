"""The sample store without a database: import rate from JSON lines to verdicts, and sizes of items."""

import gc
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from typing import TypeVar

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb.items import Item, customer_key, row
from nextorder.adapters.dynamodb.records import state_item
from nextorder.adapters.shopify.deliveries import payload_of, read_payload, triggered_at
from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, StoredFact, sort_key
from nextorder.domain.features import Features, compute_features
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.shop import Costs, Shop
from nextorder.domain.verdict import State
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.model import StoreModel
from nextorder.training.store import fit_store
from nextorder.use_cases.import_facts import History
from nextorder.use_cases.take_facts import with_costs
from samples.invented import COSTS
from samples.invented import SHOP as SAMPLE
from samples.payloads import history
from tests.bench.measuring import item_bytes, percentile, say
from tests.fakes.assortment import InMemoryAssortment
from tests.unit.shop_cases import CATALOGUE

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SHARE = 6
TEN = 10
KIBIBYTE = 1024
GOODS = frozenset({"products/update", "inventory_items/update"})
BUDGET = 5_000

Answer = TypeVar("Answer")


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return CPU seconds and the answer."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    answer = work()
    return time.process_time() - began, answer


def lines_of_the_store() -> tuple[list[bytes], list[bytes]]:
    """Return the goods, and every SHARE-th customer's whole history, as lines of an import's file."""
    customers, orders = set(), set()
    goods: list[bytes] = []
    lines: list[bytes] = []
    for delivery in history(NOW):
        said = delivery.payload
        if delivery.topic == "customers/create" and said["id"] % SHARE == 0:
            customers.add(said["id"])
        elif delivery.topic == "orders/create" and said["customer"]["id"] in customers:
            orders.add(said["id"])
        elif delivery.topic not in GOODS and said.get("order_id") not in orders:
            continue
        (goods if delivery.topic in GOODS else lines).append(delivery.to_json().encode())
    return goods, lines


def read_all(lines: Sequence[bytes], shop: Shop) -> History:
    """Read lines as `nextorder import` does."""
    found = History()
    for line in lines:
        delivery = payload_of(line)
        at = triggered_at(delivery["triggered_at"])
        found.add(read_payload(delivery["topic"], delivery["payload"], at, shop))
    found.sort_out()
    return found


def priced(found: History, goods: History, shop: Shop) -> dict[str, list[StoredFact]]:
    """Return each customer's facts with the costs that an import gives them."""
    assortment = InMemoryAssortment()
    assortment.store_all(shop.id, goods.shop_facts)
    return {
        customer: [
            with_costs(fact, shop.id, assortment) if isinstance(fact, Order) else fact
            for fact in facts.values()
        ]
        for customer, facts in found.by_customer.items()
    }


def fact_items(by_customer: Mapping[str, Sequence[StoredFact]], shop: Shop) -> list[tuple[StoredFact, Item]]:
    """Write every fact as the item that is stored."""
    return [
        (fact, row(pk, sort_key(fact), newest=version_of(fact), doc=fact_codec.encode(fact)))
        for pk, facts in ((customer_key(shop.id, name), facts) for name, facts in by_customer.items())
        for fact in facts
    ]


def state_items(everyone: Iterable[Features], shop: Shop, model: StoreModel) -> list[Item]:
    """Reach everyone's verdict and write it as an item."""
    items = []
    for features in everyone:
        verdict, due_at = reach_verdict(features, shop, model, as_of=NOW, catalogue=CATALOGUE)
        shown = fingerprint(verdict, CATALOGUE, shop)
        state = State(
            verdict=verdict, digest="0" * 24, shown=shown, version=1, due_at=due_at, orders=features.orders
        )
        items.append(state_item(customer_key(shop.id, features.customer), shop.id, state, "0" * 16))
    return items


def main() -> None:
    """Print the rate, then the sizes."""
    shop = Shop(id=SAMPLE["domain"], gid=SAMPLE["gid"], timezone=SAMPLE["timezone"], currency="GBP")
    shop = replace(shop, costs=Costs(**COSTS))
    goods, lines = lines_of_the_store()
    sold = read_all(goods, shop)
    reading, found = timed(lambda: read_all(lines, shop))
    pricing, by_customer = timed(lambda: priced(found, sold, shop))
    writing, stored = timed(lambda: fact_items(by_customer, shop))
    describing, everyone = timed(
        lambda: [compute_features(name, facts, shop, NOW) for name, facts in by_customer.items()]
    )
    fitting, (model, numbers) = timed(lambda: fit_store(everyone, shop, CATALOGUE, NOW))
    fitted = replace(shop, numbers=replace(numbers, model=model.name))
    scoring, states = timed(lambda: state_items(everyone, fitted, model))

    orders = len(found.orders)
    steps = {
        "reading": reading,
        "pricing": pricing,
        "writing": writing,
        "features": describing,
        "scoring": scoring,
    }
    say(
        "import.rate",
        orders_a_second=round(orders / sum(steps.values())),
        budget=BUDGET,
        ms_an_order={name: round(1000 * seconds / orders, 3) for name, seconds in steps.items()},
        orders=orders,
        customers=len(by_customer),
        megabytes=round(sum(map(len, lines)) / 1e6, 1),
        fit_seconds=round(fitting, 2),
    )
    of_ten = [item_bytes(item) for fact, item in stored if isinstance(fact, Order) and len(fact.lines) == TEN]
    say("items.order_of_10_lines", median=median(of_ten), p95=percentile(of_ten, 0.95), budget_bytes=1024)
    sizes = [item_bytes(item) for item in states]
    say(
        "items.state",
        median=median(sizes),
        p95=percentile(sizes, 0.95),
        most=max(sizes),
        share_in_one_write_unit=round(sum(size <= KIBIBYTE for size in sizes) / len(sizes), 3),
    )


if __name__ == "__main__":
    main()

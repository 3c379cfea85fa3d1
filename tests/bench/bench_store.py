"""The sample store without a database: import rate from JSON lines to verdicts, and sizes of items."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from nextorder.adapters.shopify.deliveries import payload_of, read_payload, triggered_at
from nextorder.domain.facts import Order
from nextorder.domain.shop import Costs, Shop
from nextorder.training.store import fit_store
from nextorder.use_cases.import_facts import History
from samples.invented import COSTS
from samples.invented import SHOP as SAMPLE
from samples.payloads import history
from tests.bench.import_steps import NOW, described, fact_items, priced, state_items, timed
from tests.bench.measuring import item_bytes, percentile, say
from tests.fakes.assortment import InMemoryAssortment
from tests.unit.shop_cases import CATALOGUE

SHARE = 6
TEN = 10
KIBIBYTE = 1024
GOODS = frozenset({"products/update", "inventory_items/update"})
BUDGET = 5_000


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


def main() -> None:
    """Print the rate, then the sizes."""
    shop = Shop(id=SAMPLE["domain"], gid=SAMPLE["gid"], timezone=SAMPLE["timezone"], currency="GBP")
    shop = replace(shop, costs=Costs(**COSTS))
    goods, lines = lines_of_the_store()
    sold = read_all(goods, shop)
    reading, found = timed(lambda: read_all(lines, shop))
    assortment = InMemoryAssortment()
    assortment.store_all(shop.id, sold.shop_facts)
    pricing, by_customer = timed(lambda: priced(found, assortment, shop))
    writing, stored = timed(lambda: fact_items(by_customer, shop))
    describing, everyone = timed(lambda: described(by_customer, shop))
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

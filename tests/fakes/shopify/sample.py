"""The sample store in the fake: its people and products are kept, its orders written when asked for."""

from collections.abc import Mapping
from datetime import datetime

from samples.standing import Orders, people, products
from tests.fakes.shopify.store import Store


def fill(store: Store, *, as_of: str) -> Mapping[str, int]:
    """Let a store be the sample store at a moment (ISO 8601, aware)."""
    orders = Orders(datetime.fromisoformat(as_of))
    everyone, goods = people(orders), products(orders.as_of)
    store.sources = {"Order": orders}
    for customer in everyone:
        store.add("Customer", customer)
    for product in goods:
        store.add("Product", product)
    return {"orders": len(orders), "customers": len(everyone), "products": len(goods)}

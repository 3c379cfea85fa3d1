"""A generated store is the same whichever way it is asked, and keeps nothing of it."""

import pytest

from tests.adapters.test_fake_shopify_bulk import finished, lines_of, start
from tests.fakes.shopify.client import TAGS_ADD, Client
from tests.fakes.shopify.generated import CUSTOMER, FIRST_ORDER, ORDER, Customers, Orders, Plan
from tests.fakes.shopify.ids import seconds

PLAN = Plan(orders=1_000, customers=300, currency="EUR")
ALWAYS = (float("-inf"), float("inf"))


def test_a_body_is_the_same_by_id_and_in_its_turn() -> None:
    orders, customers = Orders(PLAN), Customers(PLAN)

    assert all(orders.get(body["id"]) == body for body in orders.within(*ALWAYS))
    assert all(customers.get(body["id"]) == body for body in customers.within(*ALWAYS))
    assert orders.get(ORDER + PLAN.orders) is None
    assert customers.get(CUSTOMER - 1) is None


def test_customers_have_as_many_orders_as_they_are_said_to_have() -> None:
    placed = [body["customer"]["id"] for body in Orders(PLAN).within(*ALWAYS)]

    assert all(body["orders_count"] == placed.count(body["id"]) for body in Customers(PLAN).within(*ALWAYS))


@pytest.mark.parametrize("day", [-1, 0, 1, 500, 1094, 1095, 2000])
def test_a_time_is_cut_where_it_says(day: int) -> None:
    since = FIRST_ORDER + day * 86_400
    every = list(Orders(PLAN).within(*ALWAYS))
    later = list(Orders(PLAN).within(since, float("inf")))
    earlier = list(Orders(PLAN).within(float("-inf"), since))

    assert earlier + later == every
    assert all(PLAN.placed_at(body["id"] - ORDER) >= since for body in later)


def test_a_million_orders_are_counted_paged_and_read_at_once(shopify: Client) -> None:
    shopify.door("generate", {"orders": 1_000_000, "customers": 300_000})
    query = """query($after: String) { ordersCount(limit: null) { count }
      orders(first: 3, after: $after, sortKey: CREATED_AT) {
        nodes { id } pageInfo { endCursor hasNextPage } }
      order(id: "gid://shopify/Order/5000000000025") { refunds { id } customer { numberOfOrders } } }"""

    first = shopify.ask(query)["data"]
    second = shopify.ask(query, after=first["orders"]["pageInfo"]["endCursor"])["data"]
    seen = [int(node["id"].rsplit("/", 1)[1]) for page in (first, second) for node in page["orders"]["nodes"]]

    assert first["ordersCount"] == {"count": 1_000_000}
    assert seen == [ORDER + at for at in range(6)]
    assert len(first["order"]["refunds"]) == 1
    assert first["order"]["customer"]["numberOfOrders"] in {"3", "4"}
    assert "Order" not in {one.kind for one in shopify.fake.store.resources.values()}


def test_a_window_of_a_generated_store_is_exported(shopify: Client) -> None:
    shopify.door("generate", {"orders": 1_000, "customers": 300})
    query = """{ orders(query: "created_at:>='2024-01-01' created_at:<'2024-02-01'") { edges { node {
      id createdAt } } } }"""
    rows = lines_of(finished(shopify, start(shopify, query))["url"])

    assert 25 <= len(rows) <= 30
    assert all(seconds("2024-01-01T00:00:00Z", 0) <= seconds(row["createdAt"], 0) for row in rows)


def test_what_is_written_to_a_generated_customer_stays(shopify: Client) -> None:
    shopify.door("generate", {"orders": 1_000, "customers": 300})
    someone = f"gid://shopify/Customer/{CUSTOMER + 5}"
    shopify.ask(TAGS_ADD, id=someone, tags=["next:due"])

    assert shopify.ask("query($id: ID!) { customer(id: $id) { tags } }", id=someone)["data"] == {
        "customer": {"tags": ["next:due"]}
    }
    counted = shopify.ask("{ customersCount(limit: null) { count } }")["data"]["customersCount"]
    assert counted == {"count": 301}

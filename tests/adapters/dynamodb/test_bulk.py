"""Many facts and states at once: together where it fits, one by one where it clashes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.domain.facts import Order, Refund
from nextorder.domain.verdict import State, Verdict
from tests.local_stack.bare import TABLE

AT = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
LATER = AT + timedelta(days=1)
STATE = State(verdict=Verdict(), digest="d", shown="s", version=1, log_key="key")


def an_order(number: int, customer: str | None = "7001") -> Order:
    return Order(id=str(number), customer=customer, placed_at=AT, updated_at=AT, currency="EUR")


def a_refund(order: int) -> Refund:
    return Refund(id=f"{order}9", order=str(order), placed_at=AT, updated_at=AT)


@pytest.fixture
def customers(dynamodb: Any) -> DynamoCustomers:
    return DynamoCustomers(dynamodb, TABLE, new_log_key=lambda: "new")


@pytest.fixture
def bulk(dynamodb: Any, customers: DynamoCustomers) -> DynamoBulk:
    return DynamoBulk(dynamodb, TABLE, customers)


def test_more_facts_than_fit_one_transaction_are_all_there(
    bulk: DynamoBulk, customers: DynamoCustomers, shop: str
) -> None:
    orders = [an_order(number) for number in range(230)]

    bulk.store_all(shop, {"7001": orders})
    bulk.store_all(shop, {"7001": orders})

    assert {fact for fact in customers.read(shop, "7001").facts if isinstance(fact, Order)} == set(orders)


def test_one_fact_that_is_held_already_keeps_no_other_out_and_is_not_written_over(
    bulk: DynamoBulk, customers: DynamoCustomers, shop: str
) -> None:
    held = replace(an_order(2), updated_at=LATER)
    customers.store(shop, "7001", held)

    bulk.store_all(shop, {"7001": [an_order(1), an_order(2), an_order(3)]})

    assert set(customers.read(shop, "7001").facts) == {an_order(1), held, an_order(3)}


def test_orders_of_which_something_else_is_known_are_named(
    bulk: DynamoBulk, customers: DynamoCustomers, shop: str
) -> None:
    customers.own_order(shop, "2", "7002", version="", former=())
    orders = [an_order(1), an_order(2), an_order(3, None)]

    contested = bulk.own_all(shop, orders)

    assert [order.id for order in contested] == ["2"]
    owners = [customers.place_of_order(shop, order.id).customer for order in orders]
    assert owners == ["7001", "7002", None]


def test_what_waits_for_an_order_is_found(bulk: DynamoBulk, customers: DynamoCustomers, shop: str) -> None:
    customers.park(shop, "1", a_refund(1))
    customers.park(shop, "2", an_order(2, None))
    customers.park(f"x{shop}", "3", a_refund(3))

    assert list(bulk.waiting(shop)) == [a_refund(1)]


def test_a_state_that_moved_on_is_left_and_named(
    bulk: DynamoBulk, customers: DynamoCustomers, shop: str
) -> None:
    customers.save_state(shop, "2", STATE, replaces=0)
    customers.save_state(shop, "2", replace(STATE, version=2, shown="live"), replaces=1)
    states = {customer: replace(STATE, run="import-1") for customer in ("1", "2", "3")}

    assert bulk.save_states(shop, states) == ["2"]

    assert [customers.state(shop, customer) for customer in "13"] == [states["1"], states["3"]]
    live = customers.state(shop, "2")
    assert live
    assert live.shown == "live"


def test_everyone_is_in_exactly_one_segment_whole(bulk: DynamoBulk, shop: str) -> None:
    for customer in range(30):
        own = f"{7000 + customer}"
        bulk.store_all(shop, {own: [an_order(customer * 10 + number, own) for number in range(3)]})
    bulk.own_all(shop, [an_order(1)])

    found = [one for number in range(4) for one in bulk.segment(shop, number, 4)]

    assert sorted(customer for customer, _ in found) == [f"{7000 + customer}" for customer in range(30)]
    assert {len(record.facts) for _, record in found} == {3}


def test_what_is_held_already_costs_one_request_more_and_no_single_writes(
    dynamodb: Any, bulk: DynamoBulk, customers: DynamoCustomers, shop: str
) -> None:
    """Each part of an import brings the sign-ups of its orders' customers again."""
    held = replace(an_order(2), updated_at=LATER)
    customers.store(shop, "7001", held)
    asked: list[str] = []
    dynamodb.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))

    bulk.store_all(shop, {"7001": [an_order(1), an_order(2)], "7002": [an_order(3, "7002")]})

    assert asked == ["TransactWriteItems"] * 2
    assert set(customers.read(shop, "7001").facts) == {an_order(1), held}
    assert set(customers.read(shop, "7002").facts) == {an_order(3, "7002")}

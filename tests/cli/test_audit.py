"""`nextorder audit`: lights, numbers and words on a store's history, in one look at everyone."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import SHOP, an_order

CONTACTS = ("buyer@example.com", "buyer+second@example.com", "another@example.com")


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops) -> Shop:
    """Three customers with an order each, one of them without a cost, and a guest's order."""
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(shop)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    for number in (7001, 7002, 7003):
        cost = None if number == 7003 else 2_000
        order = replace(an_order(0, name=f"o{number}", cost=cost), customer=str(number))
        customers.store(shop.id, str(number), order)
        customers.own_order(shop.id, order.id, str(number), version="", former=())
    guest = replace(an_order(1, name="g"), customer=None)
    customers.own_order(shop.id, "g", None, version="", former=())
    customers.park(shop.id, "g", guest)
    return shop


def found(nextorder: Nextorder, shop: Shop, *more: str) -> dict[str, dict[str, Any]]:
    said = nextorder("audit", "--json", *more, "--shop", shop.id)
    return {one["name"]: one for one in json.loads(said)}


def test_it_says_what_is_missing_why_it_matters_and_what_to_do(nextorder: Nextorder, shop: Shop) -> None:
    said = nextorder("audit", "--shop", shop.id).splitlines()
    at = next(n for n, line in enumerate(said) if "goods without a cost" in line)

    assert said[at].startswith("  yellow  goods without a cost")
    assert "25 % of revenue" in said[at]
    assert "(tea 25 %)" in said[at]
    assert "it touches value" in said[at + 1]
    assert "nextorder costs export" in said[at + 2]
    assert said[-1].endswith(" red")


def test_a_program_reads_the_same_lines(nextorder: Nextorder, shop: Shop) -> None:
    lines = found(nextorder, shop)

    assert lines["history"]["number"].endswith("4 orders of 3 customers")
    assert lines["guest orders"] == {
        "name": "guest orders",
        "light": "yellow",
        "number": "1 order, 25 %",
        "why": "nobody can be told who ordered, so no customer is known by them",
        "what": "ask for customer accounts at the checkout",
    }
    assert lines["likely doubles"]["number"].startswith("not compared")


def test_doubles_are_compared_in_memory_on_request(
    nextorder: Nextorder, aws: BareAws, store: FakeShopify, shop: Shop
) -> None:
    people = [{"id": 7001 + n, "email": email} for n, email in enumerate(CONTACTS)]
    store.seed({"customers": people})
    keys = {"client_id": "demo-client", "client_secrets": ["demo-secret"]}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop.id, keys)

    lines = found(nextorder, shop, "--ask-shopify")
    assert lines["likely doubles"]["number"] == "at least 1 of 3; merged so far: 0 records"
    assert "example.com" not in json.dumps(lines)


def test_a_store_without_anything_is_said_to_be_one(nextorder: Nextorder, shops: DynamoShops) -> None:
    empty = Shop(id=f"{uuid4().hex}.myshopify.com")
    shops.save(empty)

    lines = found(nextorder, empty)
    assert lines["history"]["light"] == "red"
    assert lines["time zone"]["light"] == "yellow"
    assert lines["goods without a cost"]["light"] == "green"

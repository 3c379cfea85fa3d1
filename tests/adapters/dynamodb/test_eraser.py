"""After an erasure the table holds nothing of a person but what destinations still have to let go."""

from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.eraser import Eraser
from nextorder.adapters.dynamodb.items import customer_key, order_key, row, text
from tests.local_stack.bare import TABLE


@pytest.fixture
def shop(dynamodb: Any) -> str:
    """Customer 1, into whom 2 was merged, with orders at all stages of being known; and customer 3."""
    shop = f"{uuid4().hex}.myshopify.com"
    one, two, three = (customer_key(shop, customer) for customer in "123")
    held = [
        *(row(one, sk) for sk in ("state", "order#11", "absorbed#2", "contact", "accepted#klaviyo")),
        row(two, items.GONE, into="1"),
        row(three, "state"),
        row(order_key(shop, "11"), items.OWNER, customer="1"),
        row(order_key(shop, "12"), items.OWNER, customer="2"),
        row(order_key(shop, "13"), "refund#9"),
        row(order_key(shop, "14"), items.OWNER),
        row(order_key(shop, "15"), items.OWNER, customer="3"),
    ]
    for item in held:
        dynamodb.put_item(TableName=TABLE, Item=item)
    return shop


def left(dynamodb: Any, shop: str) -> list[tuple[str, str]]:
    found = items.pages(dynamodb.scan, TableName=TABLE)
    own = (item for item in found if text(item, "pk").startswith(shop))
    return sorted((text(item, "pk").removeprefix(shop), text(item, "sk")) for item in own)


def test_a_customer_goes_with_merged_records_and_orders_whose_owner_never_came(
    dynamodb: Any, shop: str
) -> None:
    eraser = Eraser(dynamodb, TABLE)
    assert eraser.absorbed(shop, "1") == ["2"]

    eraser.erase_customer(shop, "1", ["12", "13", "14", "15", "16"])

    assert left(dynamodb, shop) == [("#1", "accepted#klaviyo"), ("#3", "state"), ("#order#15", "owner")]
    assert eraser.absorbed(shop, "1") == []


def test_a_shop_goes_whole(dynamodb: Any, shop: str) -> None:
    Eraser(dynamodb, TABLE).erase_shop(shop)

    assert left(dynamodb, shop) == []


@pytest.mark.parametrize("owner", ["3", ""], ids=["somebody", "a guest"])
def test_an_order_that_went_to_somebody_else_forgets_whose_it_was(
    dynamodb: Any, shop: str, owner: str
) -> None:
    handed_on = row(customer_key(shop, "1"), f"{items.HANDED_ON}15")
    owned = row(order_key(shop, "15"), items.OWNER, customer=owner, newest="v", former="1")
    for item in (handed_on, owned):
        dynamodb.put_item(TableName=TABLE, Item=item)

    Eraser(dynamodb, TABLE).erase_customer(shop, "1")

    place = items.key(order_key(shop, "15"), items.OWNER)
    kept = dynamodb.get_item(TableName=TABLE, Key=place)["Item"]
    assert text(kept, "customer") == owner
    assert "former" not in kept

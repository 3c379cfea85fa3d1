"""`nextorder overstock`: a product's audience, only on request."""

from dataclasses import replace
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Numbers, Shop
from tests.cli.conftest import Nextorder


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", numbers=Numbers(category_shares={"mugs": 0.2, "tea": 0.5}))
    shops.save(shop)
    return shop


def asked(shops: DynamoShops, shop: Shop) -> list[tuple[str, str]]:
    held = shops.get(shop.id)
    assert held is not None
    return [(push.product, push.category) for push in held.pushes]


def test_an_audience_is_asked_for_and_stopped(nextorder: Nextorder, shops: DynamoShops, shop: Shop) -> None:
    of_shop = ("--shop", shop.id)
    assert "nothing is asked for" in nextorder("overstock", *of_shop)

    said = nextorder("overstock", "blue-mug", "--category", "mugs", *of_shop)
    assert "overstock:blue-mug  mugs, asked for on " in said
    nextorder("overstock", "green-tea", "--category", "tea", *of_shop)
    assert asked(shops, shop) == [("blue-mug", "mugs"), ("green-tea", "tea")]

    nextorder("overstock", "blue-mug", "--stop", *of_shop)
    assert asked(shops, shop) == [("green-tea", "tea")]


def test_asking_again_begins_the_fortnight_anew(nextorder: Nextorder, shops: DynamoShops, shop: Shop) -> None:
    for category in ("mugs", "tea"):
        nextorder("overstock", "blue-mug", "--category", category, "--shop", shop.id)

    assert asked(shops, shop) == [("blue-mug", "tea")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Blue Mug", "--category", "mugs"), "a name is of a-z"),
        (("m" * 30, "--category", "mugs"), "its tag of 40"),
        (("blue-mug", "--category", "cups"), "expected one of mugs, tea"),
        (("blue-mug",), "--category: expected one of mugs, tea"),
        (("--stop",), "name the product"),
        (("--category", "mugs"), "name the product"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, arguments: tuple[str, ...], says: str
) -> None:
    with pytest.raises(BadSettings, match=says):
        nextorder("overstock", *arguments, "--shop", shop.id)

    assert asked(shops, shop) == []


def test_a_shop_without_known_categories_still_has_to_name_one(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    shops.change(shop.id, numbers=replace(shop.numbers, category_shares={}))

    with pytest.raises(BadSettings, match="whose buyers"):
        nextorder("overstock", "blue-mug", "--shop", shop.id)

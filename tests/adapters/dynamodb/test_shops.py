"""Shops in the table: whoever writes one thing of a shop leaves the others as they are."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.items import key
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.catalogue_text import switched
from nextorder.domain.errors import BadSettings
from nextorder.domain.messages import ShopChanged
from nextorder.domain.shop import Costs, CountryCosts, Numbers, Shop, Window
from tests.fakes.clock import StillClock
from tests.fakes.in_memory import InMemoryShops
from tests.local_stack.bare import TABLE
from tests.unit.shop_cases import MODEL

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBERS = Numbers(
    window=Window(days=161, method="measured"),
    base={"0.5": 0.1 + 0.2, "30": 1 / 3},
    clv_ranks={"0.05": 12_345},
    return_share_top_decile=2 / 3,
    margin_by_category={"mugs": 1 / 7},
    shown_as={"value:gold": "value:silver", "love:mugs": ""},
    model="0123456789ab",
    fitted_at=NOW,
)

Process = Callable[[], Any]


@pytest.fixture(params=["table", "memory"])
def process(request: pytest.FixtureRequest) -> Process:
    """Return what gives each process its view of the same shops; the fake must keep the same promises."""
    if request.param == "memory":
        same = InMemoryShops(prior=MODEL)
        return lambda: same
    client = request.getfixturevalue("dynamodb")
    return lambda: DynamoShops(client, TABLE, prior=lambda: MODEL)


@pytest.fixture
def shop(process: Process) -> Shop:
    """A shop that was just connected."""
    shop = Shop(
        id=f"{uuid4().hex}.myshopify.com",
        gid="gid://shopify/Shop/1",
        timezone="Europe/Stockholm",
        currency="SEK",
        costs=Costs(payment_fixed=25, margin_by_category={"mugs": Decimal("0.6")}),
        numbers=NUMBERS,
    )
    process().save(shop)
    return shop


def told(at: datetime, timezone: str = "Europe/London", currency: str = "GBP") -> ShopChanged:
    return ShopChanged(timezone=timezone, currency=currency, domain="example.myshopify.com", at=at)


def test_a_shop_is_read_back_as_it_was_saved_to_the_last_digit(process: Process, shop: Shop) -> None:
    assert process().get(shop.id) == shop


def test_a_shop_that_is_not_connected_is_none(process: Process) -> None:
    assert process().get("nobody.myshopify.com") is None


def test_what_two_processes_write_at_once_both_stays(process: Process, shop: Shop) -> None:
    """A fit that began before publishing was stopped and the app was taken out undoes neither."""
    fit, merchant, forget, webhook = process(), process(), process(), process()
    for each in (fit, merchant, forget, webhook):
        each.get(shop.id)

    merchant.change(shop.id, applied=True)
    forget.change(shop.id, uninstalled_at=NOW)
    webhook.follow(shop.id, told(NOW))
    fit.change(shop.id, numbers=replace(NUMBERS, customers=7))

    found = process().get(shop.id)
    assert found.applied
    assert found.uninstalled_at == NOW
    assert (found.timezone, found.currency, found.domain) == ("Europe/London", "GBP", "example.myshopify.com")
    assert found.numbers == replace(NUMBERS, customers=7)
    assert found.costs == shop.costs


def test_whoever_wrote_sees_it_at_once(process: Process, shop: Shop) -> None:
    mine = process()
    mine.get(shop.id)
    mine.change(shop.id, applied=True)
    assert mine.get(shop.id).applied
    mine.follow(shop.id, told(NOW))
    assert mine.get(shop.id).timezone == "Europe/London"


def test_a_change_may_take_back(process: Process, shop: Shop) -> None:
    process().change(shop.id, uninstalled_at=NOW)
    process().change(shop.id, uninstalled_at=None)
    assert process().get(shop.id).uninstalled_at is None


@pytest.mark.parametrize("later", [timedelta(seconds=1), timedelta(microseconds=1)])
def test_a_late_word_of_the_platform_is_passed_over(process: Process, shop: Shop, later: timedelta) -> None:
    assert process().follow(shop.id, told(NOW + later, "Europe/Paris", "EUR"))
    assert not process().follow(shop.id, told(NOW))
    assert not process().follow(shop.id, told(NOW + later))
    found = process().get(shop.id)
    assert (found.timezone, found.currency, found.updated_at) == ("Europe/Paris", "EUR", NOW + later)


def test_what_was_known_when_the_shop_was_saved_counts_as_told(process: Process, shop: Shop) -> None:
    process().save(replace(shop, updated_at=NOW))
    assert not process().follow(shop.id, told(NOW - timedelta(days=1)))


def test_a_shop_that_is_gone_does_not_come_back(process: Process) -> None:
    gone = f"{uuid4().hex}.myshopify.com"
    assert not process().change(gone, applied=True)
    assert not process().follow(gone, told(NOW))
    assert process().get(gone) is None


def test_a_misspelt_field_is_no_change(process: Process, shop: Shop) -> None:
    with pytest.raises(TypeError):
        process().change(shop.id, aplied=True)


def test_a_setting_of_a_newer_release_outlives_what_this_one_writes(dynamodb: Any) -> None:
    shop = f"{uuid4().hex}.myshopify.com"
    shops = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL)
    shops.save(Shop(id=shop))
    write(dynamodb, shop, "costs", {"green": 1, "pick_pack": 5, "by_country": {"GB": {"duty": 30}, "SE": {}}})
    write(dynamodb, shop, "numbers", {"churn_rank": 1})
    write(dynamodb, shop, "loyalty", {"points": 9})

    found = shops.get(shop)
    assert found
    assert found.costs == Costs(pick_pack=5, by_country={"GB": CountryCosts(), "SE": CountryCosts()})
    costs = replace(found.costs, pick_pack=7, by_country={"GB": CountryCosts(pick_pack=21)})
    shops.change(shop, costs=costs, numbers=replace(found.numbers, customers=9))

    abroad = {"GB": {"duty": 30, "pick_pack": 21}}
    assert read(dynamodb, shop, "costs") == {"green": 1, "pick_pack": 7, "by_country": abroad}
    assert read(dynamodb, shop, "loyalty") == {"points": 9}
    assert read(dynamodb, shop, "numbers") == {"customers": 9}, "of two fits nothing is mixed"


def write(dynamodb: Any, shop: str, name: str, value: Any) -> None:
    dynamodb.update_item(
        TableName=TABLE,
        Key=key(shop, "shop"),
        UpdateExpression="SET #n = :v",
        ExpressionAttributeNames={"#n": name},
        ExpressionAttributeValues={":v": {"S": json.dumps(value)}},
    )


def read(dynamodb: Any, shop: str, name: str) -> Any:
    item = dynamodb.get_item(TableName=TABLE, Key=key(shop, "shop"), ConsistentRead=True)["Item"]
    return json.loads(item[name]["S"])


def test_a_shop_is_known_the_moment_it_is_connected(dynamodb: Any) -> None:
    """Not connected is not remembered; connected is, for a minute."""
    clock = StillClock()
    receiving = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL, clock=clock)
    shop = Shop(id=f"{uuid4().hex}.myshopify.com")
    assert receiving.get(shop.id) is None
    connecting = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL)
    connecting.save(shop)
    assert receiving.get(shop.id) == shop
    assert shop.id in receiving.connected()


def test_who_works_for_minutes_hears_at_once_what_the_merchant_says(dynamodb: Any) -> None:
    working = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL, cache_seconds=0.0)
    shop = Shop(id=f"{uuid4().hex}.myshopify.com")
    working.save(shop)
    assert working.get(shop.id) == shop

    DynamoShops(dynamodb, TABLE, prior=lambda: MODEL).change(shop.id, applied=True)

    assert working.get(shop.id) == replace(shop, applied=True)


def test_a_shop_has_the_packaged_catalogue_until_it_pins_one(process: Process, shop: Shop) -> None:
    text = switched(packaged_catalogue(), ["life:missed"])
    name = process().save_catalogue(shop.id, text)
    assert process().catalogue(shop) == parse_catalogue(packaged_catalogue())

    pinned = process().catalogue(replace(shop, catalogue=name))

    assert pinned == parse_catalogue(text)
    assert pinned.name == name


def test_another_release_changes_nothing_of_what_is_pinned(dynamodb: Any) -> None:
    text = packaged_catalogue()
    shops = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL)
    shop = f"{uuid4().hex}.myshopify.com"
    pinned = Shop(id=shop, catalogue=shops.save_catalogue(shop, text))
    newer = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL, packaged=lambda: switched(text, "all"))

    assert newer.catalogue(pinned) == shops.catalogue(pinned)
    assert newer.catalogue(replace(pinned, catalogue="")) != shops.catalogue(pinned)


def test_a_catalogue_that_is_gone_is_said_to_be(dynamodb: Any, shop: Shop) -> None:
    shops = DynamoShops(dynamodb, TABLE, prior=lambda: MODEL)
    with pytest.raises(BadSettings, match="catalogue apply"):
        shops.catalogue(replace(shop, catalogue="nowhere"))

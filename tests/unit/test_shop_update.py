"""What shop/update changes, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.shopify.read import read
from nextorder.domain.messages import Job
from tests.fakes.house import House, Webhook
from tests.unit.shop_cases import CATALOGUE, MODEL, SHOP

AS_OF = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def shop_update(updated_at: str = "2026-05-30T10:00:00Z", **fields: Any) -> Webhook:
    body = {
        "myshopify_domain": "example.myshopify.com",
        "iana_timezone": "Europe/London",
        "currency": "GBP",
        "updated_at": updated_at,
    }
    return "shop/update", body | fields


def test_time_zone_currency_and_domain_follow_the_platform() -> None:
    house = House(SHOP, MODEL, CATALOGUE, AS_OF)
    house.receive(shop_update(myshopify_domain="renamed.myshopify.com"))
    expected = replace(
        SHOP,
        timezone="Europe/London",
        currency="GBP",
        domain="renamed.myshopify.com",
        updated_at=datetime(2026, 5, 30, 10, tzinfo=UTC),
    )
    assert house.shops.get(SHOP.id) == expected


def test_what_was_written_since_the_shop_was_read_stays() -> None:
    """The batch holds the shop as it was read before a fit and before publishing was stopped."""
    house = House(replace(SHOP, applied=True), MODEL, CATALOGUE, AS_OF)
    numbers = replace(SHOP.numbers, customers=7)
    house.shops.change(SHOP.id, numbers=numbers, applied=False)
    house.receive(shop_update())
    held = house.shops.get(SHOP.id)
    assert held is not None
    assert (held.numbers, held.applied, held.timezone) == (numbers, False, "Europe/London")


def test_the_newest_word_counts_whatever_comes_last() -> None:
    house = House(SHOP, MODEL, CATALOGUE, AS_OF)
    newer = shop_update("2026-05-30T10:00:01Z", iana_timezone="Europe/Paris", currency="EUR")
    house.receive(newer, shop_update())
    held = house.shops.get(SHOP.id)
    assert held is not None
    assert (held.timezone, held.currency) == ("Europe/Paris", "EUR")


def test_a_change_of_currency_is_told_from_other_changes() -> None:
    """Amounts that are held stay in the old currency: an operator must hear of it."""

    def changes_currency(currency: str) -> bool:
        topic, body = shop_update(currency=currency)
        return Job(id="1", shop=SHOP, reading=read(topic, body, triggered_at=AS_OF)).changes_currency

    assert changes_currency("NOK")
    assert not changes_currency(SHOP.currency)

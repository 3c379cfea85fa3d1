"""`nextorder calendar`: exceptional days from a file, in force or only looked at."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.shop import MarkedDays, Shop
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.calendar_cases import CALENDAR


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", currency="SEK", timezone="Europe/Stockholm")
    shops.save(shop)
    return shop


def calendar_of(shops: DynamoShops, shop: Shop) -> tuple[MarkedDays, ...]:
    held = shops.get(shop.id)
    assert held is not None
    return held.calendar


def test_a_calendar_comes_into_force(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(CALENDAR)

    said = nextorder("calendar", str(file), "--shop", shop.id)

    assert "2026-11-27 to 2026-11-27  Black Friday: 2.5 times the ordinary orders" in said
    assert "2026-12-24 to 2026-12-26  Christmas: closed" in said
    assert calendar_of(shops, shop) == (
        MarkedDays(name="Black Friday", first=date(2026, 11, 27), last=date(2026, 11, 27), factor=2.5),
        MarkedDays(name="Christmas", first=date(2026, 12, 24), last=date(2026, 12, 26)),
    )
    assert "Christmas: closed" in nextorder("calendar", "--shop", shop.id)


def test_a_calendar_that_is_only_checked_changes_nothing(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(CALENDAR)

    said = nextorder("calendar", str(file), "--check", "--shop", shop.id)

    assert "Black Friday" in said
    assert calendar_of(shops, shop) == ()
    assert "no exceptional days" in nextorder("calendar", "--shop", shop.id)


def test_an_empty_calendar_takes_all_days_off(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(CALENDAR)
    nextorder("calendar", str(file), "--shop", shop.id)
    file.write_text("")

    said = nextorder("calendar", str(file), "--shop", shop.id)

    assert said == "  no exceptional days\n"
    assert calendar_of(shops, shop) == ()


def test_as_last_year_is_taken_from_the_shops_own_orders(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    client = aws.client("dynamodb")
    bulk = DynamoBulk(client, TABLE, DynamoCustomers(client, TABLE, new_log_key=lambda: ""))
    first = datetime(2025, 10, 27, 11, tzinfo=UTC)
    black_friday = first + timedelta(days=32)
    for daily in map(str, range(15)):
        bulk.store_all(shop.id, {daily: [an_order(daily, first + timedelta(days=day)) for day in range(70)]})
    for once in map(str, range(15, 45)):
        bulk.store_all(shop.id, {once: [an_order(once, black_friday)]})
    file = tmp_path / "calendar.toml"
    file.write_text('[[days]]\nname = "Black Friday"\nfirst = 2026-11-27\nas_last_year = true\n')

    nextorder("calendar", str(file), "--shop", shop.id)

    assert [days.factor for days in calendar_of(shops, shop)] == [3.0]


def an_order(customer: str, at: datetime) -> Order:
    return Order(
        id=f"{customer}-{at:%Y%m%d}",
        customer=customer,
        placed_at=at,
        updated_at=at,
        currency="SEK",
        total=100,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CALENDAR.replace("closed = true", "closed = yes"), r"calendar\.toml.*line 5"),
        (CALENDAR.replace("factor = 2.5", "factor = 250"), r"calendar\.toml line 10: days\.factor"),
        (
            CALENDAR.replace("factor = 2.5", "as_last_year = true"),
            "Black Friday: the orders held do not reach",
        ),
    ],
)
def test_a_wrong_calendar_changes_nothing(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(text)

    with pytest.raises(BadSettings, match=says):
        nextorder("calendar", str(file), "--shop", shop.id)

    assert calendar_of(shops, shop) == ()


def test_a_file_that_is_not_there_is_said(nextorder: Nextorder, shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        nextorder("calendar", str(tmp_path / "none.toml"), "--shop", shop.id)

"""`nextorder acquisition`: from the shop's own facts to groups, hypotheses and what was spent on them."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Origin, VariantCategory
from nextorder.domain.shop import Shop
from nextorder.report.words import significant
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import SHOP, an_order

NOW = datetime.now(UTC).replace(microsecond=0)
FRIENDS = Origin(source="friends.example.com", landing="home")
ADS = Origin(source="google", medium="cpc", campaign="spring", landing="products/pot", code="spring10")
POT = "Teapot of cast iron with a strainer, 1.2 litres"
HEADER = "from,to,dimension,name,spend,currency\n"


@pytest.fixture(scope="module")
def shop(aws: BareAws) -> Shop:
    """Sixty customers by friends and forty by ads, who bring a tenth of what the others do."""
    client = aws.client("dynamodb")
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops = DynamoShops(client, TABLE, prior=lambda: pytest.fail("the shop has a model"))
    shops.save(shop)
    customers = DynamoCustomers(client, TABLE, new_log_key=lambda: "of-a-test")
    for number in range(100):
        at = NOW - timedelta(days=5 + number % 60)
        order = an_order(0, 1_000 if number < 40 else 10_000 + number, name=f"o{number}", cost=500)
        goods = tuple(replace(line, product="1" if number < 40 else "2") for line in order.lines)
        came = ADS if number < 40 else FRIENDS
        order = replace(order, placed_at=at, updated_at=at, origin=came, lines=goods)
        customers.store(shop.id, str(number), replace(order, customer=str(number)))
    pot = VariantCategory(
        id="11", inventory_item="", category="tea", updated_at=NOW, product="1", product_title=POT
    )
    DynamoAssortment(client, TABLE).store_all(shop.id, [pot])
    return shop


def test_groups_are_listed_with_what_to_try(nextorder: Nextorder, shop: Shop, tmp_path: Path) -> None:
    said = nextorder("acquisition", "--shop", shop.id, "--out", str(tmp_path / "out"))

    assert "friends.example.com" in said
    assert "Customers who came from google / cpc bring" in said
    assert f"Customers who began with product {POT} bring" in said
    assert "Teapot of cast i…iner, 1.2 litres " in said
    assert "are at stake if they became like the store's" in said
    assert "try: spend less there for a month" in said
    assert "nextorder audience best --for google" in said
    with (tmp_path / "out" / "acquisition.csv").open(encoding="utf-8-sig") as file:
        rows = {(row["dimension"], row["name"]): row for row in csv.DictReader(file)}
    assert rows["source", "google / cpc"]["compared"] == "less"
    assert rows["code", "spring10"]["n"] == "40"
    assert (rows["product", POT]["n"], rows["product", "2"]["n"]) == ("40", "60")
    with (tmp_path / "out" / "hypotheses.csv").open(encoding="utf-8-sig") as file:
        assert {row["name"] for row in csv.DictReader(file)} >= {"google / cpc", "spring"}


def test_spend_is_set_against_what_a_customer_brings(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    first, last = f"{NOW - timedelta(days=90):%Y-%m-%d}", f"{NOW - timedelta(days=1):%Y-%m-%d}"
    spend = tmp_path / "spend.csv"
    lines = [f"{first},{last},source,Google / CPC,40000,EUR", f"{first},{last},source,radio,10,"]
    lines.append(f"{first},{last},product,1,80,EUR")
    spend.write_text(HEADER + "\n".join(lines), encoding="utf-8")

    said = nextorder("acquisition", "--shop", shop.id, "--spend", str(spend))

    assert "winning one by source google / cpc costs more than the year brings" in said
    assert "line 3: nobody was won by source radio on these days" in said
    assert "line 4" not in said
    assert "cost each" in said


def test_a_wrong_line_is_told_before_anybody_is_looked_at(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    spend = tmp_path / "spend.csv"
    spend.write_text(HEADER + "2026-06-01,2026-06-30,advert,google,1,EUR\n", encoding="utf-8")

    with pytest.raises(BadSettings, match="line 2: dimension: expected one of source"):
        nextorder("acquisition", "--shop", shop.id, "--spend", str(spend))


def test_estimates_have_no_digits_that_nobody_knows(nextorder: Nextorder, shop: Shop) -> None:
    said = nextorder("acquisition", "--shop", shop.id)

    [store] = [line for line in said.splitlines() if line.startswith("    the store ")]
    first_year = store[store.index("[") + 1 : store.index("]")]
    for end in first_year.split(" to "):
        assert float(end.replace(",", "")) == significant(float(end.replace(",", "")))


def test_a_folder_that_cannot_be_made_is_told_before_anybody_is_looked_at(
    nextorder: Nextorder, shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(BadSettings, match="--out: the folder"):
        nextorder("acquisition", "--shop", shop.id, "--out", str(tmp_path / "out"))
    assert "customers" not in capsys.readouterr().err


def test_a_list_that_is_not_there_is_named_once(nextorder: Nextorder, shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        nextorder("acquisition", "--shop", shop.id, "--spend", str(tmp_path / "none.csv"))
    assert str(refused.value) == f"{tmp_path / 'none.csv'} cannot be read: No such file or directory"


def test_a_shop_without_orders_is_told_so(nextorder: Nextorder, shops: DynamoShops) -> None:
    empty = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(empty)

    with pytest.raises(BadSettings, match="nobody had ordered"):
        nextorder("acquisition", "--shop", empty.id)

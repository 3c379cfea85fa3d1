"""`nextorder costs`: what goods cost where Shopify does not know, and orders priced anew with it."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue_text import switched
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order, OrderLine, UnitCost, VariantCategory
from nextorder.domain.shop import Numbers, Shop
from nextorder.use_cases.update_customer import Judge, update_customer
from tests.cli.conftest import Nextorder
from tests.fakes.signs import InMemoryForgotten
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import NUMBERS, SHOP, an_order

NOW = datetime.now(UTC)
MUG = VariantCategory(id="11", inventory_item="31", category="mugs", updated_at=NOW, sku="MUG")
TEA = replace(MUG, id="12", inventory_item="32", category="tea", sku="TEA")


@pytest.fixture
def customers(aws: BareAws) -> DynamoCustomers:
    return DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")


@pytest.fixture
def assortment(aws: BareAws) -> DynamoAssortment:
    return DynamoAssortment(aws.client("dynamodb"), TABLE)


def a_shop(shops: DynamoShops, *, live: bool = False) -> Shop:
    numbers = replace(NUMBERS, customers=12, fitted_at=NOW) if live else Numbers()
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com", applied=live, numbers=numbers)
    shops.save(shop)
    return shop


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    return a_shop(shops)


def a_sale(customer: str, *lines: tuple[str, int]) -> Order:
    sold = tuple(
        OrderLine(id=f"{n}", variant=variant, quantity=2, revenue=revenue)
        for n, (variant, revenue) in enumerate(lines)
    )
    total = sum(line.revenue for line in sold)
    order = replace(an_order(0, name=f"o{customer}"), customer=customer, lines=sold, total=total)
    return replace(order, placed_at=NOW, updated_at=NOW)


def unit_costs_of(customers: DynamoCustomers, shop: Shop, customer: str = "7") -> list[int | None]:
    (order,) = customers.read(shop.id, customer).facts
    assert isinstance(order, Order)
    return [line.unit_cost for line in order.lines]


def test_what_is_exported_filled_in_and_imported_reaches_the_orders(
    nextorder: Nextorder,
    shops: DynamoShops,
    shop: Shop,
    customers: DynamoCustomers,
    assortment: DynamoAssortment,
    tmp_path: Path,
) -> None:
    assortment.store_all(shop.id, [MUG, TEA])
    customers.store(shop.id, "7", a_sale("7", ("11", 900), ("12", 2_500), ("", 100)))
    file = tmp_path / "costs.csv"

    assert "wrote     2 variants" in nextorder("costs", "export", str(file), "--shop", shop.id)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["sku"], row["variant_id"], row["units_sold"], row["revenue"]) for row in rows] == [
        ("TEA", "12", "2", "25.00"),
        ("MUG", "11", "2", "9.00"),
    ]

    file.write_text(file.read_text(encoding="utf-8").replace("TEA,12,,", "TEA,12,7.50,"), encoding="utf-8")
    said = nextorder("costs", "import", str(file), "--shop", shop.id)
    assert "read      costs of 1 variants" in said
    assert "passed    1 lines without a cost" in said
    assert "wrote     1 orders of 1 customers" in said
    assert unit_costs_of(customers, shop) == [None, 750, None]
    held = shops.get(shop.id)
    assert held is not None
    assert held.priced_at is not None
    assert "TEA: 7.50 EUR" in nextorder("costs", "show", "--shop", shop.id)


def test_a_cost_far_above_what_it_was_sold_at_is_doubted_with_its_line_and_taken(
    nextorder: Nextorder,
    shop: Shop,
    customers: DynamoCustomers,
    assortment: DynamoAssortment,
    tmp_path: Path,
) -> None:
    assortment.store_all(shop.id, [MUG, TEA])
    customers.store(shop.id, "7", a_sale("7", ("11", 900), ("12", 2_500)))
    file = tmp_path / "costs.csv"
    file.write_text("sku,unit_cost\nTEA,12.50\nMUG,13.51\n", encoding="utf-8")

    for more in (("--check",), ()):
        said = nextorder("costs", "import", str(file), "--shop", shop.id, *more)
        assert "doubted   1 costs over 3 times the mean price" in said
        assert "line 3: variant 11 costs 13.51 EUR and was sold at 4.50 EUR" in said
        assert "variant 12" not in said

    assert unit_costs_of(customers, shop) == [1_351, 1_250]


def test_a_cost_that_shopify_learnt_late_is_applied(
    nextorder: Nextorder,
    shops: DynamoShops,
    shop: Shop,
    customers: DynamoCustomers,
    assortment: DynamoAssortment,
) -> None:
    customers.store(shop.id, "7", a_sale("7", ("11", 900)))
    assert "every order has the costs" in nextorder("costs", "apply", "--shop", shop.id)
    held = shops.get(shop.id)
    assert held is not None
    assert held.priced_at is None, "nobody has to be looked at again"

    assortment.store_all(shop.id, [MUG, UnitCost(id="31", updated_at=NOW, unit_cost=300)])
    nextorder("costs", "apply", "--shop", shop.id)
    assert unit_costs_of(customers, shop) == [300]


def test_unusable_lines_are_kept_with_their_reasons_and_the_others_taken(
    nextorder: Nextorder, shop: Shop, assortment: DynamoAssortment, tmp_path: Path
) -> None:
    assortment.store_all(shop.id, [MUG, TEA])
    file = tmp_path / "costs.csv"
    file.write_text("sku,unit_cost,colour\nMUG,much,red\nCUP,3,blue\nTEA,4,green\n", encoding="utf-8")

    said = nextorder("costs", "import", str(file), "--shop", shop.id)
    assert "line 2, unit_cost: much is no amount" in said
    assert "line 3, sku: no variant with the SKU CUP is known" in said
    assert "refused   2 lines" in said
    assert "not read  colour" in said
    kept = (tmp_path / "costs.rejects.csv").read_text(encoding="utf-8").splitlines()
    assert kept[0] == "line,column,reason,sku,unit_cost,colour"
    assert kept[2].startswith("3,sku,")
    assert kept[2].endswith(",CUP,3,blue")
    assert "      1  have a cost of yours" in nextorder("costs", "show", "--shop", shop.id)


def test_a_check_writes_nothing(
    nextorder: Nextorder, shop: Shop, assortment: DynamoAssortment, tmp_path: Path
) -> None:
    assortment.store_all(shop.id, [MUG])
    file = tmp_path / "costs.csv"
    file.write_text("sku,unit_cost\nMUG,3\n", encoding="utf-8")

    assert "read      costs of 1" in nextorder("costs", "import", str(file), "--check", "--shop", shop.id)
    assert "      0  have a cost of yours" in nextorder("costs", "show", "--shop", shop.id)


def test_a_file_that_is_no_list_is_refused(nextorder: Nextorder, shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        nextorder("costs", "import", str(tmp_path / "none.csv"), "--shop", shop.id)
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n")
    with pytest.raises(BadSettings, match=r"strange\.csv: line 1: expected the columns"):
        nextorder("costs", "import", str(strange), "--shop", shop.id)


def test_a_list_that_could_not_be_written_is_not_begun(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings, match="there is no folder"):
        nextorder("costs", "export", str(tmp_path / "none" / "missing.csv"), "--shop", shop.id)


def test_costs_that_move_many_of_a_live_shop_wait_for_the_merchants_word(
    nextorder: Nextorder,
    shops: DynamoShops,
    customers: DynamoCustomers,
    assortment: DynamoAssortment,
    tmp_path: Path,
) -> None:
    """At half of the revenue as profit all are platinum; at next to nothing they are silver."""
    live = a_shop(shops, live=True)
    every_segment = switched(packaged_catalogue(), "all")
    shops.change(live.id, catalogue=shops.save_catalogue(live.id, every_segment))
    live = shops.get(live.id) or live
    judge = Judge(customers=customers, shops=shops, forgotten=InMemoryForgotten())
    assortment.store_all(live.id, [MUG])
    for name in map(str, range(12)):
        customers.store(live.id, name, a_sale(name, ("11", 200_000)))
        update_customer(name, shop=live, judge=judge, as_of=NOW)
    file = tmp_path / "costs.csv"
    file.write_text("sku,unit_cost\nMUG,999\n", encoding="utf-8")
    take = ("costs", "import", str(file), "--shop", live.id)

    said = nextorder(*take, stdin="n\n")
    assert "would be shown elsewhere: 12 of 12 customers" in said
    assert "nothing was done" in said
    assert unit_costs_of(customers, live, "3") == [None]
    assert shops.get(live.id) == live
    assert "      0  have a cost of yours" in nextorder("costs", "show", "--shop", live.id)

    assert "no flow starts" in nextorder(*take, "--yes")
    held = shops.get(live.id)
    assert held is not None
    assert held.priced_at == held.in_force_since is not None
    assert unit_costs_of(customers, live, "3") == [99_900]

"""Unit costs as a whole, and orders priced anew: in the table and in memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.unit_costs import DynamoUnitCosts
from nextorder.domain.facts import Order, OrderLine, UnitCost, VariantCategory
from nextorder.domain.unit_costs import ALWAYS, CostWord, Goods, Step
from nextorder.ports import Customers
from nextorder.ports.costs import UnitCosts
from tests.fakes.in_memory import InMemoryCustomers
from tests.fakes.unit_costs import InMemoryUnitCosts
from tests.local_stack.bare import TABLE
from tests.unit.shop_cases import an_order

AT = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
DAY = timedelta(days=1)
SECONDS = int(AT.timestamp())
MUG = VariantCategory(id="2001", inventory_item="3001", category="mugs", updated_at=AT, sku="MUG")
COST = UnitCost(id="3001", updated_at=AT, unit_cost=1_250, currency="EUR")
LINES = tuple(OrderLine(id=one, variant="2001", quantity=1, revenue=900) for one in ("1", "2"))
ORDER = replace(an_order(3, name="77"), lines=LINES)


def priced(order: Order, cost: int | None) -> Order:
    return replace(order, lines=tuple(replace(line, unit_cost=cost) for line in order.lines))


@pytest.fixture
def assortment(dynamodb: Any) -> DynamoAssortment:
    return DynamoAssortment(dynamodb, TABLE)


@pytest.fixture
def table(dynamodb: Any) -> DynamoUnitCosts:
    return DynamoUnitCosts(dynamodb, TABLE)


@pytest.fixture(params=["table", "memory"])
def both(request: pytest.FixtureRequest) -> tuple[UnitCosts, Customers]:
    if request.param == "memory":
        customers = InMemoryCustomers()
        return InMemoryUnitCosts(customers), customers
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoUnitCosts(client, TABLE), DynamoCustomers(client, TABLE, new_log_key=lambda: "k")


def test_all_goods_are_known_with_all_that_was_said_of_their_cost(
    table: DynamoUnitCosts, assortment: DynamoAssortment, shop: str
) -> None:
    assortment.store_all(shop, [MUG, COST, replace(MUG, id="2002", inventory_item="", sku="")])
    table.tell(
        shop, [CostWord(variant="2001", unit_cost=900, since=SECONDS), CostWord(variant="9", unit_cost=5)]
    )

    assert table.goods(shop) == {
        "2001": Goods(
            variant="2001",
            sku="MUG",
            category="mugs",
            told=(Step(SECONDS, 900),),
            platform=(Step(SECONDS, 1_250, "EUR"),),
        ),
        "2002": Goods(variant="2002", category="mugs"),
        "9": Goods(variant="9", told=(Step(ALWAYS, 5),)),
    }


def test_the_merchants_word_beats_the_platforms_whichever_comes_first(
    table: DynamoUnitCosts, assortment: DynamoAssortment, dynamodb: Any, shop: str
) -> None:
    table.tell(shop, [CostWord(variant="2001", unit_cost=900)])
    assert assortment.variants(shop, ["2001"], AT, "EUR") == {"2001": ("other", 900)}

    assortment.store_all(shop, [MUG, COST])
    assert assortment.variants(shop, ["2001"], AT, "EUR") == {"2001": ("mugs", 900)}

    assortment.store_all(shop, [replace(MUG, category="cups", updated_at=AT + DAY)])
    assert assortment.variants(shop, ["2001"], AT, "EUR") == {"2001": ("cups", 900)}

    table.tell(shop, [CostWord(variant="2001", unit_cost=None)])
    assert DynamoAssortment(dynamodb, TABLE).variants(shop, ["2001"], AT, "EUR") == {"2001": ("cups", 1_250)}


def test_more_words_than_fit_one_request_are_kept(table: DynamoUnitCosts, shop: str) -> None:
    table.tell(shop, [CostWord(variant=str(number), unit_cost=number) for number in range(130)])

    assert [one.cost_at(AT, "EUR") for one in table.goods(shop).values()].count(None) == 0
    assert len(table.goods(shop)) == 130


def test_a_look_up_asks_no_more_with_the_merchants_word_than_without(
    table: DynamoUnitCosts, dynamodb: Any, shop: str
) -> None:
    asked: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(sum(len(request["Keys"]) for request in params["RequestItems"].values()))

    assortment = DynamoAssortment(dynamodb, TABLE)
    assortment.store_all(shop, [MUG, COST])
    dynamodb.meta.events.register("provide-client-params.dynamodb.BatchGetItem", note)
    try:
        DynamoAssortment(dynamodb, TABLE).variants(shop, ["2001"], AT, "EUR")
        before, asked[:] = list(asked), []
        table.tell(shop, [CostWord(variant="2001", unit_cost=900)])
        asked.clear()
        assortment = DynamoAssortment(dynamodb, TABLE)
        for _ in range(3):
            assortment.variants(shop, ["2001"], AT, "EUR")
    finally:
        dynamodb.meta.events.unregister("provide-client-params.dynamodb.BatchGetItem", note)

    assert asked == before == [1, 1]


def test_an_order_is_priced_in_place(both: tuple[UnitCosts, Customers], shop: str) -> None:
    costs, customers = both
    customers.store(shop, "7", ORDER)

    assert costs.rewrite(shop, "7", [(ORDER, priced(ORDER, 300))])
    assert costs.rewrite(shop, "7", [(priced(ORDER, 300), priced(ORDER, 400))])
    assert costs.rewrite(shop, "7", [(priced(ORDER, 400), priced(ORDER, None))])
    assert customers.read(shop, "7").facts == (ORDER,)


def test_an_order_that_has_moved_on_is_left_alone(both: tuple[UnitCosts, Customers], shop: str) -> None:
    costs, customers = both
    later = replace(ORDER, total=1, updated_at=ORDER.updated_at + DAY)
    customers.store(shop, "7", later)

    assert not costs.rewrite(shop, "7", [(ORDER, priced(ORDER, 300))])
    assert not costs.rewrite(shop, "8", [(ORDER, priced(ORDER, 300))])
    assert customers.read(shop, "7").facts == (later,)
    assert customers.read(shop, "8").facts == ()


@pytest.mark.parametrize("cost", [None, 300])
def test_the_next_delivery_still_wins_by_its_own_clock(
    both: tuple[UnitCosts, Customers], shop: str, cost: int | None
) -> None:
    costs, customers = both
    customers.store(shop, "7", priced(ORDER, 100))
    assert costs.rewrite(shop, "7", [(priced(ORDER, 100), priced(ORDER, cost))])

    earlier = replace(ORDER, total=1, updated_at=ORDER.updated_at - DAY)
    later = replace(ORDER, total=2, updated_at=ORDER.updated_at + DAY)
    assert not customers.store(shop, "7", priced(earlier, 900))
    assert customers.store(shop, "7", later)


def test_more_orders_than_fit_one_request_are_priced(both: tuple[UnitCosts, Customers], shop: str) -> None:
    costs, customers = both
    orders = [replace(ORDER, id=str(number)) for number in range(120)]
    customers.store_newer(shop, "7", orders)

    assert costs.rewrite(shop, "7", [(order, priced(order, 5)) for order in orders])
    assert set(customers.read(shop, "7").facts) == {priced(order, 5) for order in orders}

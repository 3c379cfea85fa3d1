"""What is sold and what it costs, on which day: in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.holdings import DynamoHoldings
from nextorder.domain.clocks import version_of
from nextorder.domain.facts import ShopFact, UnitCost, VariantCategory
from tests.fakes.clock import StillClock
from tests.local_stack.bare import TABLE

AT = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
DAY = timedelta(days=1)
MUG = VariantCategory(id="2001", inventory_item="3001", category="mugs", updated_at=AT)


def a_cost(minor_units: int | None, at: datetime = AT, currency: str = "EUR") -> UnitCost:
    return UnitCost(id="3001", updated_at=at, unit_cost=minor_units, currency=currency)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def assortment(dynamodb: Any, clock: StillClock) -> DynamoAssortment:
    return DynamoAssortment(dynamodb, TABLE, clock=clock)


def test_a_variant_is_known_with_its_category_and_cost(assortment: DynamoAssortment, shop: str) -> None:
    assortment.store_all(shop, [MUG, a_cost(1_250)])

    assert assortment.variants(shop, ["2001", "2002", "2001"], AT, "EUR") == {"2001": ("mugs", 1_250)}
    assert assortment.variants(f"x{shop}", ["2001"], AT, "EUR") == {}
    assert assortment.variants(shop, [], AT, "EUR") == {}


def test_a_variant_without_a_cost_is_known_all_the_same(assortment: DynamoAssortment, shop: str) -> None:
    assortment.store_all(shop, [MUG])

    assert assortment.variants(shop, ["2001"], AT, "EUR") == {"2001": ("mugs", None)}


@pytest.mark.parametrize("backwards", [False, True])
def test_the_cost_is_that_of_the_orders_day_in_whatever_order_it_was_told(
    assortment: DynamoAssortment, shop: str, *, backwards: bool
) -> None:
    steps = [a_cost(100, AT), a_cost(120, AT + 5 * DAY), a_cost(None, AT + 9 * DAY)]
    for fact in [MUG, *(reversed(steps) if backwards else steps)]:
        assortment.store_all(shop, [fact])

    def on_day(day: int) -> int | None:
        return assortment.variants(shop, ["2001"], AT + day * DAY, "EUR")["2001"][1]

    assert [on_day(day) for day in (-30, 0, 4, 5, 8, 9)] == [100, 100, 100, 120, 120, None]


def test_a_late_word_of_what_a_variant_is_is_passed_over(assortment: DynamoAssortment, shop: str) -> None:
    assortment.store_all(shop, [replace(MUG, category="cups", updated_at=AT + DAY)])
    assortment.store_all(shop, [MUG])

    assert assortment.variants(shop, ["2001"], AT, "EUR")["2001"][0] == "cups"


def test_what_is_held_is_told_for_comparison_of_a_cost_what_holds_at_the_moment_asked_for(
    assortment: DynamoAssortment, dynamodb: Any, shop: str
) -> None:
    holdings = DynamoHoldings(dynamodb, TABLE)
    assortment.store_all(shop, [MUG, a_cost(100), a_cost(120, AT + 5 * DAY)])

    asked: list[ShopFact] = [replace(MUG, category="cups", updated_at=AT + DAY), a_cost(900, AT + DAY)]
    assert holdings.of_goods(shop, asked) == {"variant#2001": MUG, "cost#3001": a_cost(100)}
    assert holdings.of_goods(shop, [a_cost(900, AT - DAY), replace(MUG, id="2")]) == {}


def test_products_are_called_as_was_told_last(assortment: DynamoAssortment, shop: str) -> None:
    """A variant that is sold no more keeps the title of its day."""
    mug = replace(MUG, product="1", product_title="Mug")
    pot = replace(MUG, id="2003", product="2", product_title="Pot")
    renamed = replace(mug, id="2002", product_title="Cup", updated_at=AT + DAY)
    untold = replace(MUG, id="2004", product="3")

    assortment.store_all(shop, [renamed, untold])
    assortment.store_all(shop, [pot, mug, a_cost(7)])

    assert assortment.titles(shop) == {"1": "Cup", "2": "Pot"}
    assert assortment.titles(f"x{shop}") == {}


@pytest.mark.parametrize("backwards", [False, True])
def test_whoever_knows_the_title_wins_over_who_does_not(
    assortment: DynamoAssortment, shop: str, *, backwards: bool
) -> None:
    """What was stored before titles were is brought up to date by an import, though no product changed."""
    told = [MUG, replace(MUG, product="1", product_title="Mug")]
    for fact in reversed(told) if backwards else told:
        assortment.store_all(shop, [fact])

    assert assortment.titles(shop) == {"1": "Mug"}


def test_a_version_without_a_title_is_what_it_was_before_titles_were() -> None:
    assert version_of(MUG) == "2026-11-20T09:15:00.000000Z|00|000|fa883f00"


def test_titles_of_more_than_a_page_are_all_there(assortment: DynamoAssortment, shop: str) -> None:
    """With words longer than Shopify allows, four hundred variants are more than the megabyte of a page."""
    numbers = [str(number) for number in range(400)]
    long = replace(MUG, sku="M" * 3_000)
    variants = [replace(long, id=one, product=one, product_title=f"Mug {one}") for one in numbers]

    assortment.store_all(shop, variants)

    assert assortment.titles(shop) == {one: f"Mug {one}" for one in numbers}


def test_what_was_looked_up_is_kept_for_five_minutes_and_not_after_a_write_of_ones_own(
    assortment: DynamoAssortment, dynamodb: Any, clock: StillClock, shop: str
) -> None:
    def category() -> str:
        return assortment.variants(shop, ["2001"], AT, "EUR")["2001"][0]

    another = DynamoAssortment(dynamodb, TABLE)
    another.store_all(shop, [MUG])
    assert category() == "mugs"

    another.store_all(shop, [replace(MUG, category="cups", updated_at=AT + DAY)])
    assert category() == "mugs"
    clock.sleep(301)
    assert category() == "cups"
    assortment.store_all(shop, [replace(MUG, category="bowls", updated_at=AT + 2 * DAY)])
    assert category() == "bowls"


def test_what_is_not_there_yet_is_not_remembered(
    assortment: DynamoAssortment, dynamodb: Any, shop: str
) -> None:
    assert assortment.variants(shop, ["2001"], AT, "EUR") == {}

    DynamoAssortment(dynamodb, TABLE).store_all(shop, [MUG, a_cost(7)])

    assert assortment.variants(shop, ["2001"], AT, "EUR") == {"2001": ("mugs", 7)}


def test_more_than_fit_one_request_are_stored_and_found(assortment: DynamoAssortment, shop: str) -> None:
    numbers = [str(number) for number in range(130)]
    variants = [
        VariantCategory(id=one, inventory_item=f"i{one}", category="mugs", updated_at=AT) for one in numbers
    ]
    costs = [UnitCost(id=f"i{one}", updated_at=AT, unit_cost=int(one)) for one in numbers]

    assortment.store_all(shop, [*variants, *costs])

    assert assortment.variants(shop, numbers, AT, "EUR") == {one: ("mugs", int(one)) for one in numbers}


def test_a_cost_is_none_of_orders_in_another_currency(assortment: DynamoAssortment, shop: str) -> None:
    """The shop's currency changed: until the new cost is told, nothing is known of orders in it."""
    assortment.store_all(shop, [MUG, a_cost(1_250)])
    assert assortment.variants(shop, ["2001"], AT + DAY, "SEK") == {"2001": ("mugs", None)}

    assortment.store_all(shop, [a_cost(14_000, AT + 2 * DAY, "SEK")])
    assert assortment.variants(shop, ["2001"], AT + 3 * DAY, "SEK") == {"2001": ("mugs", 14_000)}
    assert assortment.variants(shop, ["2001"], AT + 3 * DAY, "EUR") == {"2001": ("mugs", 1_250)}

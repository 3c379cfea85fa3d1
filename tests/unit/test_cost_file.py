"""A list of unit costs is read as it was meant, and refused by line and column where it cannot be."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.cost_file import CostFile, read_costs
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import ALWAYS, CostWord, Goods

SHOP = Shop(id="a.myshopify.com", currency="SEK", timezone="Europe/Stockholm")
GOODS = {
    "11": Goods(variant="11", sku="MUG"),
    "12": Goods(variant="12", sku="TEA"),
    "13": Goods(variant="13", sku="TEA"),
    "14": Goods(variant="14"),
}
HEAD = "sku,variant_id,unit_cost,from,currency\n"


def read(text: str, shop: Shop = SHOP) -> CostFile:
    return read_costs(text, shop, GOODS)


def said(text: str, shop: Shop = SHOP) -> list[tuple[str, int | None, int]]:
    found = read(text, shop)
    assert not found.refused
    return [(word.variant, word.unit_cost, word.since) for word in found.words]


def test_a_variant_is_named_by_its_id_or_its_sku() -> None:
    lines = "MUG,,12.5,,\n,14,3,,sek\n,gid://shopify/ProductVariant/12,7,,SEK\n"

    assert said(HEAD + lines) == [("11", 1_250, ALWAYS), ("14", 300, ALWAYS), ("12", 700, ALWAYS)]


def test_a_sku_stands_for_all_variants_that_carry_it() -> None:
    assert said("sku,unit_cost\nTEA,7\n") == [("12", 700, ALWAYS), ("13", 700, ALWAYS)]


def test_a_day_begins_at_the_shops_midnight() -> None:
    ((_, _, since),) = said("unit_cost,variant_id,from\n5,11,2026-06-01\n")

    assert since == datetime(2026, 6, 1, tzinfo=SHOP.zone).timestamp()


def test_a_spreadsheets_semicolons_and_decimal_commas_are_read() -> None:
    assert said("SKU;Unit cost\nMUG;12,50\n") == [("11", 1_250, ALWAYS)]
    assert said("Variant SKU\tCost per item\nMUG\t12.50\n") == [("11", 1_250, ALWAYS)]


def test_what_is_not_filled_in_is_passed_over_and_counted() -> None:
    found = read("variant_id,unit_cost,units_sold\n11,,40\n\n12,3,9\n")

    assert (found.unfilled, len(found.words), found.unread) == (1, 1, ("units_sold",))


def test_a_word_can_be_taken_back() -> None:
    assert said("variant_id,unit_cost\n11,Shopify\n") == [("11", None, ALWAYS)]


def test_a_variant_that_the_assortment_lacks_is_kept_and_counted() -> None:
    found = read("variant_id,unit_cost\n99,3\n11,3\n")

    assert (found.strange, len(found.words), found.refused) == (1, 2, [])


def test_currencies_have_their_own_decimals() -> None:
    assert said("variant_id,unit_cost\n11,1200\n", replace(SHOP, currency="JPY")) == [("11", 1_200, ALWAYS)]
    assert said("variant_id,unit_cost\n11,1.205\n", replace(SHOP, currency="KWD")) == [("11", 1_205, ALWAYS)]


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        (",,5,,", "sku", "neither sku nor variant_id is filled in"),
        ("CUP,,5,,", "sku", "no variant with the SKU CUP is known"),
        (",4.5E+13,5,,", "variant_id", "no variant's id"),
        ("TEA,11,5,,", "variant_id", "variant 11 does not have the SKU TEA"),
        ("MUG,,much,,", "unit_cost", "much is no amount"),
        ("MUG,,EUR 5,,", "unit_cost", "EUR 5 is no amount"),
        ("MUG,,-5,,", "unit_cost", "expected an amount from 0"),
        ("MUG,,NaN,,", "unit_cost", "expected an amount from 0"),
        ("MUG,,5.005,,", "unit_cost", "expected SEK with at most 2 decimals, not 5.005"),
        ("MUG,,1e30,,", "unit_cost", "expected an amount"),
        ("MUG,,5,1/6/26,", "from", "expected a day such as 2026-06-01, not 1/6/26"),
        ("MUG,,5,,EUR", "currency", "the shop's currency is SEK, this is in EUR"),
        ("MUG,,shopify,2026-06-01,", "from", "takes back all that was said"),
        (",14,9,,", "variant_id", "line 2 speaks of the same variant and day"),
    ],
)
def test_a_wrong_line_is_refused_by_line_and_column_and_no_other_is(
    line: str, column: str, says: str
) -> None:
    found = read(f"{HEAD},14,5,,\n{line}\nTEA,,7,,\n")

    (refusal,) = found.refused
    assert (refusal.line, refusal.column, refusal.row) == (3, column, tuple(line.split(",")))
    assert says in refusal.reason
    assert [word.variant for word in found.words] == ["14", "12", "13"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected the columns unit_cost and sku or variant_id"),
        ("sku,price\nMUG,5\n", ".* from .* and currency; there are sku, price"),
        ("unit_cost\n5\n", "expected the columns"),
        ("sku,unit_cost,cost per item\nMUG,5,5\n", "two columns say unit_cost"),
    ],
)
def test_a_list_without_a_usable_header_is_refused_whole(text: str, says: str) -> None:
    with pytest.raises(BadSettings, match=f"line 1: {says}"):
        read(text)


@given(st.text())
def test_whatever_stands_in_it_is_read_or_refused(text: str) -> None:
    found = read(f"{HEAD}{text}\n")

    assert all(word.unit_cost is None or word.unit_cost >= 0 for word in found.words)


@given(st.dictionaries(st.sampled_from(["11", "12", "13", "14"]), st.integers(0, 10**9), min_size=1))
def test_amounts_are_read_to_the_last_digit(costs: dict[str, int]) -> None:
    lines = [f"{variant},{cost // 100}.{cost % 100:02}" for variant, cost in costs.items()]

    found = read("variant_id,unit_cost\n" + "\n".join(lines))
    assert found.words == [
        CostWord(variant=variant, unit_cost=cost, currency="SEK") for variant, cost in costs.items()
    ]

"""A unit cost that is far above the price is hardly meant."""

from dataclasses import replace
from fractions import Fraction

from nextorder.domain.cost_file import CostFile
from nextorder.domain.dear_costs import FAR_ABOVE, Dear, dear_costs, mean_prices
from nextorder.domain.facts import Order, OrderLine
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import ALWAYS, CostWord
from tests.unit.shop_cases import SHOP, an_order


def sold(variant: str, quantity: int, revenue: int) -> Order:
    line = OrderLine(id="1", variant=variant, quantity=quantity, revenue=revenue)
    return replace(an_order(0), lines=(line,), total=max(revenue, 1))


def listed(variant: str, cost: int | None, line: int = 2) -> CostFile:
    word = CostWord(variant=variant, unit_cost=cost, since=ALWAYS, currency=SHOP.currency)
    return CostFile(words=[word], lines=[line])


def test_the_mean_is_over_units_of_real_orders_in_the_shops_currency() -> None:
    orders = [
        sold("5", 1, 1_000),
        sold("5", 3, 1_400),
        replace(sold("5", 1, 90_000), test=True),
        replace(sold("5", 1, 90_000), currency="XTS"),
        sold("6", 0, 0),
    ]
    assert mean_prices(orders, Shop(id="a", currency=SHOP.currency)) == {"5": Fraction(600)}


def test_only_what_is_more_than_so_many_times_the_price_is_doubted() -> None:
    prices = {"5": Fraction(100)}
    assert dear_costs(listed("5", FAR_ABOVE * 100), prices) == []
    assert dear_costs(listed("5", FAR_ABOVE * 100 + 1, line=7), prices) == [
        Dear(line=7, variant="5", cost=301, price=100)
    ]


def test_of_what_was_never_sold_or_given_away_or_taken_back_nothing_is_doubted() -> None:
    prices = {"5": Fraction(0), "6": Fraction(100)}
    assert [*dear_costs(listed("4", 900), prices), *dear_costs(listed("5", 900), prices)] == []
    assert dear_costs(listed("6", None), prices) == []

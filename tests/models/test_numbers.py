"""The numbers that a fit freezes on a shop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from statistics import fmean

import pytest

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.features import Features, OrderDay
from nextorder.domain.shop import Numbers, Shop, Window
from nextorder.scoring.predict import HORIZONS, chance_of_order, profit_clv
from nextorder.training.numbers import freeze_numbers, is_active
from tests.unit.scoring_cases import a_model

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SHOP = Shop(id="example.myshopify.com")
MODEL = a_model()
WINDOW = Window(days=160, lo=150, hi=170, second_orders=500, method="measured")
CATALOGUE = parse_catalogue(files("nextorder.domain").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def a_customer(number: int, *ages_days: float, category: str = "tea", margin: float = 0.4) -> Features:
    revenue = 3000 + 10 * number
    days = tuple(
        OrderDay(at=NOW - timedelta(days=age), revenue=revenue, profit=round(revenue * margin))
        for age in sorted(ages_days, reverse=True)
    )
    return Features(
        customer=str(number),
        as_of=NOW,
        order_days=days,
        ordered_at=tuple(day.at for day in days),
        orders=len(days),
        gp2_to_date=sum(day.profit for day in days),
        net_revenue=sum(day.revenue for day in days),
        first_category=category,
        return_share=number / 1000,
    )


def a_crowd(size: int) -> list[Features]:
    """Half ordered once, 1 to 400 days ago; half twice, 30 days apart."""
    ages = [1 + 399 * number / size for number in range(size)]
    return [a_customer(n, *((age, age + 30) if n % 2 else (age,))) for n, age in enumerate(ages)]


def frozen(everyone: list[Features], shop: Shop = SHOP) -> Numbers:
    return freeze_numbers(everyone, shop, MODEL, window=WINDOW, catalogue=CATALOGUE, as_of=NOW)


def test_bases_are_the_mean_chances_of_everyone_who_ordered() -> None:
    crowd = a_crowd(40)
    histories = [Buyer(features=f, shop=SHOP, model=MODEL).history(NOW) for f in crowd]

    numbers = frozen([*crowd, Features(customer="prospect", as_of=NOW)])

    assert set(numbers.base) == set(HORIZONS)
    assert numbers.base["30"] == pytest.approx(fmean(chance_of_order(MODEL, h, 30) for h in histories))
    assert (numbers.customers, numbers.second_orders) == (40, 20)


def test_withheld_customers_count_nowhere() -> None:
    till = replace(a_customer(900, 1, 2, 3, margin=-1.0), withheld="More than 500 orders.")

    assert frozen([*a_crowd(40), till]) == frozen(a_crowd(40))


def test_ranks_are_the_profits_at_the_top_shares_of_active_customers() -> None:
    crowd = a_crowd(1000)
    numbers = frozen(crowd)
    shop = replace(SHOP, numbers=numbers)
    histories = [Buyer(features=f, shop=shop, model=MODEL).history(NOW) for f in crowd]
    profits = [profit_clv(MODEL, h) for h in histories if is_active(MODEL, h, WINDOW.days)]

    for share, least in numbers.clv_ranks.items():
        above = sum(round(profit) >= least for profit in profits)
        assert above / len(profits) == pytest.approx(float(share), abs=2 / len(profits))
    ordered = sorted(numbers.clv_ranks, key=float)
    assert [float(key) for key in ordered] == list(CATALOGUE.clv_shares)
    assert [numbers.clv_ranks[key] for key in ordered] == sorted(numbers.clv_ranks.values(), reverse=True)


def test_margins_are_the_stores_and_each_categorys_leaning_on_it() -> None:
    crowd = [a_customer(n, 10, 40, category="tea", margin=0.4) for n in range(200)]
    crowd += [a_customer(500, 10, category="pots", margin=0.9)]

    numbers = frozen(crowd)

    assert numbers.margin_rate == pytest.approx(0.4, abs=0.01)
    assert numbers.margin_by_category["tea"] == pytest.approx(0.4, abs=0.01)
    assert 0.4 < numbers.margin_by_category["pots"] < 0.5


def test_returns_above_nine_of_ten_customers_are_the_top_decile() -> None:
    numbers = frozen(a_crowd(1000))

    assert numbers.return_share_top_decile == pytest.approx(0.899)


def tiers_in_tiers(numbers: Numbers) -> dict[str, str]:
    return {name: into for name, into in numbers.shown_as.items() if name.startswith("value:")}


def test_tiers_below_the_floor_are_shown_in_the_next() -> None:
    assert tiers_in_tiers(frozen(a_crowd(400))) == {
        "value:platinum": "value:bronze",
        "value:gold": "value:bronze",
        "value:silver": "value:bronze",
        "value:negative": "",
    }
    thousand = frozen(a_crowd(1000))
    assert tiers_in_tiers(thousand)["value:gold"] == "value:silver"
    assert thousand.too_small.keys() == thousand.shown_as.keys()
    assert 0 < thousand.too_small["value:gold"] < 50
    assert tiers_in_tiers(frozen(a_crowd(2000)))["value:platinum"] == "value:gold"


def test_what_was_shown_is_kept_down_to_four_fifths_of_the_floor() -> None:
    crowd = a_crowd(1400)
    before = frozen(crowd)
    assert before.shown_as["value:gold"] == "value:silver"

    shown = {name: into for name, into in before.shown_as.items() if name != "value:gold"}
    given_gold = replace(SHOP, numbers=replace(before, shown_as=shown))

    assert "value:gold" not in frozen(crowd, given_gold).shown_as


def test_customers_who_were_lost_over_three_years_ago_set_no_ranks() -> None:
    gone = [a_customer(5_000 + n, 1_096, 1_100, 1_105) for n in range(500)]

    assert frozen([*a_crowd(400), *gone]).clv_ranks == frozen(a_crowd(400)).clv_ranks


def test_who_brought_much_is_the_top_tenth_of_those_with_an_order_in_three_years() -> None:
    crowd = a_crowd(1000)
    gone = [a_customer(5_000 + n, 1_096, 1_100, 1_105, margin=0.9) for n in range(500)]

    numbers = frozen([*crowd, *gone])

    assert sum(one.gp2_to_date >= numbers.profit_rank for one in crowd) == 100


def test_the_profit_of_an_order_day_is_the_mean_over_all() -> None:
    assert frozen([a_customer(0, 10, 40, margin=0.5), a_customer(0, 3, margin=0.2)]).order_profit == 1_200


def test_a_shop_without_customers_freezes_to_the_usual_numbers() -> None:
    numbers = frozen([])

    assert numbers.customers == 0
    assert numbers.base == {}
    assert numbers.clv_ranks == {}
    assert numbers.profit_rank == 0
    assert numbers.margin_rate == Numbers().margin_rate
    assert numbers.return_share_top_decile == 1.0

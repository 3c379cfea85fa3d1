"""Customers of an origin whose second orders come sooner or later than the shop's."""

from dataclasses import replace
from datetime import timedelta

from nextorder.domain.own_window import window_of_customer, with_own_window
from nextorder.domain.shop import Window
from tests.unit.shop_cases import SHOP, an_order, features_of, values, verdict_of

SLOW = Window(days=320, lo=300, hi=340, second_orders=250, method="measured")
QUICK = Window(days=40, lo=35, hi=45, second_orders=250, method="measured")


def test_life_and_its_dates_follow_the_customers_own_window() -> None:
    days = 100
    category = features_of(an_order(0), days=1).first_category
    shop = replace(SHOP, numbers=replace(SHOP.numbers, windows={f"category {category}": QUICK}))
    assert SHOP.numbers.window.days > days > QUICK.days

    usual, _ = verdict_of(an_order(0), days=days)
    own, _ = verdict_of(an_order(0), days=days, shop=shop)

    assert (values(usual)["life"], values(own)["life"]) == ("second-window", "missed")
    assert own.scores is not None
    assert own.segments["life"].since - timedelta(seconds=1) == own.scores.window_closes
    assert "within 40 days" in own.segments["life"].reason


def test_the_category_speaks_before_the_country() -> None:
    customer = replace(features_of(an_order(0), days=1), first_category="tea", first_country="SE")
    numbers = replace(SHOP.numbers, windows={"category tea": SLOW, "country SE": QUICK})

    assert window_of_customer(customer, numbers) == SLOW
    assert window_of_customer(replace(customer, first_category="pots"), numbers) == QUICK
    assert (
        window_of_customer(replace(customer, first_category="", first_country=""), numbers) == numbers.window
    )


def test_without_own_windows_the_shop_stays_as_it_is() -> None:
    assert with_own_window(features_of(an_order(0), days=1), SHOP) is SHOP

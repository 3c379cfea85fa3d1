"""A store's habits: a rhythm is told from none, and what the data cannot carry is withheld."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from nextorder.domain.features import Features, OrderDay
from nextorder.domain.purchases import Purchase
from nextorder.domain.shop import Costs, Numbers, Shop
from nextorder.training.habits import category_shares, gaps_of, return_rate, withheld_families

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHOP = Shop(id="example.myshopify.com")


def a_customer(*ages_days: float, categories: tuple[str, ...] = ("tea",), **more: Any) -> Features:
    ages = sorted(ages_days, reverse=True)
    purchases = tuple(Purchase(at=NOW - age * DAY, categories=categories) for age in ages)
    days = tuple(OrderDay(at=one.at, revenue=1, profit=0) for one in purchases)
    known: dict[str, Any] = {
        "purchases": purchases,
        "order_days": days,
        "ordered_at": tuple(one.at for one in purchases),
    }
    return replace(Features(customer="1", as_of=NOW), **(known | more))


def ages_of(waits: list[float], first: float = 700.0) -> list[float]:
    """Return order ages from gaps, as far as today."""
    ages = [first]
    for wait in waits:
        ages.append(ages[-1] - wait)
    return [age for age in ages if age > 0]


def steady(random: Random, mean: float, spread: float) -> Features:
    return a_customer(*ages_of([random.uniform(mean - spread, mean + spread) for _ in range(60)]))


def memoryless(random: Random, mean: float) -> Features:
    return a_customer(*ages_of([random.expovariate(1 / mean) for _ in range(60)]))


def test_a_rhythm_has_gaps() -> None:
    random = Random(1)  # noqa: S311 - a drawn crowd

    gaps = gaps_of([steady(random, 40, 10) for _ in range(100)])["tea"]

    assert gaps.n > 1_000
    assert gaps.day_40 == pytest.approx(38, abs=0.5)
    assert gaps.day_75 == pytest.approx(45, abs=0.5)
    assert gaps.day_95 == pytest.approx(49, abs=0.5)


def test_orders_by_chance_have_none() -> None:
    random = Random(2)  # noqa: S311 - a drawn crowd

    assert gaps_of([memoryless(random, 40) for _ in range(200)]) == {}


def test_many_rhythms_at_once_are_none() -> None:
    random = Random(3)  # noqa: S311 - a drawn crowd

    assert gaps_of([steady(random, random.choice([4, 12, 40, 130]), 1) for _ in range(200)]) == {}


def test_waiting_that_is_not_over_is_not_forgotten() -> None:
    """Of those who first ordered of late only the quick have come back: their mean gap says too little."""
    random = Random(4)  # noqa: S311 - a drawn crowd
    crowd = [
        a_customer(*ages_of([random.uniform(30, 90)], first=random.uniform(0, 185))) for _ in range(4_000)
    ]

    gaps = gaps_of(crowd)["tea"]

    assert gaps.day_40 == pytest.approx(54, abs=3)
    assert gaps.day_75 == pytest.approx(75, abs=4)


def test_a_shop_too_young_to_have_seen_the_long_gaps_has_none_yet() -> None:
    random = Random(5)  # noqa: S311 - a drawn crowd

    def crowd_since(days: float) -> list[Features]:
        firsts = [random.uniform(days - 20, days) for _ in range(400)]
        return [a_customer(*ages_of([random.uniform(20, 50)] * 20, first=first)) for first in firsts]

    assert gaps_of(crowd_since(85)) == {}
    assert set(gaps_of(crowd_since(150))) == {"tea"}


def test_under_a_hundred_gaps_there_is_no_rhythm_yet() -> None:
    pair = a_customer(150, 190)

    rhythm = [a_customer(150, 190 + number / 10) for number in range(99)]

    assert gaps_of(rhythm) == {}
    assert gaps_of([*rhythm, pair])["tea"].n == 100


def test_a_second_order_of_one_day_is_no_gap() -> None:
    twice = [a_customer(150, 190 + n / 10) for n in range(100)]
    doubled = [
        replace(one, purchases=tuple(sorted((*one.purchases, again(one)), key=lambda p: p.at)))
        for one in twice
    ]

    assert gaps_of(doubled) == gaps_of(twice)


def again(features: Features) -> Purchase:
    last = features.purchases[-1]
    return replace(last, at=last.at + timedelta(hours=1))


def test_the_eight_commonest_categories_have_shares_of_all_orders() -> None:
    crowd = [a_customer(10, categories=(f"c{n}", "other", "tea")) for n in range(9)] + [a_customer(10, 20)]

    shares = category_shares(crowd)

    assert list(shares) == ["tea", "c0", "c1", "c2", "c3", "c4", "c5", "c6"]
    assert shares["tea"] == 1
    assert shares["c0"] == pytest.approx(1 / 11)


def test_only_the_last_three_years_and_people_count() -> None:
    old, till = (
        a_customer(1_200, categories=("wool",)),
        a_customer(5, categories=("wool",), withheld="A till."),
    )

    assert category_shares([old, till, a_customer(5)]) == {"tea": 1.0}


def test_the_return_rate_counts_orders_of_which_something_came_back() -> None:
    once = a_customer(10, 20, 30, 40)
    returned = replace(once, purchases=(replace(once.purchases[0], returned_at=NOW), *once.purchases[1:]))

    assert return_rate([returned]) == 0.25
    assert return_rate([]) == 0.0


CARRIED: dict[str, Any] = {"email_told_at": NOW, "checkouts": ("one",)}


def test_nothing_is_withheld_where_everything_is_known() -> None:
    numbers = Numbers(category_shares={"tea": 0.5}, gaps=gaps_of(a_rhythm()), return_rate=0.1)

    assert withheld_families([a_customer(5, 200, **CARRIED)], numbers, SHOP) == {}


def a_rhythm() -> list[Features]:
    return [a_customer(150, 190 + number / 10) for number in range(100)]


def test_what_is_missing_is_withheld_and_says_why() -> None:
    unsent = a_customer(15, 240, unsent_at=(NOW - 40 * DAY, NOW - 15 * DAY))

    assert withheld_families([unsent], Numbers(), SHOP) == {
        "love": "The products have neither a type nor a category.",
        "overstock": "The products have neither a type nor a category.",
        "replenish": "The products have neither a type nor a category.",
        "buy:now": "Orders alone cannot tell 12 hours.",
        "returns": "No order has come back yet.",
        "reach": "No consent on e-mail is known.",
        "care:delayed": "Orders are not marked as sent.",
    }
    carried = a_customer(5, 200, **CARRIED)
    numbers = Numbers(category_shares={"tea": 0.5}, return_rate=0.1)
    assert withheld_families([carried], numbers, SHOP) == {
        "replenish": "No category is bought again at a rhythm by enough customers."
    }


def withheld_of(*everyone: Features) -> Mapping[str, str]:
    return withheld_families(everyone, Numbers(category_shares={"tea": 0.5}, return_rate=0.1), SHOP)


def test_nobody_is_ranked_by_value_in_less_than_half_a_year() -> None:
    assert "179 days long" in withheld_of(a_customer(5), a_customer(179))["value"]
    assert "value" not in withheld_of(a_customer(5), a_customer(180))


def test_nobody_is_ranked_by_value_where_most_costs_are_a_guess() -> None:
    told, guessed = a_customer(200, sold=7_000), a_customer(200, sold=3_100, guessed=3_100)

    assert "told of 69 %" in withheld_of(told, guessed)["value"]
    assert "value" not in withheld_of(replace(told, sold=8_000), guessed)
    assert "value" not in withheld_of(told, replace(guessed, withheld="a till"))


def test_one_margin_for_all_is_the_merchants_word_and_ranks_by_it_stand() -> None:
    shop = replace(SHOP, costs=Costs(default_margin=Decimal("0.35")))
    guessed = a_customer(200, sold=3_100, guessed=3_100)

    assert "value" not in withheld_families([guessed], Numbers(), shop)


def test_nobody_sends_much_back_where_refunds_do_not_say_what_came_back() -> None:
    bare = a_customer(200, refunded_at=(NOW,) * 10, bare_refunds=7)

    assert withheld_of(bare)["returns"] == "7 of 10 refunds do not say what came back."
    assert "returns" not in withheld_of(replace(bare, bare_refunds=6))


def test_a_parcel_on_its_way_is_no_reason_to_doubt_the_marks() -> None:
    waiting = a_customer(2, 100, 200, unsent_at=(NOW - 2 * DAY,), **CARRIED)

    assert "care:delayed" not in withheld_families([waiting], Numbers(), SHOP)

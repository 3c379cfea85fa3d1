"""First orders by kind: the same year for everyone, few lean on the store, and chance is no difference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest

from nextorder.domain.facts import Order
from nextorder.report.beginners import beginners, profits
from nextorder.report.first_orders import ALIKE, BETTER, DIMENSIONS, STORE, WORSE, Share, first_orders, was
from nextorder.report.groups import LEAST, OTHERS, Group
from nextorder.report.page import Estimate
from nextorder.report.store import Store
from nextorder.scoring.interval import wilson
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records
from tests.unit.shop_cases import SHOP

CLOSED_DAYS = 600


def mixed(*kinds: tuple[str, int, int], discount: int = 0) -> Mapping[str, Sequence[Order]]:
    """Return customers of some countries: so many of each, of whom so many come back within a month."""
    days = [[n % 40, n % 40 + 30] if n < back else [n % 40] for _, count, back in kinds for n in range(count)]
    names = [country for country, count, _ in kinds for _ in range(count)]
    told = ordering(*days)
    return {
        customer: [replace(order, country=country, discount=discount, subtotal=5_000) for order in orders]
        for (customer, orders), country in zip(told.items(), names, strict=True)
    }


def test_a_kind_whose_customers_come_back_less_is_called_worse() -> None:
    store = a_store(mixed(("SE", 200, 160), ("DE", 200, 40), ("FI", 200, 100)), days=CLOSED_DAYS)

    rows = {row["value"]: row for row in records(first_orders(store), by="country")}
    assert {name: row["against"] for name, row in rows.items()} == {"SE": BETTER, "DE": WORSE, "FI": ALIKE}
    assert rows["DE"]["second"] == pytest.approx((40 + 50 * 0.5) / 250)
    assert rows["DE"]["second_hi"] < 0.5 < rows["SE"]["second_lo"]
    assert "whose first order came from " in first_orders(store).says


def test_kinds_that_are_alike_are_hardly_ever_told_apart() -> None:
    """Fifty kinds drawn from one store: by their 80 % ranges ten would seem to differ."""
    random = Random(11)  # noqa: S311 - a drawn crowd
    apart = 0
    for _ in range(5):
        days = [[n % 40, n % 40 + 30] if random.random() < 0.4 else [n % 40] for n in range(500)]
        facts = {
            customer: [replace(order, country="ABCDEFGHIJ"[n % 10] * 2) for order in orders]
            for n, (customer, orders) in enumerate(ordering(*days).items())
        }
        rows = records(first_orders(a_store(facts, days=CLOSED_DAYS)), by="country")
        assert len(rows) == 10
        apart += sum(row["against"] != ALIKE for row in rows)

    assert apart <= 1


def test_what_few_did_leans_on_the_store() -> None:
    own = Share(closed=1_000, came_back=400)

    few, many = (Share(closed=n, came_back=n).estimate(own) for n in (30, 3_000))
    assert few
    assert many
    assert few.value == pytest.approx((30 + 20) / 80)
    assert (few.lo, few.hi) == pytest.approx(wilson(few.value, 80))
    assert many.value > 0.98
    assert Share(closed=0, came_back=0).estimate() is None


def test_kinds_of_few_customers_stand_together_and_hold_everyone() -> None:
    few = LEAST - 1
    store = a_store(mixed(("SE", 100, 40), ("DE", few, 10), ("FI", few, 10)), days=CLOSED_DAYS)

    rows = {row["value"]: row["customers"] for row in records(first_orders(store), by="country")}
    assert rows == {"SE": 100, OTHERS: 2 * few}


def test_an_open_window_is_no_failure() -> None:
    """On day 190 those of the first 30 days have had their 160; whoever came later has not."""
    store = a_store(mixed(("SE", 80, 0), ("DE", 80, 0)), days=190)

    had_time = sum((one.first_day - beginners(store)[0].first_day).days < 30 for one in beginners(store))
    rows = records(first_orders(store), by="country")
    assert sum(row["closed"] for row in rows) == had_time < 160


def test_products_go_by_their_titles_and_without_one_by_their_ids(store: Store) -> None:
    first = records(first_orders(store), by="product")[0]["value"]
    [product] = [one for one, title in store.titles.items() if title == first]

    def value(**titles: str) -> object:
        return records(first_orders(replace(store, titles=titles)), by="product")[0]["value"]

    assert value() == product
    assert value(**{product: "Mug"}) == "Mug"


def test_discounts_stand_in_bands() -> None:
    facts = {
        f"{share}{customer}": [replace(order, id=f"{share}{order.id}") for order in orders]
        for share in (0, 100, 300, 600, 1_100)
        for customer, orders in mixed(("SE", 40, 10), discount=share).items()
    }
    rows = {
        row["value"]: row["customers"]
        for row in records(first_orders(a_store(facts, days=600)), by="discount")
    }

    assert rows == {"none": 80, "under 10 %": 40, "10 to 20 %": 40, "20 % and more": 40}


def test_the_first_year_is_what_came_in_it_and_what_is_expected_of_the_rest(store: Store) -> None:
    picture = first_orders(store)
    (whole,) = records(picture, by=STORE)

    place = {str(name): at for at, name in enumerate(store.told.names)}
    years = []
    for one in beginners(store):
        begun = one.features.order_days[0].at
        aged = (store.as_of - begun).total_seconds() / 86_400
        came = sum(
            gp2
            for at, gp2 in profits(store.facts[one.features.customer], store.shop)
            if (at - begun).total_seconds() < 365 * 86_400
        )
        worth = store.told.worth[place[one.features.customer]]
        assert aged > 0.5
        years.append((came, max(365 - aged, 0), worth))
    least = sum(came for came, _, _ in years) / len(years)
    most = sum(came + (worth[-1] if rest else 0) for came, rest, worth in years) / len(years)
    assert picture.n == len(years) == whole["customers"]
    assert least < whole["clv"] < most


def test_money_that_cannot_be_told_is_not_compared(store: Store) -> None:
    foreign = replace(store, shop=replace(store.shop, numbers=replace(store.shop.numbers, currency="USD")))

    picture = first_orders(foreign)
    assert picture.rows == ()
    assert "Nothing is said of value" in picture.says


def test_one_kind_alone_is_the_store() -> None:
    picture = first_orders(a_store(mixed(("SE", 100, 40)), days=CLOSED_DAYS, shop=SHOP))

    assert picture.rows == ()
    assert picture.says.startswith("There is nothing to compare")


def a_kind(dimension: str, name: str) -> Group:
    year = Estimate(value=1.0)
    return Group(dimension=dimension, name=name, n=30, recent=0, before=0, first_profit=1.0, year=year)


@pytest.mark.parametrize(
    ("dimension", "name", "said"),
    [
        ("country", "GB", "came from GB"),
        ("discount", "none", "had no discount"),
        ("discount", "10 to 20 %", "had a discount of 10 to 20 %"),
        ("number of items", "1", "had 1 item"),
        ("number of items", "4+", "had 4+ items"),
    ],
)
def test_each_kind_of_first_order_has_its_own_words(dimension: str, name: str, said: str) -> None:
    assert was(a_kind(dimension, name)) == said


def test_no_dimension_is_without_words() -> None:
    for dimension in DIMENSIONS:
        assert "x" in was(a_kind(dimension, "x"))

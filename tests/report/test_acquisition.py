"""New customers by what they came by: whom they bring, what is said of it and what never is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, cycle
from statistics import NormalDist

import numpy as np
import pytest

from nextorder.domain.facts import Order, Origin
from nextorder.domain.hosts import source_of
from nextorder.domain.spend_file import DIMENSIONS, Spend
from nextorder.report.acquisition import Won, acquisition, in_vain, spent_on_one, won
from nextorder.report.charts import draw
from nextorder.report.first_orders import first_orders
from nextorder.report.groups import LEAST, OTHERS, Compared, Group, groups_of
from nextorder.report.hypotheses import hypotheses, hypotheses_of
from nextorder.report.newcomers import NOT_KNOWN, ONE_OFF, Newcomers, newcomers
from nextorder.report.store import Store

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def some(values: Sequence[float], sources: Sequence[str], days_ago: int = 10) -> Newcomers:
    """Return newcomers of these first years and sources; nothing else is known of them."""
    n = len(values)
    names: dict[str, Sequence[str]] = dict.fromkeys(DIMENSIONS, [NOT_KNOWN] * n)
    return Newcomers(
        first_days=[TODAY - days_ago * DAY] * n,
        first_profit=np.full(n, 1000.0),
        year_profit=np.array(values, dtype=float),
        unsure=np.zeros(n),
        names=names | {"source": sources},
    )


def by_name(found: Sequence[Group]) -> Mapping[str, Group]:
    return {one.name: one for one in found}


def in_store(store: Store, origins: Iterator[Origin]) -> Store:
    """Return the store as if its orders had come so, one after the other."""
    facts = {
        customer: tuple(
            replace(fact, origin=next(origins)) if isinstance(fact, Order) else fact for fact in held
        )
        for customer, held in store.facts.items()
    }
    return replace(store, facts=facts)


def test_a_group_that_brings_half_is_less_and_what_is_at_stake_is_told() -> None:
    rng = np.random.default_rng(1)
    values = [*rng.normal(4000, 800, 200), *rng.normal(8000, 800, 300)]
    groups = groups_of(some(values, ["news"] * 200 + ["friends"] * 300), TODAY)
    news = by_name(groups.found)["news"]
    assert (news.n, news.recent, news.before) == (200, 200, 0)
    assert news.compared is Compared.LESS
    assert by_name(groups.found)["friends"].compared is Compared.MORE
    assert news.year.lo is not None
    assert news.year.hi is not None
    assert news.year.lo < 4000 < news.year.hi < groups.year.value


def test_where_nothing_differs_a_group_is_named_in_one_store_of_ten_at_most() -> None:
    """Twenty groups of heavy-tailed customers, one hundred stores."""
    rng, sources = np.random.default_rng(7), [f"s{one}" for one in range(10)] * 60
    named = 0
    for _ in range(100):
        values = rng.lognormal(7.0, 1.0, len(sources))
        found = groups_of(some(list(values), sources), TODAY)
        named += any(one.compared for one in found.found)
    assert named <= 10 + 2 * 3  # two standard deviations of a hundred stores


def test_the_range_of_a_group_covers_its_true_mean_four_times_in_five() -> None:
    rng, held, tried = np.random.default_rng(5), 0, 0
    for _ in range(60):
        means = rng.normal(5000, 1000, 8)
        sources = [f"s{one}" for one in range(8) for _ in range(80)]
        values = [rng.normal(means[one], 3000) for one in range(8) for _ in range(80)]
        for name, one in by_name(groups_of(some(values, sources), TODAY).found).items():
            assert one.year.lo is not None
            assert one.year.hi is not None
            held += one.year.lo <= means[int(name[1:])] <= one.year.hi
            tried += 1
    assert 0.74 <= held / tried <= 0.86


def test_few_customers_are_together_unless_money_was_spent_on_them() -> None:
    values, sources = [5000.0, 7000.0] * 40, ["big"] * 60 + ["small"] * 20
    assert set(by_name(groups_of(some(values, sources), TODAY).found)) == {"big", OTHERS}
    told = groups_of(some(values, sources), TODAY, {"source": ["small"]})
    small = by_name(told.found)["small"]
    assert small.n < LEAST
    assert small.compared is Compared.ALIKE


def test_a_small_group_is_drawn_to_the_store_more_than_a_large_one() -> None:
    rng = np.random.default_rng(3)
    values = [*rng.normal(9000, 9000, 30), *rng.normal(9000, 9000, 900), *rng.normal(5000, 9000, 900)]
    people = some(values, ["few"] * 30 + ["many"] * 900 + ["rest"] * 900)
    found, store = by_name(groups_of(people, TODAY).found), np.mean(values)

    def kept(name: str) -> float:
        raw = people.year_profit[[one == name for one in people.names["source"]]].mean()
        return float((found[name].year.value - store) / (raw - store))

    assert 0 < kept("few") < kept("many") < 1


def test_the_groups_of_a_dimension_average_to_the_store() -> None:
    rng = np.random.default_rng(11)
    values = [*rng.normal(2000, 500, 30), *rng.normal(5000, 500, 60), *rng.normal(3000, 4000, 900)]
    groups = groups_of(some(values, ["few"] * 30 + ["some"] * 60 + [f"s{n}" for n in range(900)]), TODAY)

    told = [(one.n, one.year.value) for one in groups.found if one.dimension == "source"]
    assert [n for n, _ in told] == [60, 30, 900]
    assert sum(n * year for n, year in told) / groups.n == pytest.approx(groups.year.value)


def test_nothing_is_compared_with_who_is_not_known() -> None:
    values = [1000.0] * 50 + [9000.0] * 50
    found = groups_of(some(values, [NOT_KNOWN] * 50 + ["google"] * 50), TODAY)
    assert by_name(found.found)[NOT_KNOWN].compared is Compared.ALIKE
    assert found.compared == 1


def a_spend(name: str, first: date, last: date, amount: int = 30_000) -> Spend:
    return Spend(first=first, last=last, dimension="source", name=name, amount=amount, line=2)


def test_spend_is_told_per_customer_of_its_days() -> None:
    people = some([5000.0] * 60 + [6000.0] * 60, ["Google"] * 60 + ["news"] * 60)
    groups = groups_of(people, TODAY)
    found, google = Won(groups=groups, people=people), by_name(groups.found)["Google"]
    month = a_spend("google", TODAY - 30 * DAY, TODAY - DAY)
    assert spent_on_one(google, [month], found, TODAY) == pytest.approx(500.0)
    before = a_spend("google", TODAY - 60 * DAY, TODAY - 31 * DAY)
    assert spent_on_one(google, [before], found, TODAY) is None
    assert list(in_vain(people, [month, before], TODAY)) == [before]
    # in a sample of a tenth each of them stands for ten
    assert spent_on_one(google, [month], replace(found, share=0.1), TODAY) == pytest.approx(50.0)
    # of sixty days to come, half an amount falls on the thirty that are over
    ahead = a_spend("google", TODAY - 30 * DAY, TODAY + 29 * DAY)
    assert spent_on_one(google, [ahead], found, TODAY) == pytest.approx(250.0)


def test_a_first_year_is_what_came_and_what_is_expected_of_the_rest(store: Store) -> None:
    people = newcomers(store)
    row = {str(name): at for at, name in enumerate(store.told.names)}
    young = {
        one.customer: one
        for one in store.buyers
        if not one.missing_orders and store.as_of - one.order_days[0].at < 365 * DAY
    }
    assert len(people.year_profit) == len(young)
    for value, (customer, one) in zip(people.year_profit, young.items(), strict=True):
        rest = value - one.gp2_to_date
        year = store.told.worth[row[customer], -1]
        assert min(0.0, year) - 1e-6 <= rest <= max(0.0, year) + 1e-6


def test_where_new_customers_came_from_is_in_the_table_and_its_money_adds_up(store: Store) -> None:
    ad = Origin(source="google", medium="cpc", campaign="spring", landing="products/pot", code="spring10")
    origins = cycle((ad, Origin(landing="home")))
    picture = acquisition(in_store(store, origins))
    names = [column.name for column in picture.columns]
    rows = [dict(zip(names, row, strict=True)) for row in picture.rows]
    found = Counter[str]()
    for one in rows:
        found[str(one["dimension"])] += int(one["n"] or 0)
    assert set(found.values()) == {picture.n}
    assert {one["name"] for one in rows if one["dimension"] == "source"} == {"google / cpc", "direct"}
    assert {one["name"] for one in rows if one["dimension"] == "campaign"} == {"spring", "no campaign"}
    assert {one["name"] for one in rows if one["dimension"] == "code"} == {"spring10", "no code"}
    assert all(one["spend"] is None for one in rows)


def test_whoever_comes_from_the_shops_own_pages_came_by_no_source(store: Store) -> None:
    pages = ("teapots.example.com", "account.teapots.example.com", store.shop.id)
    own = cycle(Origin(source=source_of(page), landing="home") for page in pages)
    elsewhere = cycle((Origin(source="example.com", landing="home"),))
    here = replace(store, shop=replace(store.shop, storefront="www.teapots.example.com"))
    assert set(newcomers(in_store(here, own)).names["source"]) == {"direct"}
    assert set(newcomers(in_store(here, elsewhere)).names["source"]) == {"example.com"}


def test_products_go_by_their_titles(store: Store) -> None:
    with_titles, with_ids = (newcomers(one).names["product"] for one in (store, replace(store, titles={})))
    assert with_titles == [store.titles.get(product, product) for product in with_ids]
    assert any(name.startswith("Kitchen No. ") for name in with_titles)


def test_a_code_that_one_order_used_is_named_nowhere(store: Store) -> None:
    came = in_store(store, (Origin(landing="home", code=f"anna{number}") for number in count()))
    picture = acquisition(came)
    assert "anna" not in str((picture.rows, picture.says))
    assert set(newcomers(came).names["code"]) == {ONE_OFF}


def test_an_order_without_a_code_has_none_once_orders_are_kept_with_where_they_came_from(
    store: Store,
) -> None:
    came = newcomers(in_store(store, cycle((Origin(), Origin(), Origin(landing="home", code="spring10")))))
    assert set(came.names["code"]) == {"no code", "spring10"}
    assert set(newcomers(in_store(store, cycle((Origin(),)))).names["code"]) == {NOT_KNOWN}


def test_what_was_spent_is_set_against_the_first_year(store: Store) -> None:
    came = in_store(store, cycle((Origin(source="google", landing="home"), Origin(landing="home"))))
    today = store.as_of.date()
    picture = acquisition(came, [a_spend("google", today - 400 * DAY, today, amount=10**9)])
    names = [column.name for column in picture.columns]
    [google] = [row for row in picture.rows if row[1] == "google"]
    told = dict(zip(names, google, strict=True))
    assert float(told["left"] or 0) == pytest.approx(
        float(told["year"] or 0) - float(told["spend"] or 0), abs=1
    )
    assert "winning one by source google costs more than the year brings" in picture.says


def test_hypotheses_are_ranked_by_what_is_at_stake(store: Store) -> None:
    found = won(store)
    rng = np.random.default_rng(2)
    values = [*rng.normal(2000, 300, 50), *rng.normal(8000, 300, 400), *rng.normal(4000, 300, 200)]
    people = some(values, ["few"] * 50 + ["many"] * 400 + ["some"] * 200)
    ranked = hypotheses_of(replace(found, people=people, groups=groups_of(people, TODAY)))
    assert [one.group.name for one in ranked] == ["many", "some", "few"]
    for one in ranked:
        gap = abs(one.group.year.value - one.store.value)
        assert one.stake.value == pytest.approx(gap * one.group.recent)
        assert (one.stake.lo or 0.0) < one.stake.value < (one.stake.hi or 0.0)
    tenth = hypotheses_of(Won(groups=groups_of(people, TODAY), people=people, share=0.1))
    assert [one.stake.value for one in tenth] == pytest.approx([10 * one.stake.value for one in ranked])


def test_a_hypothesis_says_what_is_seen_and_what_to_try(store: Store) -> None:
    picture = hypotheses(store)
    assert all(len(row) == len(picture.columns) for row in picture.rows)
    for row in picture.rows:
        assert "in their first year against" in str(row[-2])
        assert "the next" in str(row[-1])
    assert "groups" in picture.says


def test_with_too_few_second_orders_nothing_is_ranked(store: Store) -> None:
    small = replace(store, shop=replace(store.shop, numbers=replace(store.shop.numbers, second_orders=49)))
    for picture in (acquisition(small), hypotheses(small)):
        assert not picture.rows
        assert "Too few second orders" in picture.says


def test_ranges_are_eighty_per_cent() -> None:
    values = np.random.default_rng(4).normal(5000, 1000, 400)
    year = groups_of(some(list(values), ["a"] * 200 + ["b"] * 200), TODAY).year
    half = NormalDist().inv_cdf(0.9) * values.std() / np.sqrt(len(values))
    assert year.hi == pytest.approx(values.mean() + half, rel=1e-3)


def test_where_no_two_groups_are_told_apart_the_store_still_has_its_newcomers(store: Store) -> None:
    """One product, one country, and orders that say nothing of where they came from."""
    alike = in_store(store, cycle((Origin(),)))
    facts = {
        customer: [
            replace(fact, country="", source="web", lines=()) if isinstance(fact, Order) else fact
            for fact in held
        ]
        for customer, held in alike.facts.items()
    }
    nothing_told = replace(alike, facts=facts)
    picture = acquisition(nothing_told)
    [row] = picture.rows
    assert "the orders tell no source, code, product or country" in picture.says
    assert not picture.interval
    assert draw(picture, "GBP") is None
    assert hypotheses(nothing_told).says.startswith("There is nothing to compare")

    told = dict(zip([column.name for column in acquisition(store).columns], row, strict=True))
    first_days = newcomers(store).first_days
    assert told["recent"] == sum(0 < (TODAY - day).days <= 90 for day in first_days) > 0
    assert told["before"] == sum(90 < (TODAY - day).days <= 180 for day in first_days) > 0


def test_nothing_is_compared_by_a_profit_that_is_withheld(store: Store) -> None:
    """A product without a cost would win or lose by the margin that stands in for it."""
    numbers = replace(store.shop.numbers, withheld={"value": "Costs are known of 39 % of the revenue."})
    guessed = replace(store, shop=replace(store.shop, numbers=numbers))

    for picture in (acquisition(guessed), hypotheses(guessed), first_orders(guessed)):
        assert not picture.rows
        assert picture.says == "Costs are known of 39 % of the revenue."

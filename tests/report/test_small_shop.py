"""The page of a shop with thirty second orders, as a whole: it ranks nobody, and no tag does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

import pytest

from nextorder.domain.features import compute_features
from nextorder.domain.published import published_segments
from nextorder.domain.sampling import Drawn
from nextorder.domain.segments_families import RANKED
from nextorder.domain.shop import Gaps
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.report.acquisition import acquisition
from nextorder.report.assemble import OF_PEOPLE, WAITS, page_of
from nextorder.report.gaps import gaps
from nextorder.report.glance import glance
from nextorder.report.html import render
from nextorder.report.hypotheses import hypotheses
from nextorder.report.life import LIFE
from nextorder.report.look import look_at_all
from nextorder.report.mail import mail_of
from nextorder.report.page import Page
from nextorder.report.store import Store
from nextorder.report.suggestion import QUIET
from nextorder.training.store import fit_store
from tests.report.sample import NOW, SHOP
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records
from tests.unit.shop_cases import CATALOGUE
from tests.unit.shop_cases import SHOP as BY_HAND

SECOND_ORDERS = 30
COUNTED = {"cohorts", "second_order", "gaps", "sizes"}
"""Pictures that show what was, and foretell nothing of anybody."""
EVERYTHING = CATALOGUE.with_on("all")


@pytest.fixture(scope="module")
def shop(sample_store: Store) -> Store:
    """The sample's first customers until thirty have ordered again, fitted and looked at by themselves."""
    came_back = accumulate(len(one.order_days) > 1 for one in sample_store.everyone)
    some = [
        one for one, count in zip(sample_store.everyone, came_back, strict=True) if count <= SECOND_ORDERS
    ]
    drawn = Drawn(facts={one.customer: sample_store.facts[one.customer] for one in some})
    everyone = [compute_features(customer, held, SHOP, NOW) for customer, held in drawn.facts.items()]
    model, numbers = fit_store(everyone, SHOP, EVERYTHING, NOW)
    return look_at_all(replace(SHOP, numbers=numbers), EVERYTHING, model, drawn, (), NOW)


@pytest.fixture(scope="module")
def small(shop: Store) -> Page:
    """Its page."""
    return page_of(shop)


@pytest.fixture(scope="module")
def drawn(small: Page) -> str:
    """The page as it is read."""
    return render(small)


def verdicts(store: Store) -> Sequence[Verdict]:
    model, catalogue = store.told.model, store.catalogue
    return [
        reach_verdict(one, store.shop, model, as_of=store.as_of, catalogue=catalogue)[0]
        for one in store.everyone
    ]


def test_it_says_at_its_head_and_in_its_mail_that_there_are_too_few_orders_to_rank_people(
    small: Page, drawn: str
) -> None:
    said = "There are too few orders to rank people: 30 customers have ordered again, and it takes 50."

    assert small.too_few == said
    assert said in drawn
    assert said in mail_of(small, "https://example.com/page", NOW)
    assert small.suggestion.startswith("Bring in your older orders")


def test_no_picture_and_no_figure_ranks_anybody_or_foretells_what_they_will_do(
    small: Page, drawn: str
) -> None:
    assert {one.key for one in small.pictures if one.rows} == COUNTED
    told = {one.key: one.says for one in small.figures} | {one.key: one.says for one in small.pictures}
    assert {told[key] for key in OF_PEOPLE} == {WAITS}
    assert {one.key for one in small.figures if one.now} == {"orders", "in_window", "worth"}
    for name in ("champion", "at-risk", "cooling", "platinum", "expected to bring"):
        assert name not in drawn


def test_its_sizes_are_of_life_alone_and_as_many_as_the_verdicts_have(shop: Store, small: Page) -> None:
    [sizes] = (one for one in small.pictures if one.key == "sizes")
    rows = records(sizes)

    assert {row["family"] for row in rows} == {"life"}
    assert {row["segment"] for row in rows} <= {*LIFE} - {"champion"}
    now = {row["segment"]: row["customers"] for row in rows if row["day"] == "2026-11-20"}
    assert +Counter(now) == Counter(one.segments["life"].value for one in verdicts(shop))


def test_what_is_published_of_its_customers_is_life_and_hold_and_no_more(shop: Store) -> None:
    half = replace(shop, shop=replace(shop.shop, holdout_share=Decimal("0.5")))
    told = verdicts(half)

    shown = {name for one in told for name in published_segments(one, EVERYTHING, half.shop.numbers.shown_as)}
    assert {name.partition(":")[0] for name in shown} == {"life", "hold"}
    assert not {family for one in told for family in one.segments} & {*RANKED, "own"}
    assert not any(one.segments["life"].value == "champion" for one in told)


def test_the_audit_names_what_is_kept_back(small: Page) -> None:
    [line] = (one for one in small.findings if one.name == "second orders")

    assert line.withheld == RANKED


def test_what_is_asked_of_new_customers_by_a_command_is_not_told_either(shop: Store) -> None:
    drawn = Drawn(facts=shop.facts)
    store = glance(shop.shop, shop.catalogue, shop.told.model, drawn, NOW)

    for picture in (acquisition(store), hypotheses(store)):
        assert picture.rows == ()
        assert picture.says.startswith("Too few second orders")


def test_a_rhythm_of_few_customers_makes_nobody_due() -> None:
    rhythm = {"tea": Gaps(n=300, day_40=33, day_75=37, day_95=41)}
    numbers = replace(BY_HAND.numbers, gaps=rhythm, second_orders=SECOND_ORDERS)
    steady = ordering(*(range(number % 5, 400, 35) for number in range(SECOND_ORDERS)))

    picture = gaps(a_store(steady, days=600, shop=replace(BY_HAND, numbers=numbers)))

    assert {(row["due"], row["late"], row["over"]) for row in records(picture)} == {(None, None, None)}
    assert picture.says.endswith("of too few customers yet to say who is due.")


def test_where_orders_were_taken_back_since_the_fit_nobody_is_ranked_by_its_numbers(shop: Store) -> None:
    """The last fit saw more; risk and champions would still be placed by what it froze."""
    before = replace(shop.shop, numbers=replace(shop.shop.numbers, second_orders=900))
    page = page_of(replace(shop, shop=before))

    assert page.too_few.startswith("There are too few orders to rank people")
    [sizes] = (one for one in page.pictures if one.key == "sizes")
    assert {row["family"] for row in records(sizes)} == {"life"}


def test_before_a_fit_has_seen_the_second_orders_nobody_is_suggested_by_what_they_are_to_bring() -> None:
    many = ordering(*([0, 5] for _ in range(50)), *([270] for _ in range(40)))
    waiting = replace(BY_HAND, applied=True, numbers=replace(BY_HAND.numbers, second_orders=49))

    page = page_of(a_store(many, days=400, shop=waiting))

    assert page.too_few.startswith("People are ranked from the next fit on")
    assert page.suggestion == QUIET

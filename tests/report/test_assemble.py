"""The page of the sample store, and of one too small for it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nextorder.adapters.document import ALL_DIGITS, decode, to_plain
from nextorder.domain.facts import Order, Refund, StoredFact
from nextorder.domain.hindsight import known_before
from nextorder.domain.model_card import LEAST_SECOND_ORDERS
from nextorder.domain.sampling import Drawn
from nextorder.report.assemble import OF_PEOPLE, PICTURES, WAITS, page_of
from nextorder.report.look import look_at, look_at_all
from nextorder.report.page import Page
from nextorder.report.store import Store
from tests.report.sample import NOW, SHOP
from tests.unit.shop_cases import CATALOGUE, MODEL, an_order

DAY = timedelta(days=1)
Facts = dict[str, tuple[StoredFact, ...]]


@pytest.fixture(scope="module")
def small(sample_store: Store) -> Page:
    """The page of a dozen customers."""
    facts = {customer: sample_store.facts[customer] for customer in sorted(sample_store.facts)[:12]}
    return page_of(look_at(SHOP, CATALOGUE, MODEL, facts, NOW))


def test_the_page_survives_json_with_every_number_as_it_was(page: Page) -> None:
    """Only what JSON knows is in it, no infinity and nothing of numpy's."""
    text = json.dumps(to_plain(page, digits=ALL_DIGITS), allow_nan=False)

    assert decode(Page, text) == page


def test_every_picture_has_a_sentence_and_rows_as_wide_as_its_columns(page: Page) -> None:
    assert len(page.pictures) == len({one.key for one in page.pictures}) == len(PICTURES)
    for picture in page.pictures:
        assert picture.says
        assert {len(row) for row in picture.rows} <= {len(picture.columns)}


def test_there_are_five_figures_and_each_says_what_it_is(page: Page) -> None:
    assert len(page.figures) == 5
    assert all(one.says for one in page.figures)
    assert page.suggestion
    assert not page.too_few


def test_a_small_store_is_told_why_nobody_is_ranked(small: Page) -> None:
    assert small.too_few.startswith("There are too few orders to rank people: ")
    assert small.too_few.endswith("and it takes 50.")
    for one in of_people(small):
        assert one == WAITS


def of_people(page: Page) -> Iterator[str]:
    """Yield what is said in place of what ranks or foretells people; nothing of it may be shown."""
    for figure in page.figures:
        if figure.key in OF_PEOPLE:
            assert figure.now is figure.before is None
            yield figure.says
    for picture in page.pictures:
        if picture.key in OF_PEOPLE:
            assert not picture.rows
            yield picture.says


def test_a_small_store_still_sees_what_is_counted(small: Page) -> None:
    counted = {one.key: one for one in small.pictures}

    assert counted["cohorts"].rows
    assert counted["sizes"].rows
    assert not counted["calibration"].rows


def test_a_sample_is_said_to_be_one(store: Store) -> None:
    page = page_of(replace(store, share=0.25))

    assert page.sampled == len(store.buyers)
    assert page.customers == 4 * page.sampled


def test_people_are_ranked_where_their_tags_are(store: Store) -> None:
    """Tags go by the numbers of the last fit; what has come since is not in them."""
    numbers = replace(store.shop.numbers, second_orders=LEAST_SECOND_ORDERS - 1)
    page = page_of(replace(store, shop=replace(store.shop, numbers=numbers)))

    assert "by the last fit 49 customers had ordered again" in page.too_few
    assert set(of_people(page)) == {WAITS}


def test_whatever_comes_later_changes_nothing_on_the_page(store: Store) -> None:
    """The future is poisoned: everyone orders, sends back and cancels, and somebody new comes."""
    then = NOW - 40 * DAY
    half = {customer: store.facts[customer] for customer in sorted(store.facts)[::2]}
    known = {customer: held for customer in half if (held := known_before(half[customer], then))}
    late = replace(an_order(0, name="late"), placed_at=then, updated_at=then)
    poisoned: Facts = {customer: tuple(poison(customer, half[customer], then)) for customer in half}

    page = page_at(known, store, then)

    assert not page.too_few
    assert page_at({**poisoned, "somebody": (late,)}, store, then) == page


def poison(customer: str, held: Sequence[StoredFact], then: datetime) -> Iterator[StoredFact]:
    """Yield what was known, as it stands after a bad day that is still to come, and what came of it."""
    after = then + DAY
    for fact in held:
        if isinstance(fact, Order) and fact.placed_at < then:
            yield replace(fact, cancelled_at=after, financial_status="voided", updated_at=after)
            yield Refund(id=f"R{fact.id}", order=fact.id, placed_at=after, updated_at=after)
        else:
            yield fact
    yield replace(an_order(0, name=f"late-{customer}"), customer=customer, placed_at=then, updated_at=after)


def page_at(facts: Facts, store: Store, then: datetime) -> Page:
    """Look with a model that was there already."""
    shop = replace(store.shop, numbers=replace(store.shop.numbers, fitted_at=then))
    drawn = Drawn(facts=facts, titles=store.titles)
    return page_of(look_at_all(shop, CATALOGUE, store.told.model, drawn, (), then))

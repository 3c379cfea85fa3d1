"""Facts as text come back as they were, whatever the ids of their lines look like."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.fact_codec import decode, encode
from nextorder.domain.facts import (
    NO_ORIGIN,
    Order,
    OrderLine,
    Origin,
    Refund,
    RefundLine,
    Restock,
    VariantCategory,
    sort_key,
)

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
IDS = st.one_of(st.integers(0, 10**15).map(str), st.sampled_from(["", "007", "0", "gid", "12-1"]))


CATEGORIES = st.lists(st.sampled_from(["tea", "pots", "12", "0", "other", ""]), min_size=6, max_size=6)
RESTOCKS = st.lists(st.sampled_from(Restock), min_size=6, max_size=6)


@given(ids=st.lists(IDS, max_size=6), units=st.integers(0, 9), categories=CATEGORIES, restocks=RESTOCKS)
def test_lines_come_back_as_they_were(
    ids: list[str], units: int, categories: list[str], restocks: list[Restock]
) -> None:
    order = Order(
        id="1",
        customer="7",
        placed_at=AT,
        updated_at=AT,
        currency="EUR",
        lines=tuple(
            OrderLine(id=one, product=one, category=what, quantity=units, revenue=900, unit_cost=units)
            for one, what in zip(ids, categories, strict=False)
        ),
        accepts_marketing=False,
    )
    refund = Refund(
        id="2",
        order="1",
        placed_at=AT,
        updated_at=AT,
        lines=tuple(
            RefundLine(line=one, quantity=units, revenue=900, restock=where)
            for one, where in zip(ids, restocks, strict=False)
        ),
    )

    assert decode(sort_key(order), encode(order), "7") == order
    assert decode(sort_key(refund), encode(refund)) == refund


def test_neighbouring_ids_are_written_short() -> None:
    lines = tuple(OrderLine(id=str(13_900_000_022_432 + n), quantity=1, revenue=900) for n in range(3))
    order = Order(id="1", customer="7", placed_at=AT, updated_at=AT, currency="EUR", lines=lines)

    written = json.loads(encode(order))["lines"]

    assert [line[0] for line in written] == [13_900_000_022_432, 1, 1]


@given(words=st.lists(st.sampled_from(["", "google", "10", "007"]), min_size=5, max_size=5))
def test_where_an_order_came_from_comes_back_as_it_was(words: list[str]) -> None:
    source, medium, campaign, landing, code = words
    origin = Origin(source=source, medium=medium, campaign=campaign, landing=landing, code=code)
    order = Order(id="1", customer="7", placed_at=AT, updated_at=AT, currency="EUR", origin=origin)

    assert decode(sort_key(order), encode(order), "7") == order


def test_a_category_that_lines_share_is_written_once() -> None:
    lines = tuple(OrderLine(id=str(n), category="home-decor", quantity=1, revenue=900) for n in range(1, 4))
    order = Order(id="1", customer="7", placed_at=AT, updated_at=AT, currency="EUR", lines=lines)

    assert encode(order).count("home-decor") == 1


def test_lines_that_were_kept_with_every_category_are_read_as_they_were() -> None:
    kept = '{"placed_at":1,"updated_at":1,"currency":"EUR","lines":[[7,"","","tea",1,9],[1,"","","tea",1,9]]}'

    order = decode("order#1", kept, "7")

    assert isinstance(order, Order)
    assert [(line.id, line.category) for line in order.lines] == [("7", "tea"), ("8", "tea")]


def test_an_order_that_was_kept_before_origins_were_is_read_without_one() -> None:
    kept = '{"placed_at":1777636800,"updated_at":1777636800,"currency":"EUR","total":900}'

    order = decode("order#1", kept, "7")

    assert isinstance(order, Order)
    assert order.origin == NO_ORIGIN
    assert encode(order) == kept


def test_a_variant_that_was_kept_before_titles_were_is_read_without_one() -> None:
    kept = '{"inventory_item":"3001","category":"mugs","updated_at":1777636800,"sku":"M-1"}'

    variant = decode("variant#2001", kept)

    assert isinstance(variant, VariantCategory)
    assert (variant.product, variant.product_title) == ("", "")
    assert encode(variant) == kept
    assert (
        decode("variant#2001", encode(titled := replace(variant, product="7", product_title="Mug"))) == titled
    )

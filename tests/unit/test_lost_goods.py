"""Reconciling goods, and beside records that are merged away or deleted meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.errors import Refused
from tests.fakes.house import Webhook
from tests.unit.delivery_cases import AS_OF, BERTA, LIVE, MERGE, clean_pass, shown
from tests.unit.reconcile_cases import (
    AN_HOUR,
    FIRST_COST,
    HISTORY,
    LONG_AGO,
    NOW,
    WITH_GOODS,
    Bench,
    a_note,
    some_lost,
)

DELETED = ("customers/delete", {"id": int(BERTA), "admin_graphql_api_id": f"gid://shopify/Customer/{BERTA}"})


@settings(max_examples=40)
@given(some_lost([*WITH_GOODS[:FIRST_COST], *WITH_GOODS[FIRST_COST + 1 :]]), st.integers(0, len(WITH_GOODS)))
def test_goods_whose_webhooks_are_lost_end_with_the_weekly_pass_as_if_none_were(
    arrived: list[Webhook], place: int
) -> None:
    """Shopify tells the present cost alone, so one before it cannot be brought in: that one arrives."""
    bench = Bench(history=WITH_GOODS)
    bench.house.receive(*arrived[:place], WITH_GOODS[FIRST_COST], *arrived[place:])

    bench.run_to_the_end()
    bench.house.pass_by()

    clean = clean_pass(WITH_GOODS)
    clean.pass_by()
    assert bench.house.essence() == clean.essence()
    assert bench.run(NOW + 50 * AN_HOUR).goods == 0


def test_a_product_that_says_nothing_new_is_left_alone() -> None:
    bench = Bench(clean_pass(WITH_GOODS), history=WITH_GOODS)
    topic, mug = WITH_GOODS[0]
    bench.platform.knows([(topic, {**mug, "updated_at": "2026-05-30T00:00:00Z"})], AS_OF)

    assert bench.run().goods == 0
    bench.platform.knows([(topic, {**mug, "title": "Cup", "updated_at": "2026-05-31T00:00:00Z"})], AS_OF)
    assert bench.run(since=LONG_AGO).goods == 1


def test_a_daily_walk_whose_word_for_a_page_has_grown_old_begins_anew_within_the_hour() -> None:
    bench = Bench(history=WITH_GOODS)
    bench.platform.a_page = 1
    bench.run(has_time=lambda: not (bench.note.goods and bench.note.goods.after))
    bench.platform.old_words = {bench.note.goods.after} if bench.note.goods else set()

    with pytest.raises(Refused):
        bench.run(NOW + AN_HOUR)
    bench.platform.old_words = set()

    assert bench.run(NOW + 2 * AN_HOUR).goods == 2


def test_a_note_of_an_earlier_release_has_the_goods_looked_at_as_little_as_the_customers() -> None:
    bench = Bench(history=WITH_GOODS)
    bench.notes.notes = {LIVE.id: replace(a_note(LONG_AGO), goods=None)}

    assert bench.run().goods == 2


@pytest.mark.parametrize("end", [MERGE, DELETED], ids=["merged", "deleted"])
@settings(max_examples=20)
@given(arrived=some_lost(HISTORY), place=st.integers(0, len(HISTORY)))
def test_what_is_lost_of_a_record_that_is_gone_ends_where_none_lost_ends(
    end: Webhook, arrived: list[Webhook], place: int
) -> None:
    """Shopify lists none that is gone, so the word of its end arrives, in whatever place."""
    bench = Bench()
    bench.house.receive(*arrived[:place], end, *arrived[place:])
    bench.house.settle()

    bench.run_to_the_end()

    clean = clean_pass([*HISTORY, end])
    assert bench.house.essence() == clean.essence()
    assert shown(bench.house) == shown(clean)

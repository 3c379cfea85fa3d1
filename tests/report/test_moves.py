"""Moves within 30 days: from all who were where, to all who are."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.report.charts import draw
from nextorder.report.life import LIFE, NOBODY, STARTS
from nextorder.report.moves import BACK, HEIGHTS, Move, in_words, moves, moves_of
from nextorder.report.page import Estimate
from nextorder.report.sizes import sizes_at
from nextorder.report.store import Store
from tests.report.tables import records


def test_moves_lead_from_the_sizes_of_then_to_those_of_now(store: Store) -> None:
    (now, _), (then, _) = sizes_at(store, [store.as_of, store.as_of - BACK])
    starts, ends = Counter[str](), Counter[str]()
    for one in moves_of(store):
        starts[one.start] += one.customers
        ends[one.end] += one.customers

    assert ends == now
    assert starts - Counter({NOBODY: starts[NOBODY]}) == then
    assert starts[NOBODY] == now.total() - then.total()
    assert moves(store).n == now.total()


def test_every_buyers_profit_ahead_is_in_one_move(store: Store) -> None:
    told = [one.ahead for one in moves_of(store) if one.ahead]

    year = store.told.worth[:, store.told.days.index(365.0)].sum()
    assert sum(one.value for one in told) == pytest.approx(year)
    for one in told:
        assert one.lo is not None
        assert one.hi is not None
        assert one.lo <= one.value <= one.hi


def test_every_stage_of_life_has_a_height() -> None:
    assert set(HEIGHTS) == {NOBODY, *LIFE}


pairs = st.lists(st.tuples(st.sampled_from(STARTS), st.sampled_from(LIFE)), unique=True, max_size=12)


@given(pairs)
def test_the_sentence_names_the_largest_move_that_costs_and_the_largest_that_brings(
    pairs: list[tuple[str, str]],
) -> None:
    found = [
        Move(start=start, end=end, customers=number + 2, ahead=Estimate(value=100 * number))
        for number, (start, end) in enumerate(pairs)
    ]

    says = in_words(found, "EUR")

    for sign, word in ((1, "brings"), (-1, "costs")):
        some = [one for one in found if one.rise * sign > 0]
        assert (word in says) is bool(some)
        if some:
            # sizes rise along the list
            assert f"{some[-1].customers} customers went from {some[-1].start} to {some[-1].end}" in says


def test_of_a_shop_whose_money_is_not_told_the_customers_are(store: Store) -> None:
    unpriced = [replace(one, unpriced="no rate is given") for one in store.everyone]

    picture = moves(replace(store, everyone=unpriced))

    assert {row["ahead"] for row in records(picture)} == {None}
    assert "expected" not in picture.says


def test_of_who_never_ordered_no_profit_is_foretold(store: Store) -> None:
    prospects = [one for one in moves_of(store) if one.end == "prospect"]

    assert [one.ahead for one in prospects] == [None]
    assert moves(store).unit.startswith("customers, with")


def test_stages_stand_in_one_order_whoever_has_not_been_in_one(store: Store) -> None:
    columns = moves(store).columns
    rows = [("new", "champion", 3, 1.0, 0.0, 2.0), ("champion", "repeat", 1, 1.0, 0.0, 2.0)]

    drawings = draw(replace(moves(store), columns=columns, rows=rows), "EUR")
    assert drawings
    assert drawings.wide.specification["layer"][0]["encoding"]["x"]["sort"] == ["new", "repeat", "champion"]


def test_time_alone_neither_costs_nor_brings() -> None:
    waited = Move(start="new", end="second-window", customers=7, ahead=Estimate(value=700))

    assert in_words([waited], "EUR") == "In 30 days nobody moved but by time passing."
    first = Move(start=NOBODY, end="new", customers=1, ahead=Estimate(value=4_200))
    assert f"1 customer went from {NOBODY} to new (" in in_words([first], "EUR")

"""The time to the second order: the curve is the textbook's, the window the one that tags go by."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.shop import Window
from nextorder.report.second_order import CURVE, MODEL, USUAL, WINDOW, curve_of, second_order
from nextorder.report.store import Store
from nextorder.scoring.predict import BuyingHistory, chance_of_order
from nextorder.training.window import SecondOrders
from tests.report.small_stores import a_store, ordering
from tests.report.tables import records
from tests.unit.shop_cases import MODEL as MODEL_BY_HAND

NEW = BuyingHistory(repeat_days=0, first_to_last_days=0, tenure_days=0)
Z95 = 1.959963984540054
SIX_MP = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
SIX_MP_STILL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def waits(came: list[int], still: list[int]) -> SecondOrders:
    seen = [True] * len(came) + [False] * len(still)
    return SecondOrders(days=np.array(came + still, dtype=np.int64), seen=np.array(seen))


def test_the_curve_and_its_band_are_the_published_ones() -> None:
    """Remission under 6-MP (Freireich et al., Blood 21(6), 1963); the ends are R's survfit's, by log-log."""
    came = [day for day, count in SIX_MP.items() for _ in range(count)]
    curve = curve_of(waits(came, SIX_MP_STILL), Z95)

    for day, stay, low, high in ((6, 0.857, 0.620, 0.952), (23, 0.448, 0.188, 0.680)):
        told = [1 - float(one[day]) for one in (curve.share, curve.hi, curve.lo)]
        assert told == pytest.approx([stay, low, high], abs=6e-4)
    assert curve.at_risk[6] == 21


@given(st.lists(st.integers(1, 800), min_size=1, max_size=40), st.lists(st.integers(0, 800), max_size=40))
def test_the_band_holds_the_curve_which_only_rises(came: list[int], still: list[int]) -> None:
    curve = curve_of(waits(came, still))

    assert (curve.lo <= curve.share + 1e-9).all()
    assert (curve.share <= curve.hi + 1e-9).all()
    assert (np.diff(curve.share) >= -1e-12).all()
    assert curve.lo.min() >= 0
    assert curve.hi.max() <= 1


def test_who_never_comes_back_moves_no_share() -> None:
    assert curve_of(waits([], [10, 400, 800])).share.max() == 0


def test_four_of_five_of_a_year_have_come_by_the_window(store: Store) -> None:
    window = store.shop.numbers.window
    picture = second_order(store)
    (own,) = records(picture, mark=WINDOW)
    year = records(picture, mark=CURVE)[-1]

    assert (own["day"], own["day_lo"], own["day_hi"]) == (window.days, window.lo, window.hi)
    assert window.method == "measured"
    assert year["day"] == 365
    assert own["share"] == pytest.approx(0.8 * year["share"], abs=0.01)
    assert f"within {window.days} days ({window.lo} to {window.hi})" in picture.says


def test_the_usual_150_days_stand_beside(store: Store) -> None:
    (usual,) = records(second_order(store), mark=USUAL)

    assert usual["day"] == 150


def test_too_few_second_orders_are_told_by_the_models_curve() -> None:
    store = a_store(ordering([0, 10], [2], [5, 90]), days=200)
    prior = replace(store.shop.numbers, window=Window(days=150, second_orders=2))
    picture = second_order(replace(store, shop=replace(store.shop, numbers=prior)))

    assert not records(picture, mark=CURVE)
    assert "too few to measure when the window closes" in picture.says
    for row in records(picture, mark=MODEL):
        # some leave after their first order and never come back
        assert row["share"] == chance_of_order(MODEL_BY_HAND, NEW, row["day"])
        assert row["share_lo"] <= row["share"] <= row["share_hi"]


def test_a_window_that_cannot_be_measured_is_never_laid_on_too_few_second_orders_where_there_are_enough() -> (
    None
):
    store = a_store(ordering([0, 10], [2], [5, 90]), days=200)

    def says(**window: Any) -> str:
        numbers = replace(store.shop.numbers, window=Window(**window))
        return second_order(replace(store, shop=replace(store.shop, numbers=numbers))).says

    unsteady = says(days=124, lo=109, hi=140, second_orders=265, method="estimated")
    assert "too few" not in unsteady
    assert "124 days (109 to 140) stand in, between what 265 second orders show and the usual 150" in unsteady
    assert says() == (
        "Nobody has ordered again yet: until 100 have, and there is a year of history, the usual "
        "150 days stand in for the window."
    )


def test_a_window_that_nobody_has_measured_has_no_range() -> None:
    store = a_store(ordering([0], [2]), days=20)
    prior = replace(store.shop.numbers, window=Window(days=150, lo=150, hi=150))

    (row,) = records(second_order(replace(store, shop=replace(store.shop, numbers=prior))), mark=WINDOW)
    assert (row["day"], row["day_lo"], row["day_hi"]) == (150, None, None)


def test_origins_with_a_window_of_their_own_have_a_row() -> None:
    store = a_store(ordering([0, 10], [2], [5, 90]), days=400)
    numbers = replace(store.shop.numbers, windows={"category tea": Window(days=90, lo=80, hi=99)})
    picture = second_order(replace(store, shop=replace(store.shop, numbers=numbers)))

    (row,) = records(picture, mark="category tea")
    assert (row["day"], row["day_lo"], row["day_hi"], row["at_risk"]) == (90, 80, 99, 1)
    assert row["share"] is None

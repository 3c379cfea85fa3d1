"""The close of the second-order window, measured or estimated."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from nextorder.domain.shop import Window
from nextorder.scoring.model import StoreModel
from nextorder.training.fit import fit_table
from nextorder.training.table import OrderTable, order_table
from nextorder.training.window import model_close, second_orders, window_of, windows_of_origins
from tests.models.cdnow import ENDED_AT, LAUNCH, one_in_ten

ZONE = ZoneInfo("UTC")
ALL_ORDERS = order_table(one_in_ten(), ZONE, ENDED_AT)


def fitted(table: OrderTable) -> StoreModel:
    return fit_table(table, ENDED_AT, ZONE, choice="none")


def first(customers: int) -> OrderTable:
    return ALL_ORDERS.where(ALL_ORDERS.customer < customers)


def test_a_full_store_gets_the_kaplan_meier_window() -> None:
    waits = second_orders(ALL_ORDERS, ENDED_AT, ZONE)
    survival, curve = 1.0, {}
    for day in range(366):
        at_risk = (waits.days >= day).sum()
        survival *= 1 - (waits.seen & (waits.days == day)).sum() / at_risk
        curve[day] = 1 - survival
    by_hand = min(day for day in curve if curve[day] >= 0.8 * curve[365])

    window = window_of(ALL_ORDERS, ENDED_AT, ZONE, fitted(ALL_ORDERS))

    assert window.days == by_hand
    assert window.method == "measured"
    assert window.lo < window.days < window.hi
    assert window.days == pytest.approx(170, abs=20)


def test_a_small_store_gets_the_models_window_shrunk_to_150_days() -> None:
    few = first(200)
    model = fitted(few)

    window = window_of(few, ENDED_AT, ZONE, model)

    count = second_orders(few, ENDED_AT, ZONE).count
    weight = count / (count + 50)
    assert 10 <= count < 100
    assert window.method == "estimated"
    expected = model_close(model.r, model.alpha) ** weight * 150 ** (1 - weight)
    assert window.days == pytest.approx(expected, abs=1)


def test_a_store_without_a_year_of_waiting_is_estimated_however_large() -> None:
    young = LAUNCH + timedelta(days=200)

    window = window_of(ALL_ORDERS, young, ZONE, fit_table(ALL_ORDERS, young, ZONE))

    assert window.second_orders > 100
    assert window.method == "estimated"


def test_a_store_with_hardly_any_second_order_keeps_the_prior_window() -> None:
    window = window_of(first(6), ENDED_AT, ZONE, fitted(first(6)))

    assert window.method == "prior"
    assert window.days == pytest.approx(150, abs=30)


def test_nobody_at_all_gives_150_days() -> None:
    nobody = first(0)

    assert window_of(nobody, ENDED_AT, ZONE, fitted(nobody)).days == 150


def test_a_refit_moves_the_window_only_when_the_old_one_is_no_longer_likely() -> None:
    model = fitted(ALL_ORDERS)
    found = window_of(ALL_ORDERS, ENDED_AT, ZONE, model)
    near, far = (replace(found, days=days) for days in (found.hi, found.hi + 1))

    assert window_of(ALL_ORDERS, ENDED_AT, ZONE, model, old=near) == replace(found, days=near.days)
    assert window_of(ALL_ORDERS, ENDED_AT, ZONE, model, old=far) == found


def test_windows_stay_between_two_weeks_and_a_year() -> None:
    weekly = np.arange(3000)
    table = OrderTable(
        customer=weekly // 2,
        second=LAUNCH.timestamp() + (weekly % 2).astype(float) * 86_400.0,
        local_day=np.int64(LAUNCH.timestamp() // 86_400) + weekly % 2,
        local_hour=np.zeros(3000),
        revenue=np.full(3000, 1000.0),
    )
    some_never = table.where((weekly % 2 == 0) | (weekly < 2000))

    assert window_of(some_never, ENDED_AT, ZONE, fitted(some_never)) == Window(
        days=14, lo=14, hi=14, second_orders=1000, method="measured"
    )


def a_wait_of(days: int, customers: int, first_number: int) -> dict[str, list[tuple[datetime, int]]]:
    """Customers of two years ago, half of whom came back after so many days or up to ten more."""
    return {
        f"{first_number + n:06d}": [
            (START + timedelta(days=n % 30 + wait), 1_000) for wait in ((0, days + n % 11) if n % 2 else (0,))
        ]
        for n in range(customers)
    }


START = datetime(2023, 1, 1, 12, tzinfo=ZONE)
TWO_ORIGINS = a_wait_of(60, 900, 0) | a_wait_of(200, 500, 900)
ORIGINS = {"category tea": range(900), "category pots": range(900, 1_400), "country SE": range(380)}


def own_windows(old: dict[str, Window] | None = None, *, pots: int = 500) -> dict[str, Window]:
    as_of = START + timedelta(days=800)
    table = order_table(TWO_ORIGINS, ZONE, as_of)
    store = Window(days=100, lo=90, hi=110, second_orders=700, method="measured")
    origins = {**ORIGINS, "category pots": range(900, 900 + pots)}
    return windows_of_origins(table, origins, as_of, ZONE, store, old=old or {})


def test_an_origin_that_clearly_differs_has_a_window_of_its_own() -> None:
    windows = own_windows()

    assert set(windows) == {"category tea", "category pots"}
    assert 60 <= windows["category tea"].days <= 70
    assert 200 <= windows["category pots"].days <= 210


def test_an_origin_keeps_its_window_while_that_is_in_the_new_interval() -> None:
    found = own_windows()["category pots"]

    for old in (found.lo, found.hi):
        assert own_windows({"category pots": replace(found, days=old)})["category pots"].days == old
    assert own_windows({"category pots": replace(found, days=found.hi + 1)}) == own_windows()


def test_an_origin_with_fewer_than_200_second_orders_has_none() -> None:
    assert "category pots" not in own_windows(pots=398)
    assert "category pots" in own_windows(pots=402)

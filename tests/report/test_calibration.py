"""The page's calibration says what `nextorder backtest` says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.domain.backtest import LEAST_EVENTS, Backtest, Use, verdict
from nextorder.domain.phrases import day_in_words
from nextorder.report.calibration import calibration, judged
from nextorder.report.store import Store
from tests.report.tables import records


@pytest.fixture
def told(store: Store) -> Backtest:
    assert store.backtest is not None
    return store.backtest


def test_each_tenth_of_each_judged_horizon_is_a_row(store: Store, told: Backtest) -> None:
    picture = calibration(store)

    for one in judged(told):
        mine = records(picture, horizon=one.days)
        assert [tuple(row.values())[2:] for row in mine] == [
            (
                *(tenth.n, tenth.said, tenth.lo, tenth.hi),
                *(tenth.happened, tenth.happened_lo, tenth.happened_hi),
            )
            for tenth in one.tenths
        ]
        assert [row["tenth"] for row in mine] == list(range(1, 11))
    assert [one.days for one in judged(told)] == [30.0, 90.0]
    assert len(picture.rows) == 20


def test_a_horizon_that_too_few_ordered_in_is_left_out(store: Store, told: Backtest) -> None:
    month, quarter = judged(told)
    few = replace(told, horizons=(replace(month, happened=LEAST_EVENTS - 1), quarter))

    rows = records(calibration(replace(store, backtest=few)))
    assert {row["horizon"] for row in rows} == {90.0}


@pytest.mark.parametrize("second_orders", [10, 600])
@pytest.mark.parametrize("factor", [1.0, 1.4])
def test_the_sentence_begins_with_the_verdict(
    store: Store, told: Backtest, second_orders: int, factor: float
) -> None:
    horizons = tuple(replace(one, expected=one.happened * factor) for one in told.horizons)
    past = replace(told, second_orders=second_orders, horizons=horizons, spend_covered={}, captures=())

    picture = calibration(replace(store, backtest=past))

    use, checks = verdict(past)
    assert picture.says.lower().startswith(str(use))
    assert bool(picture.rows) is (use is not Use.NOT_ENOUGH)
    broken = [one for one in checks if not one.holds]
    if use is Use.WITH_CARE:
        assert all(one.amiss.replace("%", " %") in picture.says for one in broken)
        assert not any(one.rule in picture.says for one in broken)


def test_what_a_judgement_lacks_is_named_with_what_was_found(store: Store, told: Backtest) -> None:
    young = replace(told, second_orders=20, history_days=15.2)

    assert calibration(replace(store, backtest=young)).says.endswith(
        "by this store's own past; missing: at least 50 customers had ordered again (found: 20); at least "
        "90 days of history before (found: 15)."
    )


def test_a_store_whose_past_is_fit_for_use_says_so(store: Store, told: Backtest) -> None:
    past = replace(told, spend_covered={}, captures=())

    says = calibration(replace(store, backtest=past)).says

    longest = told.horizons[-1]
    assert verdict(past)[0] is Use.USE
    assert says.startswith("Use: ")
    assert f"{longest.happened} did" in says
    assert "rules" not in says


def test_a_young_store_is_told_from_when_on_it_can_be_judged(store: Store) -> None:
    first = min(one.order_days[0].at for one in store.buyers)
    young = replace(store, backtest=None, as_of=first + timedelta(days=50))

    picture = calibration(young)

    assert picture.rows == ()
    assert day_in_words(first + timedelta(days=120), store.shop) in picture.says


def test_an_old_store_of_few_orders_is_told_how_many_it_takes(store: Store) -> None:
    assert "50 customers who have ordered again" in calibration(replace(store, backtest=None)).says

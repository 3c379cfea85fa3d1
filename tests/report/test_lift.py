"""The page's lift is the backtest's, and others' rankings stand beside it."""

from dataclasses import replace

import pytest

from nextorder.domain.backtest import Backtest, Horizon
from nextorder.report.lift import AFTERWARDS, lift
from nextorder.report.store import Store
from nextorder.training.backtest import OURS
from tests.report.tables import records


@pytest.fixture
def told(store: Store) -> Backtest:
    assert store.backtest is not None
    return store.backtest


def month_of(told: Backtest) -> Horizon:
    return next(one for one in told.horizons if one.days == 30)


def test_the_best_tenth_comes_first_and_all_tenths_hold_everyone_who_ordered(
    store: Store, told: Backtest
) -> None:
    month = month_of(told)
    tenths = records(lift(store), money=None)

    assert [row["tenth"] for row in tenths] == list(range(1, 11))
    assert tenths[0]["lift"] == pytest.approx(month.lift)
    assert sum(row["customers"] * row["lift"] for row in tenths) == pytest.approx(month.n)
    gains = [row["captured"] for row in tenths]
    assert gains == sorted(gains)
    assert gains[-1] == pytest.approx(1)


def test_every_ranking_has_its_share_of_the_money(store: Store, told: Backtest) -> None:
    money = {row["by"]: row["money"] for row in records(lift(store), share=None)}

    assert money == {one.ranking: one.share for one in told.captures} | {AFTERWARDS: told.best_share}
    assert max(money.values()) == money[AFTERWARDS]


def test_how_far_ours_is_ahead_of_each_other_ranking_has_a_range(store: Store, told: Backtest) -> None:
    ahead = {
        row["by"]: (row["ahead"], row["ahead_lo"], row["ahead_hi"])
        for row in records(lift(store))
        if row["ahead"] is not None
    }

    assert ahead == {one.ranking: (one.ahead, one.ahead_lo, one.ahead_hi) for one in told.captures[1:]}
    assert all(low <= by <= high for by, low, high in ahead.values())


def test_the_sentence_has_the_lift_and_what_others_would_have_found(store: Store, told: Backtest) -> None:
    says = lift(store).says

    assert f"{month_of(told).lift:.1f} times" in says
    assert all(one.ranking in says for one in told.captures if one.ranking != OURS)


def test_without_money_the_lift_alone_is_told(store: Store, told: Backtest) -> None:
    picture = lift(replace(store, backtest=replace(told, captures=())))

    assert len(picture.rows) == 10
    assert picture.says.endswith("as often as the average.")


def test_a_past_that_tells_too_little_is_not_drawn(store: Store, told: Backtest) -> None:
    picture = lift(replace(store, backtest=replace(told, second_orders=10)))

    assert picture.rows == ()
    assert picture.says.startswith("Not enough data")

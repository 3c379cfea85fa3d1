"""The model in force against its challenger: figures by hand, contests on a real store."""

from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from nextorder.domain.contest import MEASURES, Contest
from nextorder.scoring.model import StoreModel
from nextorder.training.champion import auc, contest_of, figures_of, gini, log_loss, said_at
from nextorder.training.fit import fit_table
from nextorder.training.table import Floats, OrderTable, order_table
from tests.models.cdnow import CALIBRATED_AT, one_in_ten

ZONE = ZoneInfo("UTC")
MONTH = timedelta(days=30)


def column(*values: float) -> Floats:
    return np.array(values)


def test_the_base_rate_has_a_log_loss_of_one() -> None:
    happened = np.array([True, False, False, False])

    assert log_loss(np.full(4, 0.25), happened) == pytest.approx(1.0)
    assert log_loss(column(0.9, 0.1, 0.1, 0.1), happened) < 0.3


def test_auc_counts_pairs_and_shares_ties() -> None:
    happened = np.array([True, True, False, False])

    assert auc(column(4, 3, 2, 1), happened) == 1.0
    assert auc(column(4, 2, 2, 1), happened) == pytest.approx((4 - 0.5) / 4)
    assert auc(column(1, 1, 1, 1), happened) == 0.5


def test_gini_is_the_area_that_a_score_gathers() -> None:
    spent = column(0, 0, 0, 10)

    assert gini(spent, spent) == pytest.approx(0.75)
    assert gini(column(1, 1, 1, 1), spent) == 0.0
    assert gini(column(4, 3, 2, 1), spent) == pytest.approx(-0.75)


def test_what_nobody_did_is_not_judged() -> None:
    chance, nobody = np.full((4, 2), 0.1), np.zeros((4, 2))

    assert figures_of(chance, chance, nobody > 0, nobody) == {}

    only_later = nobody.copy()
    only_later[0, 1] = 50.0
    found = figures_of(chance, chance, only_later > 0, only_later)
    assert found.keys() == {"loss_30", "auc_30", "bias_30", "gini_30"}
    assert found["bias_30"] == pytest.approx(np.log(1 / 0.4))


@cache
def cdnow() -> OrderTable:
    return order_table(one_in_ten(), ZONE, CALIBRATED_AT)


def contest(champion: StoreModel, months: float, table: OrderTable | None = None) -> Contest | None:
    since = CALIBRATED_AT - months * MONTH
    return contest_of(table or cdnow(), champion, since, CALIBRATED_AT, ZONE)


@cache
def tie() -> Contest | None:
    return contest(fitted_then(), 1)


@cache
def fitted_then() -> StoreModel:
    then = CALIBRATED_AT - MONTH
    return fit_table(cdnow().before(then), then, ZONE)


def test_a_model_ties_with_its_own_recipe() -> None:
    found = tie()

    assert found
    assert found.figures.keys() == MEASURES.keys()
    assert all((pair.champion, pair.noise) == (pair.challenger, 0.0) for pair in found.figures.values())
    assert not found.won


def test_a_model_of_a_store_whose_customers_come_back_six_times_as_soon_is_replaced() -> None:
    fitted = fitted_then()
    names = ("r", "a", "b", "p", "q", "v", "clock", "drift", "value_drift")
    hasty = StoreModel.of(alpha=fitted.alpha / 6, **{name: getattr(fitted, name) for name in names})

    found = contest(hasty, 1)

    assert found
    assert found.won
    assert found.figures["loss_30"].champion > 1.05 * found.figures["loss_30"].challenger
    assert 0.002 < found.figures["auc_30"].noise < 0.02, "some hundred buyers of a month tell no less"


def test_the_future_is_not_looked_at_by_either() -> None:
    """What comes after the moment of the training changes nothing."""
    later = order_table(one_in_ten(), ZONE, CALIBRATED_AT + 5 * MONTH)

    assert contest(fitted_then(), 1, later) == tie()


def test_it_is_judged_only_after_its_own_fit() -> None:
    assert contest(fitted_then(), 0.9) is None
    found = contest(fitted_then(), 2.5)
    assert found
    assert found.origins == (CALIBRATED_AT - MONTH, CALIBRATED_AT - 2 * MONTH)


def test_half_of_the_customers_teach_nearly_the_same() -> None:
    """The whole table, for samples of the size that we use, is printed by bench_training.py."""
    then = CALIBRATED_AT - MONTH
    known = cdnow().before(then)
    half = known.where(np.isin(known.customer, np.random.default_rng(1).permutation(2_357)[:1_200]))

    every, some = (
        said_at(model, cdnow(), then, ZONE).figures for model in (fitted_then(), fit_table(half, then, ZONE))
    )

    for name, figure in every.items():
        assert some[name] == pytest.approx(figure, abs=max(5 * MEASURES[name].slack, 0.02))

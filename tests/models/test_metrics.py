"""How forecasts are judged: by hand where that is short, else against scikit-learn."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from nextorder.training import metrics

RANDOM = np.random.default_rng(11)
CHANCES = RANDOM.beta(0.7, 3.0, 3_000)
HAPPENED = RANDOM.random(3_000) < CHANCES**1.4
SPENT = np.array([0.0, 0.0, 10.0, 30.0])


def test_log_loss_brier_and_auc_are_scikit_learns() -> None:
    rounded = np.round(CHANCES, 2)
    scores = metrics.chance_scores(rounded, HAPPENED)
    clipped = np.clip(rounded, metrics.CLIP, 1 - metrics.CLIP)

    assert scores["log_loss"] == pytest.approx(log_loss(HAPPENED, clipped))
    assert scores["brier"] == pytest.approx(brier_score_loss(HAPPENED, clipped))
    assert scores["auc"] == pytest.approx(roc_auc_score(HAPPENED, rounded))


def test_the_slope_is_an_unpenalised_logistic_regressions() -> None:
    logits = np.log(CHANCES / (1 - CHANCES)).reshape(-1, 1)
    peer = LogisticRegression(C=1e9, tol=1e-9, max_iter=1_000).fit(logits, HAPPENED)

    slope = metrics.calibration_slope(CHANCES, HAPPENED.astype(float))

    assert slope == pytest.approx(peer.coef_[0, 0], rel=1e-4)


def test_knowing_the_base_rate_is_a_normalised_loss_of_one() -> None:
    scores = metrics.chance_scores(np.full(3_000, HAPPENED.mean()), HAPPENED)

    assert scores["normalised"] == pytest.approx(1.0)
    assert scores["bias"] == pytest.approx(1.0)
    assert scores["auc"] == pytest.approx(0.5)


def test_certainty_that_was_wrong_costs_no_more_than_one_in_a_million() -> None:
    scores = metrics.chance_scores(np.array([0.0, 0.5]), np.array([True, False]))

    assert scores["log_loss"] == pytest.approx((math.log(1e6) + math.log(2)) / 2)


def test_calibration_error_by_hand() -> None:
    chances = np.repeat([0.1, 0.5], 50)
    happened = np.concatenate([np.arange(50) < 10, np.arange(50) < 20])

    assert metrics.calibration_error(chances, happened.astype(float)) >= (0.1 + 0.1) / 2
    total = sum(n * said for n, said, _ in metrics.calibration(chances, happened.astype(float)))
    assert total == pytest.approx(chances.sum())


def test_ties_are_not_broken_by_the_customers_age() -> None:
    oldest_order = np.arange(1_000) < 100

    assert metrics.calibration_error(np.full(1_000, 0.1), oldest_order.astype(float)) < 0.05


def test_gini_by_hand() -> None:
    # Lorenz from the top: 30/40, 40/40, 40/40, 40/40
    best = (0.75 + 1 + 1 + 1) / 4 - 5 / 8

    assert metrics.gini(SPENT, SPENT) == pytest.approx(best)
    scores = metrics.spend_scores(np.array([1.0, 2.0, 4.0, 3.0]), SPENT)
    # 10/40, 40/40, 40/40, 40/40
    assert scores["gini"] == pytest.approx(((0.25 + 3) / 4 - 5 / 8) / best)


def test_the_top_by_score_captures_its_share_of_spend() -> None:
    assert metrics.capture(np.array([1.0, 2.0, 4.0, 3.0]), SPENT, 0.25) == pytest.approx(0.25)
    assert metrics.capture(np.array([1.0, 2.0, 4.0, 3.0]), SPENT, 0.5) == pytest.approx(1.0)


def test_spend_errors_by_hand() -> None:
    scores = metrics.spend_scores(np.array([1.0, 2.0, 20.0, 20.0]), SPENT)

    assert scores["mae"] == pytest.approx((1 + 2 + 10 + 10) / 4)
    assert scores["rmse"] == pytest.approx(math.sqrt((1 + 4 + 100 + 100) / 4))
    assert scores["bias"] == pytest.approx(43 / 40)
    assert scores["spearman"] == pytest.approx(spearmanr([1.0, 2.0, 20.0, 20.0], SPENT).statistic)
    assert metrics.spend_scores(np.full(4, 0.1), SPENT)["spearman"] == 0.0


def test_rates_are_covered_by_groups_of_200() -> None:
    chances = np.repeat([0.1, 0.4], 200)
    happened = np.concatenate([np.arange(200) < 20, np.arange(200) < 120])

    inside, of = metrics.coverage_of_rates(chances, chances - 0.05, chances + 0.05, happened)

    assert (inside, of) == (1, 2)


def test_spend_is_covered_one_customer_at_a_time() -> None:
    expected = np.arange(20.0)
    shares = metrics.coverage_of_spend(
        expected, expected - 1, expected + 1, np.where(expected < 19, expected, 0)
    )

    assert shares == {"all": pytest.approx(0.95), "top_decile": pytest.approx(0.5)}

"""The store's model as scikit-learn knows models, on disk, and with what it must not see."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import (
    check_get_params_invariance,
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
    check_set_params,
)

from nextorder.scoring.model import StoreModel, load_verified
from nextorder.training.estimator import StoreEstimator
from nextorder.training.orders import read_orders
from nextorder.training.prior import SHIPPED

AS_OF = pd.Timestamp("2026-06-01 09:00")
DENIED = {
    "gender": "f",
    "age": "44",
    "first_name": "Ada",
    "last_name": "Example",
    "ethnicity": "x",
    "postcode": "12345",
    "city": "Exampletown",
    "email": "ada@example.com",
    "birthday": "1982-01-01",
}
"""Columns that a file may hold and the model must not look at."""

APPLY = [
    check_get_params_invariance,
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
    check_set_params,
]
"""
scikit-learn's checks of a constructor and its parameters.

Its others do not apply: they fit (X, y) of numbers and want one answer a row, while this
model fits a table of events, has no y, and answers a customer and horizon. What they stand
for is tested here by hand: clone, unfitted predict, no mutation, same again, order of rows.
"""


@cache
def orders() -> pd.DataFrame:
    """Draw 600 customers of 20 months: half of those who begin with tea come back, few others do."""
    random = np.random.default_rng(11)
    rows = []
    for number in range(600):
        category = "tea" if number % 2 else "mugs"
        at = pd.Timestamp("2024-10-01") + pd.Timedelta(days=float(random.uniform(0, 600)))
        again = 0.75 if category == "tea" else 0.15
        while at < pd.Timestamp("2026-12-31"):
            rows.append((f"c{number}", at.round("min"), round(float(random.gamma(6, 8)), 2), category))
            if random.random() > again:
                break
            at += pd.Timedelta(days=float(random.exponential(25)))
    return pd.DataFrame(rows, columns=["customer_id", "timestamp", "amount", "category"])


@cache
def fitted() -> StoreEstimator:
    return StoreEstimator(correction="boosted").fit(orders(), AS_OF)


@pytest.mark.parametrize("check", APPLY, ids=lambda check: check.__name__)
def test_scikit_learns_checks_of_constructors_pass_and_leave_the_parameters_alone(check: Any) -> None:
    estimator = StoreEstimator(timezone="Europe/Oslo", random_state=3)
    given = dict(estimator.get_params())

    check("StoreEstimator", estimator)

    assert estimator.get_params() == given


def test_a_clone_has_the_parameters_and_nothing_learned() -> None:
    again = clone(StoreEstimator(timezone="Europe/Oslo", prior=SHIPPED, random_state=3))

    assert (
        again.get_params()
        == StoreEstimator(timezone="Europe/Oslo", prior=SHIPPED, random_state=3).get_params()
    )
    assert not hasattr(clone(fitted()), "model_")


def test_nothing_is_predicted_described_or_saved_before_a_fit(tmp_path: Path) -> None:
    unfitted = StoreEstimator()

    for act in (
        unfitted.predict,
        lambda: unfitted.features(orders(), AS_OF),
        lambda: unfitted.save(tmp_path),
    ):
        with pytest.raises(NotFittedError):
            act()


def test_fitting_leaves_the_orders_alone_and_gives_the_same_model_again() -> None:
    given = orders().copy()

    again = StoreEstimator(correction="boosted").fit(given, AS_OF)

    pd.testing.assert_frame_equal(given, orders())
    assert again.model_ == fitted().model_
    pd.testing.assert_frame_equal(again.predict(), fitted().predict())


def test_neither_the_order_of_rows_nor_what_came_later_makes_a_difference() -> None:
    poisoned = orders().copy()
    later = poisoned["timestamp"] > AS_OF
    assert later.any()
    poisoned.loc[later, "amount"] = 1e9
    poisoned.loc[later, "category"] = "poison"
    shuffled = poisoned.sample(frac=1, random_state=1)

    again = StoreEstimator(correction="boosted").fit(shuffled, AS_OF)

    pd.testing.assert_frame_equal(again.predict(), fitted().predict())


def test_what_people_are_called_and_where_they_live_is_not_looked_at() -> None:
    personal = orders().assign(**DENIED)
    personal["gender"] = np.where(personal["category"] == "tea", "f", "m")

    again = StoreEstimator(correction="boosted").fit(personal, AS_OF)

    assert again.model_ == fitted().model_
    assert not any(word in column for word in DENIED for column in again.features_.columns if "=" in column)


def test_the_first_orders_category_tells_one_time_buyers_apart() -> None:
    model = fitted().model_
    assert model.correction is not None
    assert model.correction.marks == ("category=mugs", "category=tea")
    said = fitted().predict(horizons=[30])
    once = said[(fitted().features_["repeat_days"] == 0).to_numpy()]
    recent = fitted().features_.set_index("customer_id")["tenure_days"] < 40
    once = once[once["customer_id"].map(recent)]
    tea = once["customer_id"].str[1:].astype(int) % 2 == 1

    assert once[tea]["p_order"].mean() > 1.3 * once[~tea]["p_order"].mean()


def test_the_size_of_the_first_order_is_a_mark_where_the_file_tells_it() -> None:
    """Several rows at one moment are one order."""
    three = pd.DataFrame(
        {"customer_id": ["a", "a", "a", "b"], "amount": 9.0, "quantity": [1, 2, 9, 1]},
    ).assign(timestamp=[AS_OF - pd.Timedelta(days=9)] * 2 + [AS_OF, AS_OF])

    assert list(read_orders(three, AS_OF, ZoneInfo("UTC")).marks["items"]) == ["2-3", "1"]


def test_every_customer_has_a_row_a_horizon_and_the_columns_promised() -> None:
    said = fitted().predict(horizons=[30, 0.5, 400])

    known = orders()[orders()["timestamp"] <= AS_OF]["customer_id"].nunique()
    assert len(said) == 3 * known
    assert list(said["horizon_days"][:3]) == [0.5, 30.0, 400.0]
    assert list(said.columns) == [
        "customer_id", "horizon_days", "p_order", "p_lo", "p_hi", "expected_orders", "expected_spend",
        "spend_lo", "spend_hi", "p_active", "next_order_p20", "next_order_p50", "next_order_p80",
    ]  # fmt: skip
    assert said.notna().all(axis=None)
    assert (said["p_lo"] <= said["p_order"]).all()
    assert (said["p_order"] <= said["p_hi"]).all()
    assert (said["next_order_p20"] < said["next_order_p50"]).all()
    rising = said.groupby("customer_id")["p_order"].diff().dropna()
    assert (rising >= 0).all()


def test_a_wider_level_gives_a_wider_range() -> None:
    usual, wide = (fitted().predict(horizons=[30], level=level) for level in (0.8, 0.9))

    assert (wide["p_lo"] <= usual["p_lo"]).all()
    assert (wide["p_hi"] > usual["p_hi"]).all()


def test_an_estimator_comes_back_from_disk_and_its_runtime_document_is_its_model(tmp_path: Path) -> None:
    fitted().save(tmp_path)

    again = StoreEstimator.load(tmp_path)
    runtime = load_verified((tmp_path / "runtime.json").read_bytes(), (tmp_path / "card.json").read_bytes())

    pd.testing.assert_frame_equal(again.predict(), fitted().predict())
    assert runtime == fitted().model_
    card = json.loads((tmp_path / "card.json").read_bytes())
    assert card["libraries"]["lightgbm"]
    assert card["data"]["customers"] == fitted().features_["customer_id"].nunique()
    assert all(one["base"] > 0 for one in card["past"])


def test_a_pickle_that_is_not_the_cards_is_not_unpickled(tmp_path: Path) -> None:
    fitted().save(tmp_path)
    (tmp_path / "model.joblib").write_bytes(b"anything")

    with pytest.raises(ValueError, match="its card says"):
        StoreEstimator.load(tmp_path)


@pytest.mark.parametrize("column", ["customer_id", "timestamp", "amount"])
def test_a_table_without_a_needed_column_is_refused_by_its_name(column: str) -> None:
    with pytest.raises(ValueError, match=column):
        StoreEstimator().fit(orders().drop(columns=column), AS_OF)


def test_a_store_that_nobody_has_ordered_from_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody has ordered"):
        StoreEstimator().fit(orders(), pd.Timestamp("2020-01-01"))


def few(customers: int) -> Iterator[StoreModel]:
    known = orders()[orders()["customer_id"].isin([f"c{number}" for number in range(customers)])]
    for choice in ("auto", "boosted"):
        yield StoreEstimator(correction=choice).fit(known, AS_OF).model_


def test_a_handful_of_customers_keep_the_base_alone() -> None:
    assert [model.correction for model in few(8)] == [None, None]

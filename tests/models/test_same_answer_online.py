"""One customer online, in plain Python, and all of them in training: the same answer."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import lightgbm as lgb
import numpy as np
import pytest

from nextorder.scoring.correction import Correction, tree_shifts
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.model import StoreModel, canonical
from nextorder.scoring.predict import HORIZON_DAYS, HORIZONS, forecast
from nextorder.scoring.traits import stretches, traits
from nextorder.training.crowd import Crowd
from nextorder.training.fit import fit_table
from nextorder.training.forecast import forecast_all
from nextorder.training.table import Floats, OrderTable, order_table
from nextorder.training.traits import People
from nextorder.training.trees import flat, tree_shifts_of
from tests.models.cdnow import one_in_ten

ZONE = ZoneInfo("Europe/Stockholm")
AS_OF = datetime(1998, 3, 1, 14, 20, tzinfo=UTC)
NAMES = ("category=jazz", "discount=yes")


@cache
def the_store() -> tuple[StoreModel, OrderTable, Crowd]:
    """Return CDNOW's sample with 500 odd customers, marked at random, and its corrected model."""
    orders = dict(one_in_ten())
    random = np.random.default_rng(5)
    for number in range(500):
        count, reach = int(random.choice([1, 1, 2, 3, 40, 499])), float(random.choice([0.01, 30, 400, 4000]))
        days = random.uniform(0, reach, count)
        amounts = random.choice([0, -500, 1, 2500, 10**9], count)
        orders[f"odd{number}"] = [
            (AS_OF - timedelta(days=float(day)), int(amount))
            for day, amount in zip(days, amounts, strict=True)
        ]
    table = order_table(orders, ZONE, AS_OF)
    bearers = random.integers(0, 2, (int(table.customer.max()) + 1, len(NAMES))).astype(float)
    crowd = Crowd(names=NAMES, bearers=bearers)
    return fit_table(table, AS_OF, ZONE, crowd=crowd, choice="boosted"), table, crowd


@cache
def the_people() -> tuple[People, list[BuyingHistory]]:
    """Return every customer, as training and as the online path describe them."""
    model, table, crowd = the_store()
    assert model.correction is not None
    people = crowd.people(table, AS_OF, model.correction.usual)
    histories = []
    for row, customer in enumerate(people.summary.customer):
        mine = table.where(table.customer == customer)
        at = [datetime.fromtimestamp(second, UTC) for second in mine.second]
        spends = [max(revenue, 0.0) for revenue in mine.revenue]
        histories.append(
            BuyingHistory(
                repeat_days=len(at) - 1,
                first_to_last_days=(at[-1] - at[0]) / timedelta(days=1),
                tenure_days=(AS_OF - at[0]) / timedelta(days=1),
                spend_days=int(people.summary.spend_days[row]),
                mean_spend=float(people.summary.mean_spend[row]),
                days=tuple((moment - at[0]) / timedelta(days=1) for moment in at),
                first_spend=spends[0],
                last_spend=spends[-1],
                marks=frozenset(
                    name for name, borne in zip(NAMES, crowd.bearers[customer], strict=True) if borne
                ),
            )
        )
    return people, histories


def test_thousands_of_customers_get_the_same_numbers_online_and_in_batch() -> None:
    model, _, _ = the_store()
    people, histories = the_people()
    said = forecast_all(model, people, AS_OF, ZONE, np.array(HORIZON_DAYS), level=0.8)
    ours = [forecast(model, history, as_of=AS_OF, zone=ZONE) for history in histories]

    assert len(ours) > 2500
    for at, key in enumerate(HORIZONS):
        rows = said.iloc[at :: len(HORIZONS)]
        for column, part in (("p_order", "value"), ("p_lo", "lo"), ("p_hi", "hi")):
            online = [getattr(one.p_order[key], part) for one in ours]
            assert rows[column].to_numpy() == pytest.approx(online, abs=1e-9)
    year = said.iloc[len(HORIZONS) - 1 :: len(HORIZONS)]
    assert year["p_active"].to_numpy() == pytest.approx([one.p_active for one in ours], abs=1e-9)
    for column, name in (
        ("expected_orders", "expected_order_days"),
        ("expected_spend", "expected_spend"),
        ("spend_lo", "spend_lo"),
        ("spend_hi", "spend_hi"),
    ):
        online = [getattr(one, name) for one in ours]
        assert year[column].to_numpy() == pytest.approx(online, rel=1e-9, abs=1e-9)


def tree_shifts_online(correction: Correction, one: BuyingHistory) -> list[float]:
    row, ahead = (
        traits(one, correction.usual, correction.marks),
        stretches(one, correction.usual, correction.edges),
    )
    return tree_shifts(correction.trees, row, ahead)


def test_both_walk_the_trees_to_the_last_bit() -> None:
    model, _, _ = the_store()
    people, histories = the_people()
    assert model.correction is not None

    at_once = tree_shifts_of(model.correction, people)

    assert at_once.tolist() == [tree_shifts_online(model.correction, one) for one in histories]


def test_flat_trees_answer_as_the_booster_they_were_laid_from() -> None:
    random = np.random.default_rng(3)
    rows = random.choice([-1.0, 0.0, 1e-9, 0.5, 1.0, 1e12], (4000, 4))
    target = (rows[:, 0] > rows[:, 1]) + random.normal(size=4000)
    options = {"num_leaves": 6, "verbose": -1, "num_threads": 1, "use_missing": False}
    booster = lgb.train(options, lgb.Dataset(rows, target), 20)
    trees = flat(booster)

    def walk(row: Floats, node: int) -> float:
        while node >= 0:
            side = trees.left if row[trees.column[node]] <= trees.threshold[node] else trees.right
            node = side[node]
        return trees.leaf[~node]

    ours = [sum(walk(row, root) for root in trees.roots) for row in rows[:500]]

    assert ours == pytest.approx(booster.predict(rows[:500], raw_score=True), abs=1e-12)


def test_a_corrected_model_survives_its_document() -> None:
    model, _, _ = the_store()

    assert StoreModel.from_document(json.loads(canonical(model.to_document()))) == model


def test_a_history_that_does_not_tell_its_order_days_gets_the_base_models_answer() -> None:
    model, _, _ = the_store()
    _, histories = the_people()
    untold = histories[0]._replace(days=())

    said = forecast(model, untold, as_of=AS_OF, zone=ZONE)

    assert said == forecast(replace(model, correction=None), untold, as_of=AS_OF, zone=ZONE)


def test_scoring_imports_nothing_that_training_needs() -> None:
    code = (
        "import sys, nextorder.scoring.predict as p;"
        "print(sorted({'numpy', 'pandas', 'scipy', 'sklearn', 'lightgbm', 'joblib'} & set(sys.modules)))"
    )

    found = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"

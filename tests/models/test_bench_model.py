"""The model benchmark looks at nothing after a cut-off, and asks everybody the same."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from nextorder.domain.affinity import Taste
from nextorder.training.prior import SHIPPED
from tests.bench.model.affinity import Purchases, at_cutoff, smoothed
from tests.bench.model.data import Store, online_retail_ii
from tests.bench.model.models import models
from tests.bench.model.peers.hazard import GRID
from tests.bench.model.protocol import (
    FULL,
    HORIZONS,
    LOCKED,
    SETTINGS,
    SHORT,
    SMALL,
    TUNING,
    Model,
    day_of,
    histories,
    horizons_of,
    outcome,
)

CUT = 400.0
EVERYONE = models(SHIPPED)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let no model's threads wait for each other on a busy machine."""
    with threadpool_limits(1):
        yield


def a_store(customers: int = 160) -> Store:
    """Return a seeded little shop of 500 days."""
    random = np.random.default_rng(5)
    rows = sorted(
        {
            (customer, float(day))
            for customer in range(customers)
            for day in random.uniform(0, 500, 1 + random.geometric(0.25)).round()
        }
    )
    customer, days = (np.array(column) for column in zip(*rows, strict=True))
    return Store(
        name="a store",
        customer=customer.astype(np.int64),
        at=days + 0.4,
        amount=random.gamma(2.0, 15.0, len(days)).round(2) + 1,
        timed=True,
        end=500.0,
    )


def poisoned(store: Store) -> Store:
    """Return a store whose rows from the cut-off on are nonsense; new customers come, too."""
    later = store.at >= CUT
    return replace(
        store,
        customer=np.where(later, store.customer + 500, store.customer),
        at=np.where(later, CUT, store.at),
        amount=np.where(later, 1e9, store.amount),
    )


@pytest.mark.parametrize("model", EVERYONE, ids=lambda model: model.name)
def test_what_comes_after_the_cut_off_changes_nothing(model: Model) -> None:
    store = a_store()
    horizons = (5.0, 30.0, 90.0)
    [(seen, customers)] = histories(store, CUT, FULL)
    [(also_seen, same)] = histories(poisoned(store), CUT, FULL)

    said, also_said = model(seen, horizons), model(also_seen, horizons)

    assert customers.tolist() == same.tolist()
    assert len(said.chances) in (0, 3)
    for days, chances in said.chances.items():
        assert chances.tolist() == also_said.chances[days].tolist()
        assert ((chances >= 0) & (chances <= 1)).all()
    if said.spend is not None and also_said.spend is not None:
        assert said.spend.tolist() == also_said.spend.tolist()
        assert np.isfinite(said.spend).all()


def test_everyone_answers_for_chances_or_for_spend() -> None:
    [(seen, _)] = histories(a_store(60), CUT, SHORT)

    for model in EVERYONE:
        said = model(seen, (0.5, 5.0))
        assert said.chances or said.spend is not None
        assert all(len(chances) == len(seen.days) for chances in said.chances.values())


def test_a_history_ends_before_the_cut_off_and_an_outcome_begins_with_it() -> None:
    store = a_store()
    [(seen, customers)] = histories(store, CUT, FULL)
    done = outcome(store, customers, CUT, (30.0,))

    by_hand = {
        int(one)
        for one, day in zip(store.customer, store.at, strict=True)
        if CUT <= day < CUT + 30 and one in set(customers.tolist())
    }
    assert seen.at.max() < CUT
    assert set(customers[done.ordered[30.0]].tolist()) == by_hand


def test_each_setting_hides_what_it_says() -> None:
    store = a_store(300)
    [(full, _)], [(short, _)] = (histories(store, CUT, setting) for setting in (FULL, SHORT))
    small = histories(store, CUT, SMALL)

    assert full.days.sum() == (store.at < CUT).sum()
    assert short.at.min() >= CUT - 90
    assert {len(history.days) for history, _ in small} == {200}
    assert len({tuple(customers) for _, customers in small}) == len(small) > 1
    assert [c.tolist() for _, c in small] == [c.tolist() for _, c in histories(store, CUT, SMALL)]
    assert len(SETTINGS) == 3


def test_no_constant_was_tuned_on_a_locked_cut_off() -> None:
    for name, cutoffs in LOCKED.items():
        assert len(cutoffs) >= 4
        assert not set(cutoffs) & set(TUNING[name])


def test_horizons_end_within_the_data() -> None:
    store = online_retail_ii()

    assert horizons_of(store, day_of("2011-06-10")) == HORIZONS
    assert horizons_of(store, day_of("2011-08-01")) == HORIZONS[:-1]
    assert horizons_of(replace(store, timed=False), day_of("2011-06-10")) == HORIZONS[1:]
    assert set(HORIZONS) <= set(GRID)


def test_affinities_are_judged_by_the_products_own_formula() -> None:
    taste = Taste(category="tea", holding=3, orders=4, base=0.1)

    judged = smoothed(np.array([[3.0, 0.0]]), np.array([[4.0]]), np.array([0.1, 0.4]))

    assert judged[0, 0] == pytest.approx(taste.affinity)


def test_of_the_next_order_only_what_it_holds_counts() -> None:
    # one customer bought item 0 twice and item 1 once, then item 0 and later item 1; another never came back
    rows = [(1, 0, 0), (1, 5, 0), (1, 5, 1), (1, 20, 0), (1, 30, 1), (2, 3, 2)]
    customer, day, item = (np.array(column) for column in zip(*rows, strict=True))
    found = at_cutoff(Purchases("a shop", customer, day, item), 10.0)

    own = np.array([2 / 2, 1 / 2, 0])
    assert found["Own frequency"]["recall@10"] == 1.0
    assert found["Popularity"]["cross-entropy"] == pytest.approx(-np.log(2 / 4))
    assert found["Own frequency"]["cross-entropy"] == pytest.approx(-np.log(own[0] / own.sum()), rel=1e-4)

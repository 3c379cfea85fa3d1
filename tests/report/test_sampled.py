"""The page of a shop too large for one function: a sample stands for everyone, and says so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nextorder.domain.facts import Order
from nextorder.domain.sampling import Drawn
from nextorder.report.acquisition import acquisition
from nextorder.report.clv import clv
from nextorder.report.cohorts import cohorts
from nextorder.report.figures import figures
from nextorder.report.first_orders import first_orders
from nextorder.report.hypotheses import hypotheses
from nextorder.report.look import look_at_all
from nextorder.report.moves import moves
from nextorder.report.page import Picture
from nextorder.report.rfm import rfm
from nextorder.report.sizes import sizes
from nextorder.report.store import Store
from tests.report.sample import NOW, SHOP
from tests.unit.shop_cases import CATALOGUE, MODEL

SHARE = 0.25
COUNTS = {"customers", "closed", "n", "recent", "before"}


@pytest.fixture
def sampled(store: Store) -> Store:
    """The sample store as if it were a quarter of a larger one."""
    assert store.before
    return replace(store, share=SHARE, before=replace(store.before, share=SHARE))


@pytest.fixture
def looked_at(store: Store) -> Store:
    """A dozen customers, looked at as a quarter of a shop."""
    facts = {customer: store.facts[customer] for customer in sorted(store.facts)[:12]}
    return look_at_all(SHOP, CATALOGUE, MODEL, Drawn(facts=facts, share=SHARE), (), NOW)


def test_last_week_is_told_of_everyone_too(looked_at: Store) -> None:
    assert looked_at.before
    assert looked_at.before.share == SHARE


def test_the_audit_counts_everyone_too(looked_at: Store) -> None:
    orders = sum(isinstance(fact, Order) for held in looked_at.facts.values() for fact in held)

    [history] = (one for one in looked_at.findings if one.name == "history")
    assert history.number.endswith(f"{4 * orders} orders of 48 customers")


def test_a_figure_and_last_weeks_are_of_as_many(store: Store, sampled: Store) -> None:
    for whole, told in zip(figures(store), figures(sampled), strict=True):
        assert whole.now
        assert whole.before
        assert told.now
        assert told.before
        ratio = 1.0 if whole.key in ("second_orders", "worth") else 1 / SHARE
        assert told.now.value == pytest.approx(whole.now.value * ratio)
        assert told.before.value == pytest.approx(whole.before.value * ratio)


@pytest.mark.parametrize("draw", [cohorts, sizes, moves, rfm, clv, first_orders, acquisition, hypotheses])
def test_a_picture_counts_everyone_as_the_figures_do(
    draw: Callable[[Store], Picture], store: Store, sampled: Store
) -> None:
    """What it rests on stays what was looked at."""
    whole, told = draw(store), draw(sampled)

    assert told.n == whole.n
    assert told.rows
    counts = [place for place, column in enumerate(told.columns) if column.name in COUNTS]
    for one, other in zip(whole.rows, told.rows, strict=True):
        assert [other[place] for place in counts] == [4 * int(one[place] or 0) for place in counts]


def test_money_of_a_move_is_everyones(store: Store, sampled: Store) -> None:
    whole, told = (sum(int(row[3] or 0) for row in moves(one).rows) for one in (store, sampled))

    assert told == pytest.approx(whole / SHARE, rel=1e-3)

"""A backtest of the sample store: what was said, what came, and that the future is not read."""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from nextorder.domain.backtest import Backtest, Use, verdict
from nextorder.scoring.interval import wilson
from nextorder.training.backtest import OURS, RFM, SPENT, judge, later_in_file
from nextorder.training.foretell import Foretold, foretell_file, rfm_of
from nextorder.training.order_file import read_order_file
from nextorder.training.table import summarise, table_of
from samples import order_file
from tests.models.year_cases import NOW

ZONE = ZoneInfo("Europe/London")
AS_OF = pd.Timestamp("2026-05-20", tz=ZONE).to_pydatetime()
Judged = tuple[Foretold, Backtest]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backtest") / "orders.csv"
    order_file.write(path, NOW)
    return path


@pytest.fixture(scope="module")
def backtest(orders: Path) -> Judged:
    told = foretell_file(read_order_file(orders, AS_OF, ZONE), AS_OF, ZONE.key)
    return told, judge(told, later_in_file(read_order_file(orders, NOW, ZONE), told))


def test_the_real_store_is_judged_fit_for_use(backtest: Judged) -> None:
    _, found = backtest

    assert verdict(found)[0] is Use.USE
    assert [one.days for one in found.horizons] == [0.5, 5.0, 7.0, 30.0, 90.0, 180.0]
    ours, rfm, spent = found.captures
    assert (ours.ranking, rfm.ranking, spent.ranking) == (OURS, RFM, SPENT)
    assert rfm.ahead_lo > 0
    assert ours.share < found.best_share


def test_expected_and_happened_are_sums_over_the_tenths(backtest: Judged) -> None:
    for one in backtest[1].horizons:
        assert sum(tenth.n for tenth in one.tenths) == one.n
        assert sum(tenth.n * tenth.said for tenth in one.tenths) == pytest.approx(one.expected)
        assert sum(tenth.n * tenth.happened for tenth in one.tenths) == pytest.approx(one.happened)


def test_another_ranking_is_compared_on_the_customers_it_ranks(backtest: Judged, orders: Path) -> None:
    told, _ = backtest
    later = later_in_file(read_order_file(orders, NOW, ZONE), told)
    ours = dict(zip(told.names, told.worth[:, told.days.index(180.0)], strict=True))
    some = {name: ours[name] for name in list(told.names)[::3]}

    theirs = judge(told, later, {"theirs": some, "nobody's": {}}).captures[-1]

    assert (theirs.ranking, theirs.n) == ("theirs", len(some))
    assert theirs.ahead == theirs.ahead_lo == theirs.ahead_hi == 0


def test_rfm_is_the_sum_of_three_fifths() -> None:
    days = np.array([0, 10, 20, 30, 40], dtype=float) * 86_400
    table = table_of(np.arange(5), days, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), ZoneInfo("UTC"))
    summary = summarise(table, pd.Timestamp("1970-03-01", tz="UTC").to_pydatetime())

    assert rfm_of(summary, table.revenue).tolist() == [3.0, 5.0, 7.0, 9.0, 11.0]


def test_a_rates_range_is_wilsons() -> None:
    # by hand at n = 10, no success: z2 / (n + z2) with z = 1.2816
    assert wilson(0.0, 10) == pytest.approx((0.0, 1.6424 / 11.6424), abs=1e-4)
    low, high = wilson(0.5, 1_000)
    assert (low + high) / 2 == pytest.approx(0.5)
    assert high - low == pytest.approx(2 * 1.2816 * (0.25 / 1_000) ** 0.5, rel=1e-2)

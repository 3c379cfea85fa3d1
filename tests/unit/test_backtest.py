"""The verdict of a backtest by its rules."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.domain.backtest import Backtest, Capture, Horizon, Use, not_to_use, verdict
from nextorder.domain.model_card import LEAST_SECOND_ORDERS

MONTH = Horizon(days=30.0, n=2_000, expected=100.0, happened=100, loss=0.8, groups=10, covered=9)
GOOD = Backtest(
    as_of=datetime(2026, 5, 1, tzinfo=UTC),
    until=datetime(2026, 11, 1, tzinfo=UTC),
    customers=2_000,
    second_orders=600,
    history_days=400.0,
    model="of-a-test",
    horizons=(MONTH,),
    money="net revenue",
    captures=(
        Capture(ranking="Nextorder", share=0.6),
        Capture(ranking="RFM", share=0.55, ahead=0.05, ahead_lo=0.01, ahead_hi=0.09),
    ),
    spend_covered={"all": 0.85, "top_decile": 0.8},
)


def test_what_holds_every_rule_is_to_be_used() -> None:
    use, checks = verdict(GOOD)

    assert use is Use.USE
    assert all(check.holds for check in checks)


@pytest.mark.parametrize(
    "told",
    [
        replace(GOOD, second_orders=LEAST_SECOND_ORDERS - 1),
        replace(GOOD, history_days=89.0),
        replace(GOOD, horizons=(replace(MONTH, happened=29),)),
        replace(GOOD, horizons=(replace(MONTH, days=7.0),)),
        replace(GOOD, horizons=()),
    ],
)
def test_too_little_is_said_to_be_too_little_and_nothing_else(told: Backtest) -> None:
    use, checks = verdict(told)

    assert use is Use.NOT_ENOUGH
    assert [check.holds for check in checks].count(False) == 1


@pytest.mark.parametrize(
    "told",
    [
        replace(GOOD, horizons=(replace(MONTH, expected=130.0),)),
        replace(GOOD, horizons=(replace(MONTH, expected=79.0),)),
        replace(GOOD, horizons=(replace(MONTH, loss=1.0),)),
        replace(GOOD, horizons=(replace(MONTH, covered=6),)),
        replace(GOOD, captures=(*GOOD.captures, Capture(ranking="theirs", share=0.7, ahead_hi=-0.01))),
        replace(GOOD, spend_covered={"all": 0.85, "top_decile": 0.6}),
    ],
)
def test_one_broken_rule_asks_for_care(told: Backtest) -> None:
    use, checks = verdict(told)

    assert use is Use.WITH_CARE
    assert [check.holds for check in checks].count(False) == 1


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (replace(GOOD, horizons=(replace(MONTH, expected=79.7),)), "0.797"),
        (replace(GOOD, horizons=(replace(MONTH, expected=79.0),)), "0.79"),
        (replace(GOOD, horizons=(replace(MONTH, loss=1.0004),)), "1.0004"),
        (replace(GOOD, spend_covered={"top_decile": 0.6996}), "69.96%"),
        (replace(GOOD, spend_covered={"top_decile": 0.61}), "61%"),
    ],
)
def test_what_breaks_a_rule_never_reads_like_what_the_rule_asks_for(told: Backtest, found: str) -> None:
    _, checks = verdict(told)

    assert [check.found for check in checks if not check.holds] == [found]


def test_a_horizon_whose_total_is_far_off_is_not_to_be_used_at_all() -> None:
    far = replace(MONTH, days=90.0, expected=200.0)

    assert not_to_use(replace(GOOD, horizons=(MONTH, far))) == [90.0]
    assert not_to_use(replace(GOOD, horizons=(MONTH, replace(far, happened=20)))) == []


def test_few_groups_say_nothing_about_ranges() -> None:
    assert verdict(replace(GOOD, horizons=(replace(MONTH, groups=4, covered=0),)))[0] is Use.USE

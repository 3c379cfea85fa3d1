"""Risk and value: the ways in, the ways out, and who is given neither."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.unit.shop_cases import (
    DAY,
    GOOD,
    NUMBERS,
    ONE,
    SHOP,
    START,
    an_order,
    standing,
    values,
    verdict_at,
    verdict_of,
)

YOUNG = replace(SHOP, numbers=replace(NUMBERS, second_orders=49))


def test_under_fifty_second_orders_only_life_is_given() -> None:
    assert values(verdict_of(*GOOD, days=300, shop=YOUNG)[0]) == {"life": "loyal"}


def test_risk_follows_the_chance_kept_and_an_order_ends_it() -> None:
    moments: dict[str, float] = {}
    verdict, due_at = verdict_of(*GOOD, days=80)
    while due_at:
        verdict, due_at = verdict_at(*GOOD, as_of=due_at)
        if "risk" in verdict.segments and verdict.scores:
            moments.setdefault(values(verdict)["risk"], verdict.scores.chance_kept)

    assert moments == pytest.approx({"cooling": 0.75, "at-risk": 0.50, "lost": 0.25}, abs=1e-5)
    assert standing(verdict)["risk"][2] == "at-risk"
    assert "risk" not in values(verdict_of(*GOOD, an_order(500), days=500)[0])


def test_one_order_has_no_risk() -> None:
    assert "risk" not in values(verdict_of(*ONE, days=900)[0])


def test_value_goes_up_by_the_way_in_and_down_by_the_way_out() -> None:
    seen: list[str] = []
    verdict, due_at = verdict_of(*GOOD, days=80)
    while due_at:
        if (tier := values(verdict).get("value", "")) not in seen[-1:]:
            assert verdict.scores is not None
            assert verdict.scores.clv_gp2_365 is not None
            seen += [tier]
            worth = verdict.scores.clv_gp2_365.value
            assert tier == "platinum" or worth == pytest.approx(_way_out(seen[-2]), rel=1e-4)
        verdict, due_at = verdict_at(*GOOD, as_of=due_at)

    assert seen == ["platinum", "gold", "silver", "bronze"]
    assert "value" not in values(verdict)


def test_a_reason_names_the_way_in_until_only_the_way_out_holds_and_never_turns_back() -> None:
    said = []
    for days in range(80, 700, 3):
        segments = verdict_of(*GOOD, days=days)[0].segments
        told = [segments[key].reason for key in ("value", "life") if key in segments]
        said += [tuple(one.partition(" the top ")[2] for one in told if " the top " in one)]
    values_said = [one[0] for one in said if one and "active" in one[0]]
    titles_said = [one[-1] for one in said if one and "active" not in one[-1]]

    assert list(dict.fromkeys(values_said)) == [
        "1 % of active customers.",
        "1 % of active customers (kept down to 1.5 %).",
        "5 % of active customers.",
        "5 % of active customers (kept down to 6.5 %).",
        "20 % of active customers.",
        "20 % of active customers (kept down to 24 %).",
        "50 % of active customers.",
        "50 % of active customers (kept down to 55 %).",
    ]
    assert list(dict.fromkeys(titles_said)) == ["10 % in expected profit."]
    for texts in (values_said, titles_said):
        assert len(dict.fromkeys(texts)) == 1 + sum(a != b for a, b in pairwise(texts))


def _way_out(tier: str) -> int:
    return NUMBERS.clv_ranks[{"platinum": "0.015", "gold": "0.065", "silver": "0.24"}[tier]]


def test_a_withheld_value_is_given_to_nobody() -> None:
    """Where most costs are a guess, a rank by profit is a rank by that guess."""
    withheld = replace(SHOP, numbers=replace(NUMBERS, withheld={"value": "Costs are not told."}))

    assert "value" in values(verdict_of(*GOOD, days=80)[0])
    found = values(verdict_of(*GOOD, days=80, shop=withheld)[0])
    assert found == {key: one for key, one in values(verdict_of(*GOOD, days=80)[0]).items() if key != "value"}


def test_who_surely_costs_money_is_negative() -> None:
    losses = [an_order(30 * n, 3_000 + n, cost=4_000) for n in range(4)]

    assert "value" not in values(verdict_of(*losses[:2], days=31)[0])
    assert standing(verdict_of(*losses, days=400)[0])["value"] == ("negative", START + 60 * DAY, "")


def test_a_loss_that_may_be_chance_is_not_negative() -> None:
    mixed = [an_order(0, 3_000, cost=9_000), an_order(30, 3_000, cost=1_000), an_order(60, 3_000, cost=1_000)]

    assert values(verdict_of(*mixed, days=61)[0]).get("value") != "negative"

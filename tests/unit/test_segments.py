"""Every family: the ways in, the ways out, since when, and what came before."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.catalogue import RISKS, TIERS
from nextorder.domain.facts import Order, OrderCount, OrderKind, StoredFact
from nextorder.domain.shop import Numbers
from tests.unit.shop_cases import (
    DAY,
    NUMBERS,
    SECOND,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    standing,
    values,
    verdict_at,
    verdict_of,
)

ONE = (an_order(0),)
GOOD = tuple(an_order(20 * n, 20_000) for n in range(5))
YOUNG = replace(SHOP, numbers=replace(NUMBERS, second_orders=49))


def test_consent_makes_a_prospect_and_the_first_order_ends_it() -> None:
    prospect, due_at = verdict_of(a_sign_up(-9), a_consent(-9), days=-1)
    new, _ = verdict_of(a_sign_up(-9), a_consent(-9), *ONE, days=1)

    assert standing(prospect) == {"life": ("prospect", START - 9 * DAY, "")}
    assert due_at is None
    assert standing(new)["life"] == ("new", START, "prospect")


def test_without_consent_known_nobody_is_a_prospect() -> None:
    assert values(verdict_of(a_sign_up(-9), days=-1)[0]) == {}


@pytest.mark.parametrize(
    ("days", "value", "began", "previous"),
    [
        (0, "new", 0, ""),
        (32, "new", 0, ""),
        (33, "second-window", 32, "new"),
        (112, "second-window", 32, "new"),
        (113, "closing", 112, "second-window"),
        (160, "closing", 112, "second-window"),
        (161, "missed", 160, "closing"),
        (2_000, "missed", 160, "closing"),
    ],
)
def test_one_order_ages_through_shares_of_the_window(
    days: int, value: str, began: int, previous: str
) -> None:
    verdict, _ = verdict_of(*ONE, days=days)

    since = START + began * DAY + (SECOND if began else timedelta())
    assert standing(verdict)["life"] == (value, since, previous)


def test_order_days_make_repeat_and_loyal_whatever_the_risk() -> None:
    modest = [an_order(60 * n, 1_000) for n in range(5)]

    assert standing(verdict_of(*modest[:2], days=60)[0])["life"] == (
        "repeat",
        START + 60 * DAY,
        "second-window",
    )
    assert standing(verdict_of(*modest[:3], days=900)[0])["life"][:2] == ("repeat", START + 60 * DAY)
    assert standing(verdict_of(*modest, days=900)[0])["life"] == ("loyal", START + 180 * DAY, "repeat")


def test_the_shop_says_how_many_order_days_are_loyal() -> None:
    shop = replace(SHOP, loyal_order_days=6)

    assert (
        values(verdict_of(*[an_order(60 * n, 1_000) for n in range(5)], days=241, shop=shop)[0])["life"]
        == "repeat"
    )


def test_a_champion_stays_until_the_harder_way_out() -> None:
    verdict, due_at = verdict_of(*GOOD, days=80)
    assert standing(verdict)["life"] == ("champion", START + 20 * DAY, "new")

    kept_as_champion = []
    while due_at and values(verdict)["life"] == "champion":
        assert verdict.scores is not None
        kept_as_champion.append(verdict.scores.chance_kept)
        left_at = due_at
        verdict, due_at = verdict_at(*GOOD, as_of=left_at)

    assert 0.47 < min(kept_as_champion) < 0.5
    assert standing(verdict)["life"] == ("loyal", left_at, "champion")
    assert verdict.scores is not None
    assert verdict.scores.chance_kept == pytest.approx(0.47, abs=1e-5)


def test_a_refund_places_a_fading_champion_by_the_way_in() -> None:
    fading = 80 + next(d for d in range(1, 400) if kept(d) < 0.5)
    refund = a_refund(GOOD[0], fading, 1)

    assert values(verdict_of(*GOOD, days=fading)[0])["life"] == "champion"
    assert standing(verdict_of(*GOOD, refund, days=fading)[0])["life"] == (
        "loyal",
        START + fading * DAY,
        "champion",
    )


def kept(days_since_last_order: int) -> float:
    scores = verdict_of(*GOOD, days=80 + days_since_last_order)[0].scores
    assert scores is not None
    return scores.chance_kept


def test_much_returning_makes_no_champion() -> None:
    returns = [a_refund(order, 81, 9_000) for order in GOOD]

    assert values(verdict_of(*GOOD, *returns, days=81)[0])["life"] == "loyal"


@pytest.mark.parametrize(
    "numbers", [replace(NUMBERS, clv_ranks={}), replace(NUMBERS, clv_ranks={"0.1": 15_000}), Numbers()]
)
def test_without_frozen_ranks_there_are_no_champions(numbers: Numbers) -> None:
    verdict, _ = verdict_of(*GOOD, days=80, shop=replace(SHOP, numbers=numbers))

    assert values(verdict)["life"] == "loyal"
    assert "value" not in values(verdict)


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


def _way_out(tier: str) -> int:
    return NUMBERS.clv_ranks[{"platinum": "0.015", "gold": "0.065", "silver": "0.24"}[tier]]


def test_a_tier_that_is_too_small_is_given_to_nobody() -> None:
    shop = replace(SHOP, numbers=replace(NUMBERS, value_tiers=("silver", "bronze")))

    assert values(verdict_of(*GOOD, days=80, shop=shop)[0])["value"] == "silver"


def test_who_surely_costs_money_is_negative() -> None:
    losses = [an_order(30 * n, 3_000 + n, cost=4_000) for n in range(4)]

    assert "value" not in values(verdict_of(*losses[:2], days=31)[0])
    assert standing(verdict_of(*losses, days=400)[0])["value"] == ("negative", START + 60 * DAY, "")


def test_a_loss_that_may_be_chance_is_not_negative() -> None:
    mixed = [an_order(0, 3_000, cost=9_000), an_order(30, 3_000, cost=1_000), an_order(60, 3_000, cost=1_000)]

    assert values(verdict_of(*mixed, days=61)[0]).get("value") != "negative"


def test_a_truncated_customer_is_placed_by_shopifys_count() -> None:
    def counted(orders: int) -> OrderCount:
        return OrderCount(customer="7", orders=orders, updated_at=START)

    assert values(verdict_of(*ONE, counted(2), days=20)[0])["life"] == "repeat"
    assert values(verdict_of(*ONE, counted(9), days=900)[0])["life"] == "loyal"
    assert values(verdict_of(a_consent(-1), counted(1), days=20)[0]) == {}
    assert values(verdict_of(a_consent(-1), counted(5), days=20)[0]) == {"life": "loyal"}


def test_a_subscriber_has_no_risk_until_the_renewals_stop() -> None:
    facts: list[StoredFact] = [*GOOD, *(an_order(90 + 30 * n, kind=OrderKind.RENEWAL) for n in range(8))]
    until = START + (90 + 30 * 7 + 45) * DAY

    during, due_at = verdict_of(*facts, days=305)
    after, _ = verdict_at(*facts, as_of=until)

    assert values(during)["life"] == "subscriber"
    assert "risk" not in values(during)
    assert standing(during)["life"][1:] == (START + 90 * DAY, "champion")
    assert due_at is not None
    assert due_at <= until
    assert standing(after)["life"] == ("loyal", until, "subscriber")
    assert standing(after)["risk"][1:] == (until, "")


def test_only_renewals_make_a_subscriber_and_no_prospect() -> None:
    facts: list[StoredFact] = [a_consent(-5), *(an_order(30 * n, kind=OrderKind.RENEWAL) for n in range(3))]

    assert values(verdict_of(*facts, days=61)[0]) == {"life": "subscriber"}
    assert values(verdict_of(*facts, days=400)[0]) == {}


DOWN = {
    "life": ("subscriber", "champion", "loyal", "repeat", "new", "second-window", "closing", "missed", ""),
    "risk": ("", *RISKS),
    "value": ("negative", *TIERS, ""),
}


@st.composite
def customers(draw: st.DrawFn) -> tuple[list[StoredFact], float]:
    """Draw a customer's facts, and the day of the last."""
    facts: list[StoredFact] = []
    day = 0.0
    for number in range(draw(st.integers(1, 6))):
        revenue, cost = draw(st.sampled_from([500, 3_000, 40_000])), draw(st.sampled_from([200, 2_000, None]))
        kind = draw(st.sampled_from([OrderKind.SALE] * 5 + [OrderKind.RENEWAL]))
        order = an_order(day, revenue, name=str(number), kind=kind, cost=cost)
        facts.append(order)
        if draw(st.booleans()):
            facts.append(a_refund(order, day + draw(st.floats(0, 60)), draw(st.sampled_from([100, 400]))))
        day += draw(st.sampled_from([0.3, 5.0, 45.0, 170.0]))
    return facts, day + 61


@settings(max_examples=25, deadline=None)
@given(customers())
def test_each_solved_moment_is_exact_and_each_step_goes_down_once(
    customer: tuple[list[StoredFact], float],
) -> None:
    facts, day = customer
    verdict, due_at = verdict_of(*facts, days=day)
    steps = [values(verdict)]
    while due_at:
        assert standing(verdict_at(*facts, as_of=due_at - SECOND)[0]) == standing(verdict)
        later, next_due_at = verdict_at(*facts, as_of=due_at)
        assert standing(later) != standing(verdict)
        assert next_due_at is None or next_due_at > due_at
        steps.append(values(later))
        verdict, due_at = later, next_due_at

    for family, downwards in DOWN.items():
        places = [downwards.index(step.get(family, "")) for step in steps]
        assert places == sorted(places)


@settings(max_examples=40, deadline=None)
@given(customers(), st.randoms(use_true_random=False), st.floats(0, 500))
def test_a_shuffled_history_is_the_same_verdict(
    customer: tuple[list[StoredFact], float],
    chance: Random,
    later: float,
) -> None:
    facts, day = customer
    shuffled = sorted(facts, key=lambda _: chance.random())

    assert verdict_of(*shuffled, days=day + later) == verdict_of(*facts, days=day + later)


@settings(max_examples=25, deadline=None)
@given(customers(), st.floats(0, 900), st.floats(0, 900))
def test_what_began_once_keeps_its_beginning(
    customer: tuple[list[StoredFact], float], earlier: float, later: float
) -> None:
    facts, day = customer
    earlier, later = sorted((earlier, later))
    before = standing(verdict_of(*facts, days=day + earlier)[0])
    after = standing(verdict_of(*facts, days=day + later)[0])

    for family, (value, since, previous) in after.items():
        if since <= START + (day + earlier) * DAY:
            assert before[family] == (value, since, previous)


def test_a_value_held_for_very_long_counts_from_the_facts_looked_at() -> None:
    steady: list[Order] = [an_order(15 * n, 20_000) for n in range(40)]

    life = standing(verdict_of(*steady, days=600)[0])["life"]

    assert life == ("champion", START + 15 * 16 * DAY, "")

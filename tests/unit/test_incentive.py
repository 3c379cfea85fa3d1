"""Offers: a class for a step of the chance, given only where even the lower bound is a gain."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import StoredFact
from nextorder.domain.incentive import best_offer, incentive_of, profit
from nextorder.domain.published import LADDER, ladder
from nextorder.domain.shop import Incentives, Odds, Shop
from tests.unit.live_cases import LIVE, LIVE_NUMBERS, a_checkout, at
from tests.unit.shop_cases import MODEL, a_refund, a_sign_up, an_order, verdict_at

STEPS = (0.0, *(float(f"{step}e-{decade}") for decade in (2, 3, 4) for step in LADDER), 0.1, 0.25, 0.5, 1.0)
TESTED = Incentives(
    on=True,
    light_cost=100,
    strong_cost=500,
    light=Odds(value=1.3, lo=1.15, hi=1.5),
    strong=Odds(value=2.0, lo=1.6, hi=2.5),
    readout="the spring test",
)
ratios = st.lists(st.floats(0.5, 4), min_size=3, max_size=3).map(sorted)
odds = ratios.map(lambda three: Odds(lo=three[0], value=three[1], hi=three[2]))
terms = st.builds(
    Incentives,
    on=st.just(value=True),
    light_cost=st.integers(0, 5_000),
    strong_cost=st.integers(0, 20_000),
    light=odds,
    strong=odds,
    readout=st.sampled_from(["", "the spring test"]),
)


def shop_with(incentives: Incentives, order_profit: int = 2_000) -> Shop:
    return replace(LIVE, incentives=incentives, numbers=replace(LIVE_NUMBERS, order_profit=order_profit))


@given(st.sampled_from(STEPS), st.integers(-5_000, 50_000), terms)
def test_nothing_is_given_that_is_no_gain_at_the_lower_bound(
    p0: float, margin: int, given: Incentives
) -> None:
    offer = best_offer(p0, margin, given)

    if offer.name != "none":
        cost = {"light": given.light_cost, "strong": given.strong_cost}[offer.name]
        effect = {"light": given.light, "strong": given.strong}[offer.name]
        assert profit(p0, margin, cost, effect.lo) > 0
        assert profit(p0, margin, cost, effect.value) > 0
    assert offer.reason


@given(st.sampled_from(STEPS), st.integers(-5_000, 10**6), st.integers(0, 5_000), st.integers(0, 20_000))
def test_before_a_readout_the_answer_is_none_whatever_it_costs(
    p0: float, margin: int, light: int, strong: int
) -> None:
    offer = best_offer(p0, margin, Incentives(on=True, light_cost=light, strong_cost=strong))

    assert offer.name == "none"
    assert offer.reason.startswith("No offer:")


def test_before_a_readout_the_reason_names_the_missing_test() -> None:
    offer = best_offer(0.1, 2_000, Incentives(on=True, light_cost=100, strong_cost=300))

    assert offer.reason == "No offer: before your own test shows an effect the lower bound is no gain."


def test_profit_is_what_the_offer_adds() -> None:
    # odds 1/9 become 2/9: 18.2 % order instead of 10 %, and each costs 500 of 2,000
    assert profit(0.1, 2_000, 500, 2.0) == pytest.approx(2 / 11 * 1_500 - 0.1 * 2_000)
    assert profit(0.1, 2_000, 500, 1.0) == pytest.approx(-50)


def test_the_better_of_two_gains_is_given() -> None:
    assert best_offer(0.02, 2_000, TESTED).name == "strong"
    assert best_offer(0.02, 2_000, replace(TESTED, strong_cost=760)).name == "light"
    assert best_offer(0.8, 2_000, TESTED).name == "none"
    assert best_offer(0.02, 2_000, TESTED).reason == (
        "A strong offer: it brings profit even at the lower bound of the spring test."
    )
    assert "it costs more than it brings" in best_offer(0.8, 2_000, TESTED).reason


@pytest.mark.parametrize(
    ("p0", "margin", "why"), [(0.1, 0, "no profit"), (0.1, -9, "no profit"), (0.0, 9, "hardly")]
)
def test_where_nothing_can_be_gained_it_says_so(p0: float, margin: int, why: str) -> None:
    offer = best_offer(p0, margin, TESTED)

    assert offer.name == "none"
    assert why in offer.reason


def test_it_is_off_by_default() -> None:
    verdict, _ = verdict_at(an_order(0), as_of=at(20), shop=LIVE)

    assert verdict.incentive == ""


def test_a_verdict_carries_the_class_and_where_there_is_room_the_reason() -> None:
    verdict, _ = verdict_at(a_sign_up(0), as_of=at(20), shop=shop_with(Incentives(on=True)))
    tested, _ = verdict_at(a_sign_up(0), as_of=at(20), shop=shop_with(TESTED))

    assert verdict.incentive == "none"
    assert verdict.reasons[-1].startswith("No offer: before your own test")
    assert tested.incentive == "strong"


def test_of_an_open_checkout_the_chance_is_that_of_the_checkout() -> None:
    facts = (an_order(0), an_order(20), a_checkout(30))
    hot, _ = verdict_at(*facts, as_of=at(30), shop=shop_with(TESTED))
    later, _ = verdict_at(*facts, as_of=at(32), shop=shop_with(TESTED))

    assert (hot.incentive, later.incentive) == ("none", "strong")


@st.composite
def shoppers(draw: st.DrawFn) -> tuple[list[StoredFact], float]:
    """Draw customers of very different worth: cheap and dear, at a loss, with returns, with a checkout."""
    facts: list[StoredFact] = []
    day = 0.0
    for number in range(draw(st.integers(1, 4))):
        revenue, cost = draw(st.sampled_from([500, 40_000])), draw(st.sampled_from([200, 60_000]))
        order = an_order(day, revenue, name=str(number), cost=cost)
        facts.append(order)
        if draw(st.booleans()):
            facts.append(a_refund(order, day + 40, revenue // 2))
        day += draw(st.sampled_from([30.0, 60.0]))
    if draw(st.booleans()):
        facts.append(a_checkout(day + 45))
    return facts, day + 45 + draw(st.sampled_from([0.0, 0.1, 20.0, 200.0]))


@given(shoppers(), st.sampled_from([TESTED, replace(TESTED, light_cost=20, strong_cost=900)]))
def test_customers_on_the_same_step_get_the_same_class(
    shopper: tuple[list[StoredFact], float], given: Incentives
) -> None:
    facts, day = shopper
    shop = shop_with(given)
    scores = verdict_at(*facts, as_of=at(day), shop=shop)[0].scores
    assert scores

    offer = incentive_of(shop, scores)

    poorer = replace(scores, gp2_to_date=-1_000_000, clv_gp2_365=None, expected_spend=0.0, chance_kept=0.1)
    assert incentive_of(shop, poorer) == offer
    on_the_step = replace(
        scores,
        p_order={"30": replace(scores.p_order["30"], value=ladder(scores.p_order["30"].value))},
        p_unaided=None if scores.p_unaided is None else ladder(scores.p_unaided),
    )
    assert incentive_of(shop, on_the_step) == offer


def test_who_costs_more_than_they_bring_gets_the_same_class() -> None:
    losing = tuple(an_order(10 * n, 5_000, cost=9_000) for n in range(3))
    earning = tuple(an_order(10 * n, 5_000, cost=100) for n in range(3))
    shop = shop_with(TESTED)
    found = [verdict_at(*facts, as_of=at(60), shop=shop)[0] for facts in (losing, earning)]

    assert found[0].segments["value"].value == "negative"
    assert found[0].incentive == found[1].incentive != ""
    assert found[0].model == MODEL.name

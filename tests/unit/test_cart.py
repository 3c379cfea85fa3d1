"""An open checkout: its chance falls by the hour, its segment only goes down, an order ends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.facts import Checkout, Order, StoredFact
from nextorder.domain.placing import Placing
from nextorder.domain.segments_cart import cart, open_checkout, p_unaided
from nextorder.domain.shop import Tally
from nextorder.domain.verdict import Cause
from nextorder.scoring.cart import HISTORIES, LAPSE_HOURS, PRIOR, STARTS_HOURS, cart_rates
from nextorder.training.outcomes import cart_tally
from tests.unit.live_cases import (
    HOUR,
    LIVE,
    LIVE_NUMBERS,
    a_checkout,
    at,
    segment_at,
    shoppers,
    steps,
    value_at,
)
from tests.unit.shop_cases import CATALOGUE, DAY, START, an_order, features_of, verdict_at

REGULAR = (an_order(0), an_order(20))
DOWN = ("hot", "warm", "")
tallies = st.dictionaries(
    st.tuples(st.sampled_from(HISTORIES), st.sampled_from(STARTS_HOURS)).map(
        lambda two: f"{two[0]}:{two[1]}"
    ),
    st.integers(0, 5_000).flatmap(lambda cases: st.tuples(st.just(cases), st.integers(0, cases))),
)


@given(tallies)
def test_the_chance_falls_with_every_full_hour_whatever_was_counted(
    counted: dict[str, tuple[int, int]],
) -> None:
    rates = cart_rates(counted)

    for history in HISTORIES:
        by_hour = [rates.completes(history, hour) for hour in range(LAPSE_HOURS + 1)]
        assert by_hour == sorted(by_hour, reverse=True)
        assert by_hour[-1] == 0
        assert all(0 < chance < 1 for chance in by_hour[:-1])
        assert rates.completes(history, 5.99) == by_hour[5]


@given(tallies, st.sampled_from(HISTORIES), st.integers(0, 71))
def test_what_is_completed_within_all_hours_left_is_what_is_completed(
    counted: dict[str, tuple[int, int]], history: str, hour: int
) -> None:
    rates = cart_rates(counted)

    within = [rates.completes_within(history, hour, hours) for hours in range(LAPSE_HOURS + 1)]

    assert within == sorted(within)
    assert within[-1] == pytest.approx(rates.completes(history, hour))


def test_the_prior_knows_regulars_better_and_says_that_it_is_one() -> None:
    rates = cart_rates({})

    assert rates.prior
    assert rates.completes("none", 0) < 0.5 < rates.completes("one", 0) < rates.completes("several", 0)
    first_hour = 1 - (1 - PRIOR["none"][0])
    assert rates.completes_within("none", 0, 1) == pytest.approx(first_hour)


def test_the_shops_own_rates_replace_the_prior_at_200_outcomes() -> None:
    short = cart_rates({"none:0": (100, 90), "one:0": (99, 90)})
    enough = cart_rates({"none:0": (100, 90), "one:0": (100, 90)})

    assert short == cart_rates({})
    assert not enough.prior
    assert enough.completes_within("none", 0, 1) == pytest.approx((90 + 20 * PRIOR["none"][0]) / 120)
    assert enough.completes_within("several", 0, 1) == pytest.approx(PRIOR["several"][0])


def test_a_regulars_cart_is_hot_then_warm_then_cold_and_each_moment_is_solved() -> None:
    facts = (*REGULAR, a_checkout(30))

    moments = [moment for moment, _ in steps(*facts, as_of=at(30), until=at(34))]

    assert {moment: value_at("cart", *facts, days=(moment - START) / DAY) for moment in moments} == {
        at(30): "hot",
        at(30) + HOUR: "warm",
        at(30) + 6 * HOUR: "warm",
        at(30) + 9 * HOUR: "",
    }
    warm = segment_at("cart", *facts, days=30.2)
    assert warm
    assert (warm.since, warm.previous) == (at(30) + HOUR, "hot")
    assert "15 to 50 %" in warm.reason
    assert "from a prior" in warm.reason


@pytest.mark.parametrize(
    "facts",
    [(*REGULAR, a_checkout(30), an_order(30.02)), (*REGULAR, a_checkout(30, completed=30.02))],
    ids=["an order", "its completion"],
)
def test_an_order_or_its_completion_ends_it(facts: tuple[StoredFact, ...]) -> None:
    assert value_at("cart", *facts, days=30.03) == ""
    assert open_checkout(features_of(*facts, days=30.03)) is None


SURE = {f"several:{start}": Tally(cases=10**6, successes=10**6) for start in STARTS_HOURS}
SURE_SHOP = replace(LIVE, numbers=replace(LIVE_NUMBERS, carts=SURE))


def test_after_72_hours_it_is_closed_even_where_carts_are_always_completed_late() -> None:
    facts = (*REGULAR, a_checkout(30))

    assert value_at("cart", *facts, days=33 - 1 / 86_400, shop=SURE_SHOP) == "warm"
    assert value_at("cart", *facts, days=33, shop=SURE_SHOP) == ""
    assert p_unaided(features_of(*facts, days=33, shop=SURE_SHOP), SURE_SHOP.numbers) is None


def test_the_catalogues_hours_may_end_a_value_before_its_chance_does() -> None:
    hours = {"cart:hot": 24.0, "cart:warm": 48.0}
    entries = {
        name: replace(entry, thresholds={**entry.thresholds, "hours": hours[name]})
        for name, entry in CATALOGUE.entries.items()
        if name in hours
    }
    catalogue = replace(CATALOGUE, entries={**CATALOGUE.entries, **entries})

    def value(hour: float) -> str:
        features = features_of(*REGULAR, a_checkout(30), days=30 + hour / 24, shop=SURE_SHOP)
        placing = Placing(features=features, shop=SURE_SHOP, buyer=None, catalogue=catalogue)
        segment, _ = cart(placing)["cart"]
        return segment.value if segment else ""

    assert [value(hour) for hour in (0, 23.9, 24, 47.9, 48)] == ["hot", "hot", "warm", "warm", ""]


def test_of_several_the_latest_decides_and_a_new_one_may_take_it_up_again() -> None:
    facts = (*REGULAR, a_checkout(30), a_checkout(30.3))

    assert value_at("cart", *facts[:-1], days=30.3) == "warm"
    hot = segment_at("cart", *facts, days=30.3)
    assert hot
    assert (hot.value, hot.since, hot.previous) == ("hot", at(30.3), "warm")


def test_a_checkout_of_a_customer_without_orders_is_warm_and_its_cause_is_the_checkout() -> None:
    verdict, _ = verdict_at(a_checkout(30), as_of=at(30.01), shop=LIVE)

    assert verdict.segments["cart"].value == "warm"
    assert verdict.cause is Cause.CHECKOUT
    assert verdict.scores
    assert verdict.scores.p_unaided == pytest.approx(cart_rates({}).completes("none", 0))


def test_a_cart_that_cools_does_so_by_time() -> None:
    verdict, _ = verdict_at(*REGULAR, a_checkout(30), as_of=at(30.1), shop=LIVE)

    assert verdict.cause is Cause.TIME


def test_a_shop_with_too_little_history_has_no_carts() -> None:
    young = replace(LIVE, numbers=replace(LIVE_NUMBERS, second_orders=49))

    assert value_at("cart", *REGULAR, a_checkout(30), days=30, shop=young) == ""


def test_what_changes_nothing_but_the_sum_changes_no_feature() -> None:
    before = features_of(*REGULAR, a_checkout(30), days=31)
    touched = replace(a_checkout(30, total=900), updated_at=at(30.5))

    assert features_of(*REGULAR, touched, days=31) == before


@settings(max_examples=60)
@given(shoppers(), st.randoms(use_true_random=False))
def test_between_facts_each_step_goes_down_once_and_a_scan_finds_the_same(
    shopper: tuple[list[StoredFact], float], chance: Random
) -> None:
    facts, day = shopper
    shuffled = sorted(facts, key=lambda _: chance.random())
    start, until = at(day), at(day) + timedelta(hours=80)

    found = [
        (moment, verdict.segments["cart"].value if "cart" in verdict.segments else "")
        for moment, verdict in steps(*shuffled, as_of=start, until=until)
    ]

    places = [DOWN.index(value) for _, value in found]
    assert places == sorted(places)
    for minutes in range(0, 80 * 60, 97):
        moment = start + timedelta(minutes=minutes)
        solved = [value for since, value in found if since <= moment][-1]
        assert solved == _by_hand(facts, moment)


def _by_hand(facts: list[StoredFact], now: datetime) -> str:
    """Place the cart by nothing but the definition."""
    opened = [fact for fact in facts if isinstance(fact, Checkout)]
    ordered = [fact.placed_at for fact in facts if isinstance(fact, Order)]
    if not opened:
        return ""
    latest = max(opened, key=lambda one: one.placed_at)
    bought = [*ordered, *(one.completed_at for one in opened if one.completed_at)]
    age_hours = (now - latest.placed_at).total_seconds() / 3_600
    if age_hours >= 72 or any(moment >= latest.placed_at for moment in bought):
        return ""
    days = {moment.astimezone(LIVE.zone).date() for moment in ordered if moment < latest.placed_at}
    chance = cart_rates({}).completes(HISTORIES[min(len(days), 2)], age_hours)
    return "hot" if chance >= 0.5 else "warm" if chance >= 0.15 else ""


def test_outcomes_are_counted_stretch_by_stretch_once_72_hours_have_passed() -> None:
    shopper = features_of(
        *REGULAR,
        a_checkout(30, completed=30 + 1.5 / 24),
        a_checkout(40),
        a_checkout(48.5),
        days=50,
    )
    newcomer = features_of(a_checkout(10), days=50)
    counted = cart_tally([shopper, newcomer], at(50))

    assert counted["several:0"] == Tally(cases=2, successes=0)
    assert counted["several:1"] == Tally(cases=2, successes=1)
    assert counted["several:2"] == Tally(cases=1, successes=0)
    assert counted["none:48"] == Tally(cases=1, successes=0)


@given(st.lists(st.floats(0.01, 0.99), min_size=7, max_size=7))
def test_counted_rates_come_back_as_the_shops_own(shares: list[float]) -> None:
    still = 1_000_000
    counted = {}
    for start, share in zip(STARTS_HOURS, shares, strict=True):
        done = round(still * share)
        counted[f"one:{start}"] = (still, done)
        still -= done

    rates = cart_rates(counted)

    assert rates.completes_within("one", 0, 1) == pytest.approx(shares[0], rel=0.01, abs=0.001)
    assert 1 - rates.completes("one", 0) == pytest.approx(still / 1_000_000, abs=0.01)

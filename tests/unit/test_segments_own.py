"""A merchant's own segment: every word is weighed, and it begins and ends at a solved second."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.buyer import Buyer
from nextorder.domain.facts import StoredFact
from nextorder.domain.placing import Placing, Told
from nextorder.domain.published import published_segments
from nextorder.domain.segments import place
from nextorder.domain.segments_own import own_segments
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment
from nextorder.domain.verdicts import reach_verdict
from tests.unit.own_cases import catalogue_with
from tests.unit.shop_cases import (
    DAY,
    GOOD,
    MODEL,
    NUMBERS,
    ONE,
    SECOND,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
)

FITTED = replace(
    SHOP,
    numbers=replace(
        NUMBERS, base={"5": 0.02, "30": 0.1, "90": 0.2}, category_shares={"tea": 0.3, "pots": 0.1}
    ),
)


def placing_of(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> Placing:
    features = features_of(*facts, days=days, shop=shop)
    buyer = Buyer(features=features, shop=shop, model=MODEL) if features.order_days else None
    return Placing(features=features, shop=shop, buyer=buyer, catalogue=catalogue_with(*when))


def told_of(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> Told:
    placing = placing_of(*facts, days=days, when=when, shop=shop)
    others = {family: (segment, None) for family, segment in place(placing).segments.items()}
    return own_segments(placing, others).get("own:mine", (None, None))


def held(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> bool:
    return told_of(*facts, days=days, when=when, shop=shop)[0] is not None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("life is loyal", False),
        ("life is champion", True),
        ("life in loyal, champion", True),
        ("life is not loyal", True),
        ("risk is none", True),
        ("risk is not none", False),
        ("care is off", True),
        ("affinity is tea", True),
        ("affinity is pots, cups", False),
        ("affinity is not pots", True),
        ("consent email is subscribed", True),
        ("consent sms is none", True),
        ("consent sms is subscribed", False),
        ("order_days >= 5", True),
        ("order_days > 5", False),
        ("gp2_to_date > 500", True),
        ("gp2_to_date < 500", False),
        ("net_revenue >= 1000", True),
        ("net_revenue > 1000", False),
        ("return_share <= 0", True),
        ("days_since_last_order >= 1", True),
        ("days_since_first_order < 81", False),
        ("days_since_sign_up > 3", False),
        ("p_30d > 2 x base", True),
        ("p_30d < 2 x base", False),
        ("p_7d > 1 x base", False),
        ("chance_kept >= 0.9", True),
        ("chance_kept < 0.9", False),
        ("clv_gp2_365 in top 10 %", True),
        ("clv_gp2_365 in top 1%", True),
        ("clv_gp2_365 in top 2 %", False),
    ],
)
def test_every_word_of_the_vocabulary_is_weighed(condition: str, holds: bool) -> None:  # noqa: FBT001
    assert held(*GOOD, a_consent(0), days=81, when=(condition,)) is holds


def test_all_conditions_must_hold() -> None:
    assert held(*GOOD, days=81, when=("order_days >= 5", "chance_kept > 0.5"))
    assert not held(*GOOD, days=81, when=("order_days >= 6", "chance_kept > 0.5"))


def test_who_has_not_ordered_has_no_chance_and_no_age_but_counts_and_consent() -> None:
    facts = (a_sign_up(0), a_consent(1))

    assert held(*facts, days=5, when=("order_days < 1", "consent email is subscribed"))
    assert held(*facts, days=5, when=("days_since_sign_up >= 5",))
    for condition in (
        "p_30d > 0 x base",
        "p_30d < 9 x base",
        "chance_kept < 1",
        "clv_gp2_365 in top 50 %",
        "days_since_last_order > 1",
    ):
        assert not held(*facts, days=5, when=(condition,)), condition


def test_who_loses_money_has_no_value_to_these_words() -> None:
    losing = tuple(an_order(10 * n, 2_000, cost=9_000) for n in range(4))

    assert (
        place(placing_of(*losing, days=31, when=("order_days >= 1",))).segments["value"].value == "negative"
    )
    assert held(*losing, days=31, when=("value is none",))
    assert held(*losing, days=31, when=("value is not gold",))


def test_it_says_since_when() -> None:
    third, _ = told_of(*GOOD, days=100, when=("order_days >= 3",))
    later, _ = told_of(*GOOD, days=100, when=("order_days >= 3", "days_since_last_order > 10"))

    assert third == Segment(value="", since=GOOD[2].placed_at)
    assert later == Segment(value="", since=GOOD[4].placed_at + 10 * DAY + SECOND)


def test_what_orders_only_shopify_knows_are_counted() -> None:
    placing = placing_of(*ONE, days=1, when=("order_days >= 4",))
    more = replace(placing, features=replace(placing.features, shopify_orders=4))

    assert own_segments(more, {})["own:mine"][0] is not None


@pytest.mark.parametrize(
    ("condition", "begins_at"),
    [
        ("days_since_last_order > 30", 110 * DAY + SECOND),
        ("days_since_last_order >= 30", 110 * DAY),
        ("days_since_first_order >= 100.5", 100.5 * DAY),
    ],
)
def test_an_age_begins_at_its_second(condition: str, begins_at: timedelta) -> None:
    segment, begins = told_of(*GOOD, days=81, when=(condition,))

    assert segment is None
    assert begins == START + begins_at


def test_an_age_ends_at_its_second() -> None:
    segment, ends = told_of(*GOOD, days=81, when=("days_since_last_order <= 30",))

    assert segment == Segment(value="", since=GOOD[4].placed_at)
    assert ends == GOOD[4].placed_at + 30 * DAY + SECOND


def test_a_refund_may_end_it_and_time_never_mends_money() -> None:
    back = a_refund(GOOD[4], 85, 20_000)

    segment, begins = told_of(*GOOD, back, days=90, when=("net_revenue >= 1000",))

    assert (segment, begins) == (None, None)


CONDITIONS = (
    "p_30d > 2 x base",
    "p_90d < 1.5 x base",
    "chance_kept < 0.8",
    "chance_kept >= 0.3",
    "clv_gp2_365 in top 20 %",
    "days_since_last_order > 45",
    "days_since_last_order <= 120",
    "days_since_first_order < 150.25",
    "order_days >= 2",
    "gp2_to_date > 20",
    "affinity is tea",
)


@settings(max_examples=60)
@given(
    when=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4, unique=True).map(tuple),
    orders=st.integers(1, 5),
    days=st.integers(0, 300).map(float),
)
def test_without_facts_it_changes_at_the_solved_second_and_at_no_other(
    when: tuple[str, ...], orders: int, days: float
) -> None:
    facts, days = GOOD[:orders], days + 20 * (orders - 1)
    segment, turns = told_of(*facts, days=days, when=when)
    now = START + days * DAY

    def holds(moment: datetime) -> bool:
        return held(*facts, days=(moment - START) / DAY, when=when)

    assert segment is None or segment.since <= now
    if turns is not None:
        assert turns > now
        assert turns.microsecond == 0
        assert holds(turns - SECOND) is (segment is not None)
        assert holds(turns) is (segment is None)
    for hours in range(0, 400 * 24, 24 * 16):
        moment = now + timedelta(hours=hours)
        if turns is None or moment < turns:
            assert holds(moment) is (segment is not None)


def test_a_small_shop_has_none() -> None:
    small = replace(FITTED, numbers=replace(FITTED.numbers, second_orders=49))

    assert not held(*GOOD, days=81, when=("order_days >= 1",), shop=small)


def test_a_shop_whose_data_cannot_carry_it_has_none() -> None:
    without = replace(FITTED, numbers=replace(FITTED.numbers, withheld={"own": "no costs"}))

    assert not held(*GOOD, days=81, when=("order_days >= 1",), shop=without)


def test_a_verdict_holds_it_says_why_and_is_due_when_it_ends() -> None:
    when = ("order_days >= 5", "days_since_last_order <= 3")
    catalogue, features = catalogue_with(*when), features_of(*GOOD, days=81, shop=FITTED)

    verdict, due_at = reach_verdict(features, FITTED, MODEL, as_of=features.as_of, catalogue=catalogue)

    assert verdict.segments["own:mine"].reason == f"All of this holds: {'; '.join(when)}."
    assert "own:mine" in published_segments(verdict, catalogue)
    assert due_at == GOOD[4].placed_at + 3 * DAY + SECOND

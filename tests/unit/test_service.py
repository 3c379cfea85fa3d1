"""care begins when something goes wrong and ends 30 days later; reach asks for consent that is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.facts import Consent, Order, Refund, Return, StoredFact
from nextorder.domain.placing import Family, Told
from nextorder.domain.segments_service import DELAYED, care, delay_of, reach
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment
from tests.unit.habit_cases import ENOUGH, HOUR, a_shop, day, placing_of
from tests.unit.shop_cases import (
    DAY,
    START,
    a_consent,
    a_refund,
    an_order,
    features_of,
)

ORDER = an_order(0)
UNSENT = replace(ORDER, unsent=True)
NOWHERE: Told = (None, None)


def told(family: Family, *facts: StoredFact, days: float, shop: Shop = ENOUGH) -> Told:
    [answer] = family(placing_of(features_of(*facts, days=days, shop=shop), shop)).values() or [NOWHERE]
    return answer


def in_care(since: float, until: float) -> Told:
    return Segment(value="", since=day(since), until=day(until)), day(until)


def test_a_refund_is_cared_for_during_30_days() -> None:
    refund = a_refund(ORDER, 10, 500)

    assert told(care, ORDER, days=9) == NOWHERE
    assert told(care, ORDER, refund, days=10) == in_care(10, 40)
    assert told(care, ORDER, refund, days=40) == NOWHERE


def test_a_return_that_is_asked_for_is_enough() -> None:
    asked = Return(id="1", order=ORDER.id, updated_at=day(12), status="requested")

    assert told(care, ORDER, asked, days=13) == in_care(12, 42)


def test_trouble_before_the_end_prolongs_it() -> None:
    first, second, third = (a_refund(ORDER, at, 500) for at in (10, 40, 100))

    assert told(care, ORDER, first, second, days=60) == in_care(10, 70)
    assert told(care, ORDER, first, second, third, days=110) == in_care(100, 130)


def test_an_order_that_has_not_left_is_delayed_after_twice_the_delivery_time() -> None:
    slow = replace(ENOUGH, delivery_days=8)

    assert told(care, UNSENT, days=1) == (None, day(10))
    assert told(care, UNSENT, days=10) == in_care(10, 40)
    assert told(care, UNSENT, days=10, shop=slow) == (None, day(16))
    assert told(care, UNSENT, days=45) == NOWHERE


def test_an_order_that_is_sent_or_says_nothing_of_it_is_not_delayed() -> None:
    for order in (ORDER, replace(UNSENT, ships=False), replace(UNSENT, financial_status="pending")):
        assert told(care, order, days=12) == NOWHERE


def test_a_shop_that_does_not_mark_parcels_has_no_delays_and_still_cares() -> None:
    shop = a_shop(withheld={DELAYED: "Orders are not marked as sent."})

    assert told(care, UNSENT, days=12, shop=shop) == NOWHERE
    assert told(care, UNSENT, a_refund(UNSENT, 5, 500), days=12, shop=shop) == in_care(5, 35)


@pytest.mark.parametrize("state", ["unsubscribed", "not_subscribed", "pending", "invalid"])
def test_a_buyer_who_has_not_agreed_is_unreached_since_both_are_known(state: str) -> None:
    assert told(reach, ORDER, a_consent(4, state), days=5) == (
        Segment(value="unreached", since=day(4)),
        None,
    )
    assert told(reach, ORDER, a_consent(-4, state), days=5)[0] == Segment(value="unreached", since=START)


def test_who_is_subscribed_unknown_or_no_buyer_is_not_unreached() -> None:
    by_text = Consent(customer="7", id="sms", updated_at=START, state="unsubscribed")

    assert told(reach, a_consent(0, "unsubscribed"), days=5) == NOWHERE
    assert told(reach, ORDER, by_text, days=5) == NOWHERE
    for state in ("subscribed", "unknown", "redacted"):
        assert told(reach, ORDER, a_consent(0, state), days=5) == NOWHERE


def test_consent_from_a_faster_clock_is_waited_for() -> None:
    assert told(reach, ORDER, a_consent(5.5, "unsubscribed"), days=5) == (None, day(5.5))


def test_service_is_withheld_where_the_shop_cannot_carry_it() -> None:
    refund, left = a_refund(ORDER, 10, 500), a_consent(0, "unsubscribed")
    for shop in (a_shop(withheld={"care": "why", "reach": "why"}), a_shop(second_orders=49)):
        assert told(care, ORDER, refund, days=11, shop=shop) == NOWHERE
        assert told(reach, ORDER, left, days=11, shop=shop) == NOWHERE


@st.composite
def troubled(draw: st.DrawFn) -> list[StoredFact]:
    """Draw orders at whole hours, some of which do not leave, some of which are refunded."""
    facts: list[StoredFact] = []
    for hour in draw(st.lists(st.integers(0, 24 * 90), min_size=1, max_size=5, unique=True)):
        order = an_order(hour / 24, name=str(hour))
        facts.append(replace(order, unsent=draw(st.booleans())))
        if draw(st.booleans()):
            facts.append(a_refund(order, (hour + draw(st.integers(1, 24 * 60))) / 24, 500))
    return facts


def _is_wrong(facts: Sequence[StoredFact], now: datetime) -> bool:
    """The definition itself: within 30 days of a refund or of a delay."""
    late = [fact.placed_at + delay_of(ENOUGH) for fact in facts if isinstance(fact, Order) and fact.unsent]
    refunded = [fact.placed_at for fact in facts if isinstance(fact, Refund)]
    return any(at <= now < at + 30 * DAY for at in (*late, *refunded))


@settings(max_examples=25)
@given(troubled(), st.randoms(use_true_random=False))
def test_an_hourly_clock_finds_the_same_care_in_any_order_of_facts(
    facts: list[StoredFact], chance: Random
) -> None:
    placed_at = [fact.placed_at for fact in facts if isinstance(fact, Order | Refund)]
    hours = int((max(placed_at) - START) / HOUR)
    shuffled = sorted(facts, key=lambda _: chance.random())
    answer = told(care, *shuffled, days=hours / 24)
    for later in range(hours, 24 * 260):
        now = START + later * HOUR
        if now == answer[1]:
            answer = told(care, *facts, days=later / 24)
            assert answer[1] is None or answer[1] > now
        assert (answer[0] is not None) is _is_wrong(facts, now)
        if answer[0] and later % 41 == 0:
            assert told(care, *shuffled, days=later / 24) == answer

"""What stages says of a moment that has passed is what a verdict says of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.facts import OrderKind, StoredFact
from nextorder.domain.segments_families import FACTS_LOOKED_AT
from nextorder.domain.shop import Shop, Window
from nextorder.domain.stages import stages
from nextorder.domain.timeline import own_time
from tests.unit.shop_cases import (
    CATALOGUE,
    DAY,
    MODEL,
    NUMBERS,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
    values,
    verdict_of,
)

NOW = 900.0
TEA = replace(SHOP, numbers=replace(NUMBERS, windows={"category tea": Window(days=60, method="measured")}))
"""Whoever began with tea has a window of their own."""


def told(facts: Sequence[StoredFact], days: Sequence[float], shop: Shop = SHOP) -> list[tuple[str, str]]:
    """Return life and risk on these falling days, as of NOW."""
    moments = [START + one * DAY for one in days]
    life, risk = stages(features_of(*facts, days=NOW, shop=shop), shop, MODEL, CATALOGUE, moments)
    return list(zip(life, risk, strict=True))


def placed(facts: Sequence[StoredFact], day: float, shop: Shop = SHOP) -> tuple[str, str]:
    """Return life and risk of the verdict that would have been reached on a day."""
    known = [fact for fact in facts if own_time(fact) <= START + timedelta(days=day)]
    found = values(verdict_of(*known, days=day, shop=shop)[0]) if known else {}
    return found.get("life", ""), found.get("risk", "")


@st.composite
def histories(draw: st.DrawFn) -> list[StoredFact]:
    """Draw facts of one customer; each order earns the shop's margin: no later one says more of it."""
    facts: list[StoredFact] = [a_consent(0.0)] if draw(st.booleans()) else []
    day = draw(st.sampled_from([0.5, 30.0, 400.0]))
    for number in range(draw(st.integers(0, 6))):
        revenue = draw(st.sampled_from([500, 3_000, 40_000]))
        facts.append(an_order(day, revenue, name=str(number), cost=revenue * 6 // 10))
        day += draw(st.sampled_from([0.3, 5.0, 45.0, 170.0]))
    return facts


days = st.lists(st.floats(0, NOW), min_size=1, max_size=6).map(lambda some: sorted(some, reverse=True))


@settings(max_examples=60)
@given(histories(), days, st.sampled_from([SHOP, TEA]))
def test_a_moment_that_has_passed_has_the_stages_that_its_verdict_had(
    facts: list[StoredFact], days: list[float], shop: Shop
) -> None:
    assert told(facts, days, shop) == [placed(facts, day, shop) for day in days]


def test_more_facts_than_a_verdict_looks_back_at_hide_none_of_the_earlier_stages() -> None:
    facts = [an_order(10.0 * n) for n in range(FACTS_LOOKED_AT + 10)]
    days = [10.0 * n + 5 for n in reversed(range(FACTS_LOOKED_AT + 10))]

    assert told(facts, days) == [placed(facts, day) for day in days]
    assert [life for life, _ in told(facts, days)][-2:] == ["champion", "new"]


def test_a_refund_places_a_customer_as_it_does_in_a_verdict() -> None:
    order = an_order(20.0)
    facts: list[StoredFact] = [an_order(0.0), order, a_refund(order, 90.0, 400)]

    assert told(facts, [300.0, 91.0]) == [placed(facts, day) for day in (300.0, 91.0)]


def test_a_subscriber_is_one_from_the_first_renewal_until_the_contract_has_run_out() -> None:
    renewals = [an_order(100.0 + 30 * n, kind=OrderKind.RENEWAL) for n in range(4)]
    facts = [an_order(0.0), *renewals]

    assert [life for life, _ in told(facts, [800.0, 191.0, 130.0, 99.0, 10.0])] == [
        *("missed", "subscriber", "subscriber", "second-window", "new")
    ]


def test_who_has_not_ordered_is_a_prospect_from_the_consent_on() -> None:
    facts: list[StoredFact] = [a_sign_up(10.0), a_consent(10.0)]

    assert told(facts, [20.0, 5.0]) == [("prospect", ""), ("", "")]


def test_of_whoever_is_withheld_nothing_is_said() -> None:
    wholesale = [an_order(0.0, kind=OrderKind.WHOLESALE)]

    assert told(wholesale, [300.0, 5.0]) == [("", "")] * 2

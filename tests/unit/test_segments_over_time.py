"""What holds for every customer: exact moments, one way down, and no order of arrival."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.catalogue import RISKS, TIERS
from nextorder.domain.facts import Order, OrderKind, StoredFact
from tests.unit.shop_cases import (
    DAY,
    SECOND,
    START,
    a_refund,
    an_order,
    standing,
    values,
    verdict_at,
    verdict_of,
)

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


@settings(max_examples=25)
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


@settings(max_examples=40)
@given(customers(), st.randoms(use_true_random=False), st.floats(0, 500))
def test_a_shuffled_history_is_the_same_verdict(
    customer: tuple[list[StoredFact], float],
    chance: Random,
    later: float,
) -> None:
    facts, day = customer
    shuffled = sorted(facts, key=lambda _: chance.random())

    assert verdict_of(*shuffled, days=day + later) == verdict_of(*facts, days=day + later)


@settings(max_examples=25)
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

"""Whole verdicts with habits in them: exact moments, and no order of arrival."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.facts import OrderLine, StoredFact
from nextorder.domain.shop import Push
from tests.unit.habit_cases import ENOUGH, GAPS, SHARES, day
from tests.unit.shop_cases import SECOND, a_consent, a_refund, an_order, standing, verdict_at, verdict_of

SHOP = replace(
    ENOUGH,
    pushes=(Push(product="blue-pot", category="pots", asked_at=day(120)),),
    numbers=replace(ENOUGH.numbers, clv_ranks={}),
)
"""Without tiers, which are proven elsewhere and cost most of the time."""


@st.composite
def customers(draw: st.DrawFn) -> tuple[list[StoredFact], float]:
    """Draw a customer's facts, and the day of the last."""
    at = 0.0
    facts: list[StoredFact] = [a_consent(draw(st.sampled_from([-5, 3])), draw(st.sampled_from(STATES)))]
    for number in range(draw(st.integers(1, 6))):
        kinds = draw(st.lists(st.sampled_from([*GAPS, *SHARES, "maps"]), min_size=1, max_size=3, unique=True))
        order = replace(
            an_order(at, name=str(number)),
            lines=tuple(
                OrderLine(id=f"{number}-{kind}", category=kind, quantity=1, revenue=2_000, unit_cost=900)
                for kind in kinds
            ),
            discount=draw(st.sampled_from([0, 300])),
            subtotal=2_300 * len(kinds),
            unsent=draw(st.booleans()),
        )
        facts.append(order)
        if draw(st.booleans()):
            facts.append(replace(a_refund(order, at + draw(st.floats(0, 60)), 100), returned=True))
        at += draw(st.sampled_from([0.3, 5.0, 21.5, 34.0, 70.0]))
    return facts, at + 61


STATES = ("subscribed", "unsubscribed")


@settings(max_examples=30)
@given(customers())
def test_at_each_solved_moment_something_changes_and_not_a_second_before(
    customer: tuple[list[StoredFact], float],
) -> None:
    facts, last = customer
    verdict, due_at = verdict_of(*facts, days=last, shop=SHOP)
    while due_at:
        before, same_due_at = verdict_at(*facts, as_of=due_at - SECOND, shop=SHOP)
        later, next_due_at = verdict_at(*facts, as_of=due_at, shop=SHOP)

        assert (standing(before), same_due_at) == (standing(verdict), due_at)
        assert standing(later) != standing(verdict)
        assert next_due_at is None or next_due_at > due_at
        verdict, due_at = later, next_due_at


@settings(max_examples=40)
@given(customers(), st.randoms(use_true_random=False), st.floats(0, 100))
def test_a_shuffled_history_is_the_same_verdict(
    customer: tuple[list[StoredFact], float], chance: Random, later: float
) -> None:
    facts, last = customer
    shuffled = sorted(facts, key=lambda _: chance.random())

    assert verdict_of(*shuffled, days=last + later, shop=SHOP) == verdict_of(
        *facts, days=last + later, shop=SHOP
    )


@settings(max_examples=40)
@given(customers(), st.floats(0, 200), st.floats(0, 200))
def test_what_began_once_keeps_its_beginning(
    customer: tuple[list[StoredFact], float], one: float, other: float
) -> None:
    facts, last = customer
    earlier, later = sorted((one, other))
    before = standing(verdict_of(*facts, days=last + earlier, shop=SHOP)[0])

    for key, (value, since, previous) in standing(
        verdict_of(*facts, days=last + later, shop=SHOP)[0]
    ).items():
        if since <= day(last + earlier) - SECOND:
            assert before[key] == (value, since, previous)

"""What a unit cost on an order's day: the platform's steps, the merchant's word, however they are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import OrderLine
from nextorder.domain.unit_costs import (
    ALWAYS,
    CostWord,
    Goods,
    Step,
    by_sku,
    cost_at,
    repriced,
    retold,
    timeline,
)
from tests.unit.shop_cases import START, an_order

DAY_SECONDS = 86_400
T0 = int(START.timestamp())

costs = st.none() | st.integers(0, 10_000)
days = st.integers(1, 400)
steps = st.dictionaries(days.map(lambda day: T0 + day * DAY_SECONDS), costs, max_size=6).map(
    lambda found: tuple(Step(since, cost) for since, cost in sorted(found.items()))
)
words = st.lists(
    st.builds(
        CostWord,
        variant=st.just("1"),
        unit_cost=costs,
        since=st.just(ALWAYS) | days.map(lambda day: T0 + day * DAY_SECONDS),
    ),
    max_size=6,
    unique_by=lambda word: word.since,
)


def on_day(day: float) -> datetime:
    return START + timedelta(days=day)


def after(day: int, cost: int | None) -> Step:
    return Step(T0 + day * DAY_SECONDS, cost)


@pytest.mark.parametrize(("day", "cost"), [(-99, 100), (0, 100), (4, 100), (5, 120), (8, 120), (9, None)])
def test_a_cost_holds_until_the_next_one_and_the_first_known_backwards(day: int, cost: int | None) -> None:
    assert cost_at([after(0, 100), after(5, 120), after(9, None)], on_day(day)) == cost


def test_what_was_not_known_at_first_is_known_from_the_first_cost_on() -> None:
    assert cost_at([after(0, None), after(5, 120)], on_day(2)) == 120
    assert cost_at([after(0, None)], on_day(2)) is None
    assert cost_at([], on_day(2)) is None


@given(steps, days)
def test_only_steps_up_to_the_day_decide_once_a_cost_is_known(found: tuple[Step, ...], day: int) -> None:
    at = on_day(day)
    until = [step for step in found if step[0] <= at.timestamp()]
    if any(step.cost is not None for step in until):
        assert cost_at(found, at) == cost_at(until, at) == until[-1].cost


@given(steps, steps, days)
def test_from_its_first_day_on_only_the_merchants_word_counts(
    told: tuple[Step, ...], platform: tuple[Step, ...], day: int
) -> None:
    at = on_day(day)
    if told and told[0].cost is not None and told[0].since <= at.timestamp():
        assert cost_at(timeline(told, platform), at) == cost_at(told, at)
    if not told:
        assert cost_at(timeline(told, platform), at) == cost_at(platform, at)


def test_before_the_merchants_first_day_the_platform_is_asked() -> None:
    goods = Goods(variant="1", told=(after(10, 500),), platform=(after(0, 400), after(20, 450)))

    assert [goods.cost_at(on_day(day), "EUR") for day in (-1, 9, 10, 30)] == [400, 400, 500, 500]


def test_a_cost_the_platform_learnt_later_does_not_reach_behind_the_merchants_word() -> None:
    goods = Goods(variant="1", told=(after(10, 500),), platform=(after(20, 450),))

    assert goods.cost_at(on_day(0), "EUR") == 500


def test_a_cost_that_was_told_in_another_currency_is_not_the_orders() -> None:
    """A shop changed from kronor to euro: each order is priced by what was told in its own currency."""
    kronor, euro = Step(T0, 10_000, "SEK"), Step(T0 + 9 * DAY_SECONDS, 900, "EUR")
    both = Goods(variant="1", platform=(kronor, euro))
    only_kronor = Goods(variant="1", told=(Step(ALWAYS, 9_500, "SEK"),), platform=(kronor,))

    assert [both.cost_at(on_day(day), "SEK") for day in (1, 20)] == [10_000, 10_000]
    assert [both.cost_at(on_day(day), "EUR") for day in (1, 20)] == [900, 900]
    assert [only_kronor.cost_at(on_day(20), currency) for currency in ("SEK", "EUR")] == [9_500, None]


def test_a_word_in_a_new_currency_leaves_what_was_said_in_the_old() -> None:
    held = (Step(ALWAYS, 9_500, "SEK"), Step(T0, 9_900, "SEK"))
    told = retold(held, [CostWord(variant="1", unit_cost=900, currency="EUR")])

    assert told == (Step(ALWAYS, 900, "EUR"), *held)
    assert retold(told, [CostWord(variant="1", unit_cost=9_000, currency="SEK")]) == (
        Step(ALWAYS, 900, "EUR"),
        Step(ALWAYS, 9_000, "SEK"),
    )
    assert retold(told, [CostWord(variant="1", unit_cost=None, currency="EUR")]) == ()


def test_a_line_keeps_its_cost_where_the_merchant_spoke_in_another_currency_only() -> None:
    line = OrderLine(id="1", variant="5", category="tea", quantity=1, revenue=900, unit_cost=250)
    order = replace(an_order(0), lines=(line,), currency="SEK")
    told = {"5": Goods(variant="5", told=(Step(ALWAYS, 25, "EUR"),))}

    assert repriced(order, told) is order


@given(steps, words, st.randoms())
def test_the_order_of_the_merchants_words_is_without_effect(
    held: tuple[Step, ...], said: list[CostWord], chance: Random
) -> None:
    shuffled = sorted(said, key=lambda _: chance.random())

    assert retold(held, said) == retold(held, shuffled) == retold(retold(held, said), said)


def test_a_word_without_a_day_puts_all_before_it_aside() -> None:
    held = (after(3, 100), after(9, 200))

    assert retold(held, [CostWord(variant="1", unit_cost=150)]) == (Step(ALWAYS, 150),)
    assert retold(held, [CostWord(variant="1", unit_cost=None)]) == ()
    assert retold(held, [CostWord(variant="1", unit_cost=90, since=T0)]) == (after(0, 90), *held)


def goods(cost: int | None, *, told: bool = False) -> dict[str, Goods]:
    one = Goods(variant="5", category="mugs", platform=(Step(ALWAYS, cost),))
    return {"5": replace(one, told=(Step(ALWAYS, cost),) if told else None)}


def test_a_line_without_a_cost_takes_it_and_its_category() -> None:
    line = OrderLine(id="1", variant="5", quantity=1, revenue=900)
    order = replace(an_order(0), lines=(line,))

    assert repriced(order, goods(300)).lines == (replace(line, unit_cost=300, category="mugs"),)
    assert repriced(order, {}) is order


def test_a_known_cost_stays_unless_the_merchant_has_spoken() -> None:
    line = OrderLine(id="1", variant="5", category="tea", quantity=1, revenue=900, unit_cost=250)
    order = replace(an_order(0), lines=(line,))
    later = {"5": Goods(variant="5", category="mugs", platform=(after(1, 300),))}

    assert repriced(order, later) is order
    assert repriced(order, goods(300, told=True)).lines == (replace(line, unit_cost=300),)


@given(steps, st.sets(st.integers(0, 5)), days)
def test_a_cost_of_the_orders_day_that_is_told_late_ends_as_if_it_had_been_told_in_time(
    told: tuple[Step, ...], lost: set[int], day: int
) -> None:
    line = OrderLine(id="1", variant="5", quantity=1, revenue=900)
    order = replace(an_order(day), lines=(line,))
    at_first = tuple(step for number, step in enumerate(told) if number not in lost)
    whole = {"5": Goods(variant="5", platform=told)}

    came = repriced(repriced(order, {"5": Goods(variant="5", platform=at_first)}), whole)

    if any(step.since <= order.placed_at.timestamp() for step in told):
        assert came == repriced(order, whole)


def test_a_word_taken_back_leaves_what_the_platform_says() -> None:
    line = OrderLine(id="1", variant="5", category="tea", quantity=1, revenue=900, unit_cost=250)
    order = replace(an_order(0), lines=(line,))
    taken_back = {"5": Goods(variant="5", told=(), platform=(Step(ALWAYS, 310),))}

    assert repriced(order, taken_back).lines[0].unit_cost == 310
    assert repriced(order, {"5": Goods(variant="5", told=())}).lines[0].unit_cost is None


@given(st.lists(st.integers(0, 400), max_size=4), steps, steps | st.none())
def test_pricing_twice_is_pricing_once(
    at_days: list[int], platform: tuple[Step, ...], told: tuple[Step, ...] | None
) -> None:
    known = {"5": Goods(variant="5", category="mugs", platform=platform, told=told)}
    for day in at_days:
        order = replace(an_order(day), lines=(OrderLine(id="1", variant="5", quantity=2, revenue=900),))
        once = repriced(order, known)
        assert repriced(once, known) == once
        assert once.lines[0].unit_cost == known["5"].cost_at(order.placed_at, order.currency)


def test_a_sku_names_a_variant_that_alone_carries_it() -> None:
    carried = [
        Goods(variant=variant, sku=sku) for variant, sku in (("1", "A"), ("2", "B"), ("3", "B"), ("4", ""))
    ]

    assert by_sku(carried) == {"A": "1"}


def test_a_moment_is_compared_to_the_second() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    told = (Step(int(at.timestamp()), 7),)

    assert cost_at([Step(ALWAYS, 5), *told], at) == 7
    assert cost_at([Step(ALWAYS, 5), *told], at - timedelta(seconds=1)) == 5

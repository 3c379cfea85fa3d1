"""Affinity is a share of orders, smoothed; love is what stands far above everyone's, two at most."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.affinity import affinities, latest_tastes
from nextorder.domain.purchases import Purchase
from nextorder.domain.segments_love import love
from tests.unit.habit_cases import ENOUGH, SHARES, a_purchase, a_shop, held, told_of

NUMBERS = ENOUGH.numbers
KINDS = [*SHARES, "maps", "other"]


def in_turn(*categories: str) -> list[Purchase]:
    """One order a day, each of one category."""
    return [a_purchase(number, category) for number, category in enumerate(categories)]


def test_an_affinity_leans_on_everyones_share() -> None:
    tea, toys = latest_tastes(in_turn("tea", "tea", "toys"), NUMBERS)

    assert (tea.category, tea.holding, tea.orders) == ("tea", 2, 3)
    assert tea.affinity == pytest.approx((2 + 5 * 0.10) / 8)
    assert tea.over_base == pytest.approx(tea.affinity / 0.10)
    assert toys.affinity == pytest.approx((1 + 5 * 0.02) / 8)


def test_the_likelier_of_what_they_bought_comes_first() -> None:
    assert affinities(in_turn("cups", "tea", "tea"), NUMBERS) == ("tea", "cups")
    assert affinities(in_turn("toys", "cups", "tea"), NUMBERS) == ("tea", "cups")
    assert affinities(in_turn("toys", "maps"), NUMBERS) == ("maps", "toys")
    assert affinities(in_turn("other"), NUMBERS) == ()
    assert affinities((), NUMBERS) == ()


def test_a_rare_category_is_an_affinity_and_no_love() -> None:
    bought = in_turn("maps", "maps", "maps")

    assert affinities(bought, NUMBERS) == ("maps",)
    assert told_of(love, bought, 5) == {}


def test_a_shop_without_categories_has_neither() -> None:
    bare = a_shop(category_shares={})

    assert affinities(in_turn("tea", "tea"), bare.numbers) == ()
    assert told_of(love, in_turn("tea", "tea"), 5, bare) == {}


def test_love_begins_with_the_order_that_makes_it() -> None:
    assert held(told_of(love, in_turn("cups"), 1)) == {}
    assert held(told_of(love, in_turn("cups", "cups", "cups"), 9)) == {"love:cups": ("", 1)}


def test_love_is_easier_to_keep_than_to_win() -> None:
    """Cups: won above 3 x 5 % at 40 % of orders, kept down to 2 x 5 %."""
    faithful = in_turn("cups", "cups", *["other"] * 12)

    assert latest_tastes(faithful, NUMBERS)[0].over_base == pytest.approx(2.25 / 19 / 0.05)
    assert held(told_of(love, faithful, 20)) == {"love:cups": ("", 1)}
    assert held(told_of(love, [*faithful, *in_turn(*["other"] * 18)[14:]], 20)) == {}
    assert held(told_of(love, in_turn("other", "other", "other", "cups", "cups", "other"), 20)) == {
        "love:cups": ("", 4)
    }
    assert held(told_of(love, in_turn("other", "other", "other", "other", "cups", "cups"), 20)) == {}


def test_a_third_love_waits_until_one_ends() -> None:
    two = [a_purchase(n, "cups", "toys") for n in range(3)]
    third = [*two, *[a_purchase(n, "pots") for n in range(3, 9)]]
    ended = [*third, *[a_purchase(n, "pots", "toys") for n in range(9, 40)]]

    assert held(told_of(love, third, 50)).keys() == {"love:cups", "love:toys"}
    assert held(told_of(love, ended, 50)).keys() == {"love:pots", "love:toys"}


def test_withheld_love_is_silent() -> None:
    for shop in (a_shop(withheld={"love": "No categories."}), a_shop(second_orders=49)):
        assert told_of(love, in_turn("cups", "cups", "cups"), 9, shop) == {}


histories = st.lists(st.lists(st.sampled_from(KINDS), unique=True, max_size=3), max_size=25).map(
    lambda orders: [a_purchase(number, *kinds) for number, kinds in enumerate(orders)]
)


@settings(max_examples=150)
@given(histories)
def test_order_by_order_at_most_two_and_each_by_its_ways_in_and_out(bought: Sequence[Purchase]) -> None:
    before: dict[str, tuple[str, float]] = {}
    for count in range(1, len(bought) + 1):
        known = bought[:count]
        now = held(told_of(love, known, count))
        tastes = {f"love:{taste.category}": taste for taste in latest_tastes(known, NUMBERS)}

        assert len(now) <= 2
        for key, (_, since) in now.items():
            if key in before:
                assert before[key] == now[key]
                assert tastes[key].over_base >= 2
            else:
                assert since == count - 1
                assert tastes[key].over_base > 3
                assert tastes[key].share >= 0.4
        for key in before.keys() - now.keys():
            assert tastes[key].over_base < 2
        before = now

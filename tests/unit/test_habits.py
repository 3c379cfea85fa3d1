"""promo and returns: by the share of orders, order by order, harder to leave than to enter."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nextorder.domain.purchases import Purchase
from nextorder.domain.segments_habits import promo, returns
from nextorder.domain.verdict import Segment
from tests.unit.habit_cases import HOUR, a_purchase, a_shop, day, held, told_of
from tests.unit.shop_cases import DAY, START


def paid(orders: str) -> list[Purchase]:
    """One order a day: % with a discount, - without."""
    return [a_purchase(number, discounted=one == "%") for number, one in enumerate(orders)]


def test_two_discounted_orders_are_a_habit_and_one_is_not() -> None:
    assert held(told_of(promo, paid("%"), 5)) == {}
    assert held(told_of(promo, paid("%%"), 5)) == {"promo": ("only", 1)}
    assert held(told_of(promo, paid("--"), 5)) == {"promo": ("fullprice", 1)}
    assert held(told_of(promo, paid("%-"), 5)) == {}


def test_who_buys_with_discounts_stays_so_down_to_the_way_out() -> None:
    most = paid("%%%%--")

    assert held(told_of(promo, most, 9)) == {"promo": ("only", 1)}
    assert held(told_of(promo, [*most, a_purchase(7)], 9)) == {}
    assert held(told_of(promo, paid("--%%%%"), 9)) == {}


def test_who_pays_in_full_may_take_one_offer_in_five() -> None:
    five = paid("----%")

    assert held(told_of(promo, five, 9)) == {"promo": ("fullprice", 1)}
    assert held(told_of(promo, [*five, a_purchase(6, discounted=True)], 9)) == {}


def test_a_change_of_habit_names_the_one_before() -> None:
    few = paid("--%%%%%%%%")
    (segment, end) = told_of(promo, few, 30)["promo"]

    assert segment == Segment(value="only", since=day(9))
    assert end is None


def back(*days: float) -> list[Purchase]:
    """One order a day, five in all, of which those came back a week later."""
    return [a_purchase(number, returned=number + 7 if number in days else None) for number in range(5)]


OFTEN = back(0, 1, 2, 3)


def test_a_return_decides_when_it_comes() -> None:
    assert held(told_of(returns, back(0, 1, 2), 10)) == {}
    assert held(told_of(returns, back(0, 1, 2, 3), 10)) == {"returns": ("high", 10)}


def test_high_returns_end_at_their_shortest_stay_once_they_are_no_longer() -> None:
    many = [*OFTEN, *[a_purchase(20 + number) for number in range(15)]]

    assert told_of(returns, many, 35)["returns"] == (
        Segment(value="high", since=day(10), until=day(70)),
        day(70),
    )
    assert told_of(returns, many, 70) == {}


def test_high_returns_last_while_they_are_high() -> None:
    assert told_of(returns, OFTEN, 300)["returns"] == (Segment(value="high", since=day(10)), None)


def test_at_the_very_end_of_the_stay_only_the_way_in_leads_back() -> None:
    """5 of 15 orders lie surely above 15 %, and not above 20 %."""
    many = [*OFTEN, *[a_purchase(20 + number) for number in range(9)]]

    assert held(told_of(returns, [*many, a_purchase(65, returned=69.5)], 69.5)) == {"returns": ("high", 10)}
    assert told_of(returns, [*many, a_purchase(65, returned=70)], 70) == {}


def test_after_the_shortest_stay_an_order_ends_them_at_once() -> None:
    """4 of 10 orders lie surely above 15 %, 4 of 11 do not."""
    good = [a_purchase(100 + number) for number in range(6)]

    assert held(told_of(returns, [*OFTEN, *good[:-1]], 150)) == {"returns": ("high", 10)}
    assert told_of(returns, [*OFTEN, *good], 150) == {}


def test_habits_are_withheld_where_the_shop_cannot_carry_them() -> None:
    assert told_of(promo, paid("%%"), 5, a_shop(withheld={"promo": "why"})) == {}
    assert told_of(returns, OFTEN, 15, a_shop(withheld={"returns": "why"})) == {}
    assert told_of(returns, OFTEN, 15, a_shop(return_rate=0.0)) == {}
    assert told_of(promo, paid("%%"), 5, a_shop(second_orders=49)) == {}


@st.composite
def customers(draw: st.DrawFn) -> list[Purchase]:
    """Draw two years of orders at whole hours, any of which may come back."""
    hours = draw(st.lists(st.integers(0, 24 * 600), min_size=1, max_size=14, unique=True))
    return [
        a_purchase(
            hour / 24,
            discounted=draw(st.booleans()),
            returned=(hour + draw(st.integers(1, 24 * 60))) / 24 if draw(st.booleans()) else None,
        )
        for hour in sorted(hours)
    ]


def known_by(bought: Sequence[Purchase], moment: datetime) -> list[Purchase]:
    """What was known of these purchases at a moment."""
    return [
        a_purchase((one.at - START) / DAY, discounted=one.discounted)
        if one.returned_at is None or one.returned_at > moment
        else one
        for one in bought
        if one.at <= moment
    ]


def _sure(came_back: int, orders: int, times: float) -> bool:
    lower = stats.beta.ppf(0.1, came_back + 5 * 0.1, orders - came_back + 5 * 0.9)
    return bool(lower > times * 0.1)


@settings(max_examples=25)
@given(customers())
def test_an_hourly_clock_finds_the_same_returns_and_their_end(bought: list[Purchase]) -> None:
    moments = {one.at for one in bought} | {one.returned_at for one in bought if one.returned_at}
    since: datetime | None = None
    above_way_out = False
    for hours in range(24 * 760):
        now = START + hours * HOUR
        if now in moments:
            known = known_by(bought, now)
            came_back = sum(one.returned_at is not None for one in known)
            if since and not above_way_out and now >= since + 60 * DAY:
                since = None
            above_way_out = _sure(came_back, len(known), 1.5)
            if not since and _sure(came_back, len(known), 2.0):
                since = now
        if since and not above_way_out and now >= since + 60 * DAY:
            since = None
        if now in moments or hours % 97 == 0:
            told = told_of(returns, known_by(bought, now), hours / 24).get("returns", (None, None))
            assert (told[0].since if told[0] else None) == since
            assert told[1] == (since + 60 * DAY if since and not above_way_out else None)


@settings(max_examples=60)
@given(customers(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_nothing_to_habits(bought: list[Purchase], chance: Random) -> None:
    shuffled = sorted(bought, key=lambda _: chance.random())

    assert told_of(promo, shuffled, 700) == told_of(promo, bought, 700)
    assert told_of(returns, shuffled, 700) == told_of(returns, bought, 700)


@settings(max_examples=60)
@given(customers())
def test_order_by_order_each_habit_is_left_only_by_its_way_out(bought: list[Purchase]) -> None:
    before = ""
    for count in range(1, len(bought) + 1):
        share = sum(one.discounted for one in bought[:count]) / count
        value = held(told_of(promo, bought[:count], 700)).get("promo", ("", 0.0))[0]
        if value != before:
            assert before != "only" or share < 0.65
            assert before != "fullprice" or share > 0.20
            assert value != "only" or share >= 0.80
            assert value != "fullprice" or share <= 0.10
        before = value

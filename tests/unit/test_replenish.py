"""replenish: due, late and out at their seconds, two at once, each once an episode."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.purchases import Purchase
from nextorder.domain.segments_replenish import came_due, replenish
from nextorder.domain.shop import Gaps
from nextorder.domain.verdict import Segment
from tests.unit.habit_cases import (
    ENOUGH,
    GAPS,
    HOUR,
    a_buyer,
    a_purchase,
    a_shop,
    day,
    held,
    placing_of,
    told_of,
)
from tests.unit.shop_cases import DAY, SECOND, START

TEA = (a_purchase(0, "tea"),)


def test_a_category_is_due_then_late_then_out() -> None:
    due = Segment(value="due", since=day(20), until=day(30))
    late = Segment(value="late", since=day(30), previous="due", until=day(50))

    assert told_of(replenish, TEA, 1) == {"replenish:tea": (None, day(20))}
    assert told_of(replenish, TEA, 20) == {"replenish:tea": (due, day(30))}
    assert told_of(replenish, TEA, 30) == {"replenish:tea": (late, day(50))}
    assert told_of(replenish, TEA, 50) == {}


def test_an_order_of_the_category_starts_anew_and_another_does_not() -> None:
    assert told_of(replenish, [*TEA, a_purchase(25, "tea")], 26) == {"replenish:tea": (None, day(45))}
    assert held(told_of(replenish, [*TEA, a_purchase(25, "toys")], 26)) == {"replenish:tea": ("due", 20)}


def test_nothing_is_due_before_its_parcel_could_have_come() -> None:
    slow = replace(ENOUGH, delivery_days=25)
    slowest = replace(ENOUGH, delivery_days=60)

    assert held(told_of(replenish, TEA, 26, slow)) == {"replenish:tea": ("due", 25)}
    assert told_of(replenish, TEA, 55, slowest) == {}


def test_a_third_category_waits_for_a_place() -> None:
    everything = [a_purchase(0, "cups", "pots", "tea")]

    assert held(told_of(replenish, everything, 30)) == {
        "replenish:tea": ("late", 30),
        "replenish:pots": ("due", 22),
    }
    assert told_of(replenish, everything, 46)["replenish:cups"] == (None, day(50))
    assert held(told_of(replenish, everything, 50)) == {
        "replenish:pots": ("late", 40),
        "replenish:cups": ("late", 50),
    }


def test_of_categories_that_are_due_at_once_the_first_by_name_are_taken() -> None:
    same = a_shop(gaps=dict.fromkeys(("tea", "pots", "cups"), GAPS["tea"]))

    told = told_of(replenish, [a_purchase(0, "cups", "pots", "tea")], 25, same)

    assert held(told) == {"replenish:cups": ("due", 20), "replenish:pots": ("due", 20)}


def test_a_place_is_taken_when_an_order_frees_it() -> None:
    bought = [a_purchase(0, "cups", "pots", "tea"), a_purchase(41, "tea")]

    assert held(told_of(replenish, bought, 42)) == {
        "replenish:pots": ("late", 40),
        "replenish:cups": ("due", 41),
    }
    assert sorted(came_due(placing_of(a_buyer(bought, 42)))) == [
        ("cups", day(41)),
        ("pots", day(22)),
        ("tea", day(20)),
        ("tea", day(61)),
    ]


def test_without_gaps_or_when_withheld_nothing_is_said() -> None:
    withheld = a_shop(withheld={"replenish": "No category is bought again at a rhythm."})

    for shop in (a_shop(gaps={}), withheld, a_shop(second_orders=49)):
        assert told_of(replenish, TEA, 25, shop) == {}
        assert not list(came_due(placing_of(a_buyer(TEA, 25), shop)))


@st.composite
def buyers(draw: st.DrawFn) -> list[Purchase]:
    """Draw some months of purchases at whole hours."""
    hours = draw(st.lists(st.integers(0, 24 * 120), min_size=1, max_size=8, unique=True))
    kinds = st.lists(st.sampled_from([*GAPS, "toys"]), min_size=1, unique=True)
    return [a_purchase(hour / 24, *draw(kinds)) for hour in sorted(hours)]


class _Shelf:
    """The same rules, hour by hour: who becomes due queues, two are served, an order sends home."""

    def __init__(self) -> None:
        self.last: dict[str, datetime] = {}
        self.queue: list[str] = []

    def at(self, now: datetime, bought: Sequence[Purchase]) -> dict[str, str]:
        for purchase in bought:
            for category in purchase.categories:
                self.last[category] = purchase.at
                self.queue = [one for one in self.queue if one != category]
        self.queue = [one for one in self.queue if now < self.last[one] + GAPS[one].day_95 * DAY]
        for category in sorted(GAPS):  # of one hour, by name
            if category in self.last and now == self.last[category] + GAPS[category].day_40 * DAY:
                self.queue.append(category)
        return {f"replenish:{one}": self._value(one, now) for one in self.queue[:2]}

    def _value(self, category: str, now: datetime) -> str:
        return "due" if now < self.last[category] + GAPS[category].day_75 * DAY else "late"


@settings(max_examples=40)
@given(buyers())
def test_an_hourly_clock_finds_the_same_every_end_exact_and_each_episode_once(bought: list[Purchase]) -> None:
    shelf = _Shelf()
    solved: datetime | None = None
    values: dict[str, str] = {}
    entered: list[tuple[datetime, str]] = []
    for hours in range(24 * 185):
        now = START + hours * HOUR
        new = [one for one in bought if one.at == now]
        found = shelf.at(now, new)
        entered += [(now, f"{key} {value}") for key, value in found.items() if key not in values]
        if new or now == solved:
            told = told_of(replenish, [one for one in bought if one.at <= now], hours / 24)
            values = {key: segment.value for key, (segment, _) in told.items() if segment}
            solved = min((end for _, end in told.values() if end), default=None)
            assert all(segment.until == end for segment, end in told.values() if segment)
        assert found == values

    due = {(at, name) for at, name in entered if name.endswith("due")}
    told_due = came_due(placing_of(a_buyer(bought, 185)))
    assert due == {(at, f"replenish:{category} due") for category, at in told_due}
    for category in GAPS:
        ordered = [one.at for one in bought if category in one.categories]
        mine = [bisect(ordered, at) for at, name in entered if name.startswith(f"replenish:{category} ")]
        assert len(mine) == len(set(mine))


@settings(max_examples=60)
@given(buyers(), st.integers(0, 24 * 185))
def test_a_beginning_is_the_moment_at_which_it_was_not_yet(bought: list[Purchase], hours: int) -> None:
    as_of = hours / 24
    known = [one for one in bought if one.at <= day(as_of)]
    for key, (segment, _) in told_of(replenish, known, as_of).items():
        if segment:
            before = [one for one in known if one.at < segment.since]
            earlier = replenish(placing_of(replace(a_buyer(before, 0), as_of=segment.since - SECOND)))
            was = earlier.get(key, (None, None))[0]
            assert (was.value if was else "") == segment.previous


def test_points_that_leave_no_time_say_nothing() -> None:
    instant = a_shop(gaps={"tea": Gaps(n=100, day_40=3, day_75=4, day_95=5)})

    assert told_of(replenish, TEA, 4, instant) == {}

"""Who is missing at a destination is counted before anything is sent: all where that is quick."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.capabilities import Capabilities
from nextorder.domain.changes import Person
from nextorder.domain.shop import Shop
from nextorder.use_cases.missing import QUESTIONS, Missing, count_missing
from nextorder.use_cases.publication import Publisher
from tests.fakes.board import CAPABILITIES, Board
from tests.unit.bulk_cases import Town
from tests.unit.publish_cases import SHOP


@dataclass
class Asked(Board):
    """A board that says whom it knows."""

    capabilities: Capabilities = field(default_factory=lambda: replace(CAPABILITIES, most_asked=2))
    asked: list[int] = field(default_factory=list)
    """How many each question named."""

    def find(self, shop: Shop, people: Sequence[Person]) -> Collection[str]:
        assert shop == SHOP
        self.asked.append(len(people))
        return {one.customer for one in people if one.email in self.profiles}


def a_town(count: int, missing: range) -> tuple[Publisher, Asked]:
    """Return a town of which some are missing at a destination that may be asked for two at a time."""
    town = Town(count=count, missing=frozenset(missing))
    board = Asked(profiles=town.board.profiles)
    return replace(town.publisher, destination=board), board


def names(count: int) -> list[str]:
    return [str(n) for n in range(count)]


def test_a_few_are_all_asked_for() -> None:
    publisher, board = a_town(7, range(3))

    found = count_missing(SHOP, names(7), publisher)

    assert found == Missing(strangers=7, asked=7, gone=3)
    assert found.is_exact
    assert board.asked == [2, 2, 2, 1]
    assert not board.attributes


def test_of_many_a_sample_is_asked_for_the_same_each_time() -> None:
    count = 2 * QUESTIONS + 300
    publisher, board = a_town(count, range(0, count, 5))

    found = count_missing(SHOP, names(count), publisher)

    assert found
    assert (found.asked, found.strangers) == (2 * QUESTIONS, count)
    assert count_missing(SHOP, names(count)[::-1], publisher) == found
    assert len(board.asked) == 2 * QUESTIONS
    low, high = found.range
    assert low <= count / 5 <= high


def test_everyone_is_asked_for_on_the_merchants_word() -> None:
    count = 2 * QUESTIONS + 300
    publisher, _ = a_town(count, range(0, count, 5))
    steps: list[int] = []

    found = count_missing(SHOP, names(count), publisher, everyone=True, progress=steps.append)

    assert found == Missing(strangers=count, asked=count, gone=count // 5)
    assert sum(steps) == count


@pytest.mark.parametrize("strangers", [0, 7])
def test_nobody_is_counted_where_nobody_can_be_asked(strangers: int) -> None:
    publisher, _ = a_town(7, range(3))
    town = Town(count=7)

    assert count_missing(SHOP, names(strangers), town.publisher) is None
    assert count_missing(SHOP, [], publisher) is None


@given(st.integers(1, 1_000), st.data())
def test_the_range_holds_what_was_found(asked: int, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, asked))
    strangers = data.draw(st.integers(asked, 10**6))
    low, high = Missing(strangers=strangers, asked=asked, gone=gone).range

    assert 0 <= low <= gone * strangers / asked <= high <= strangers

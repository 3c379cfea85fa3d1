"""What a destination works on when a round ends is recorded by a later one, as far as it is true still."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from nextorder.domain.changes import Change, Handed
from nextorder.domain.errors import NeedsHuman, RetryLater, UnderWay
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause
from nextorder.ports import Outcome
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk, publish_round
from tests.fakes.board import Board
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import SHOP, SINCE, a_verdict


class Slow(Board):
    """A destination that takes many changes at once and tells later what became of them."""

    working: bool = True
    fault: Exception | None = None
    meant: Sequence[str] = ()

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        outcomes = super().deliver_many(shop, changes)
        self.under_way = list(zip((change.handed for change in changes), outcomes, strict=True))
        return [UnderWay("still at it")] * len(changes)

    def take_up(self, shop: Shop, is_meant: Callable[[Handed], bool]) -> Sequence[tuple[Handed, Outcome]]:
        if self.fault:
            raise self.fault
        if self.under_way and self.working:
            raise UnderWay("still at it")
        self.meant = [row.customer for row, _ in self.under_way if is_meant(row)]
        return super().take_up(shop, is_meant)


def a_slow_town() -> tuple[Town, Slow]:
    town = Town(count=6, missing=frozenset({3}))
    town.board = board = Slow(profiles=town.board.profiles, capabilities=few(4))
    return town, board


def test_a_round_ends_when_the_destination_is_not_done_and_the_next_goes_on_there() -> None:
    town, board = a_slow_town()
    town.place(1, a_verdict("repeat", cause=Cause.IMPORT), run="import-2")
    first = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE)
    assert {row.customer: row.version for row, _ in board.under_way} == {"0": 1, "1": 2, "2": 1, "3": 1}
    waiting = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=first.after)
    board.working = False
    second = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=waiting.after)
    third = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=second.after)

    assert [one.is_last for one in (first, waiting, second, third)] == [False, False, False, True]
    assert [(one.counts.get(Published.SENT, 0), one.after) for one in (first, waiting, second, third)] == [
        (0, "3"),
        (0, "3"),
        (3, "5"),
        (2, "5"),
    ]
    assert second.counts[Published.REFUSED] == 1
    calls = board.calls
    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.UNCHANGED] == 6
    assert board.calls == calls
    assert not any(held.unsure for held in town.customers.accepted.values() if not held.refused)


@pytest.mark.parametrize("failure", [RetryLater("busy", seconds=3_600), NeedsHuman("key")])
def test_a_destination_that_does_not_say_how_it_goes_ends_the_run(failure: Exception) -> None:
    town, board = a_slow_town()
    publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE)
    board.fault = failure

    with pytest.raises(type(failure)):
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)


def test_who_moved_on_while_it_was_under_way_is_said_afresh() -> None:
    """Shopify may write a row of the job after the stream has shown what is newer."""
    town, board = a_slow_town()
    first = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(1, a_verdict("repeat", days=9))
    publish(SHOP.id, "1", publisher=town.publisher, as_of=SINCE)
    board.audiences["01C1"].add("next:life:new")
    board.working = False
    publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=first.after)

    assert town.shown(1) == (
        {"stage": "repeat", "reason": "repeat: 2 order days"},
        {"next:life:repeat"},
    )
    assert len(board.events) == 1


@pytest.mark.parametrize(
    ("since", "meant"),
    [({}, ["0", "2", "3"]), ({"applied": False}, []), ({"uninstalled_at": SINCE}, [])],
)
def test_what_was_to_follow_is_meant_only_of_whom_it_is_true_still(
    since: dict[str, Any], meant: Sequence[str]
) -> None:
    town, board = a_slow_town()
    first = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(1, a_verdict("repeat", days=9))
    town.shop = replace(SHOP, **since)
    board.working = False
    publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=first.after)

    assert board.meant == meant


def test_what_was_recorded_before_a_death_is_recorded_once() -> None:
    town, board = a_slow_town()
    first = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE)
    board.working = False
    left = list(board.under_way)
    second = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=first.after)
    held = dict(town.customers.accepted)
    board.under_way = left
    publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=second.after)

    assert second.counts[Published.SENT] == 3
    assert {key: town.customers.accepted[key] for key in held if key[1] in "0123"} == {
        key: one for key, one in held.items() if key[1] in "0123"
    }

"""Publishing survives death at every step: redelivery ends in the same place."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater, Untried
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Board, Crash, Fuse
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import SHOP, SINCE, World, a_verdict, expected


def test_retry_later_and_needs_human_reach_the_caller_and_change_nothing() -> None:
    for failure in (RetryLater("busy", seconds=3), NeedsHuman("key")):
        world = World(Fuse(at=4, failure=failure))
        world.place(a_verdict())

        with pytest.raises(type(failure)):
            world.publish()
        assert world.customers.accepted == {}, "nothing was taken, so nothing counts as told"


def steps_of_a_publish() -> range:
    world = World()
    world.place(a_verdict())
    world.publish()
    return range(world.fuse.steps)


def faults() -> Iterator[Fuse]:
    for at in steps_of_a_publish():
        for late in (False, True):
            yield Fuse(at=at, late=late)
    for at in range(5, 10):
        for late in (False, True):
            yield Fuse(at=at, late=late, failure=OutcomeUnknown("timeout"))


@pytest.mark.parametrize("fuse", list(faults()), ids=lambda f: f"{type(f.failure).__name__}-{f.at}-{f.late}")
def test_death_at_any_step_and_redelivery_end_in_the_same_place(fuse: Fuse) -> None:
    world = World(fuse)
    world.place(a_verdict())
    world.publish_until_done()

    assert world.shown == expected(world, a_verdict())
    assert set(world.told) == {"stage:new:20260501T223000Z"}
    assert world.publish() is Published.UNCHANGED


VERDICTS = [
    a_verdict(),
    a_verdict("repeat", days=9),
    a_verdict("loyal", days=20),
    a_verdict(held_out=True),
    None,
]
failures = st.sampled_from([Crash(), OutcomeUnknown("timeout")])
fuses = st.builds(Fuse, at=st.integers(0, 12), late=st.booleans(), failure=failures)


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), fuses), min_size=1, max_size=6))
def test_whatever_dies_and_changes_meanwhile_the_last_state_is_shown(
    story: list[tuple[Verdict | None, Fuse]],
) -> None:
    """The state moves on between a death and its redelivery, and nothing of the lost try stays behind."""
    world = World()
    again = False
    for verdict, fuse in story:
        world.place(verdict)
        world.fuse.at, world.fuse.late, world.fuse.failure = (
            world.fuse.steps + fuse.at,
            fuse.late,
            fuse.failure,
        )
        try:
            world.publish(again=again)
            again = False
        except (Crash, RetryLater):
            again = True
    world.fuse.at = -1
    world.publish(again=again)

    assert world.shown == expected(world, story[-1][0])
    assert world.publish() is Published.UNCHANGED


def test_where_a_destination_takes_nothing_of_a_whole_load_the_rest_is_not_tried() -> None:
    class Down(Board):
        """A platform in an outage."""

        loads = 0

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Delivered | Exception]:
            assert shop == SHOP
            self.loads += 1
            return [RetryLater("it did not answer"), *[Untried("behind it")] * (len(changes) - 1)]

    town = Town(count=60)
    well, down = town.board, Down(capabilities=few(20))
    town.board = down

    with pytest.raises(RetryLater, match="board took nothing of 20 customers: it did not answer"):
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    assert down.loads == 1
    assert sum(held.unsure for held in town.customers.accepted.values()) == 1

    town.board = well
    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.SENT] == 60

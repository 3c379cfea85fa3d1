"""A permission that is missing: recorded of whoever is tried, never tried in vain, sent once it is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import ACCESS_DENIED, Accepted, Change
from nextorder.domain.errors import AccessDenied, NeedsHuman, OutcomeUnknown, RetryLater
from nextorder.domain.health import Health, Problem
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered
from nextorder.use_cases.denied import try_denied
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Board, Crash, Fuse
from tests.fakes.denials import InMemoryDenials
from tests.fakes.in_memory import InMemoryContacts, InMemoryPasses
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import ANNA, SHOP, SINCE, World, a_verdict, expected
from tests.unit.sweep_cases import AS_OF, Swept

NO = "a scope is missing"


@dataclass
class Gate(Board):
    """A destination that lets nobody write, or denies the rest once some of it is done."""

    is_shut: bool = True
    done_first: int = 0

    def check(self, shop: Shop) -> Health:  # noqa: ARG002 - the port's
        return Health(problems=(Problem(NO, "grant it"),) if self.is_shut else ())

    def _work(self, there: str, change: Change) -> Iterator[Callable[[], None]]:
        for number, work in enumerate(super()._work(there, change)):
            if self.is_shut and number >= self.done_first:
                raise AccessDenied(NO, partly=number > 0)
            yield work

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Delivered | Exception]:
        if not self.is_shut:
            return super().deliver_many(shop, changes)
        self.calls += 1
        return [AccessDenied(NO)] * len(changes)


class Shut(World):
    """One customer, and a destination that denies access."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.gate = self.board = Gate(fuse=self.fuse, profiles=self.board.profiles)
        self.denials = InMemoryDenials()

    @property
    def publisher(self) -> Publisher:
        return replace(super().publisher, denials=self.denials)

    def denied(self, *, again: bool = False) -> Accepted:
        with pytest.raises(AccessDenied):
            self.publish(again=again)
        return self.held

    @property
    def held(self) -> Accepted:
        held = self.customers.accepted[SHOP.id, ANNA, "board"]
        assert held
        return held


def test_it_is_recorded_with_its_reason_and_nothing_counts_as_shown_or_told() -> None:
    world = Shut()
    world.place(a_verdict())

    assert world.denied() == Accepted(refused=ACCESS_DENIED, refused_version=1)
    assert world.denials.standing(SHOP.id) == {"board": SINCE}
    assert world.gate.calls == 1


def test_the_next_change_costs_one_call_and_says_what_is_true_then() -> None:
    world = Shut()
    for verdict in (a_verdict(), a_verdict("repeat", days=9), a_verdict("loyal", days=20)):
        world.place(verdict)
        world.denied()
    assert world.gate.calls == 3
    world.gate.is_shut = False

    assert world.publish() is Published.SENT
    assert world.shown == expected(world, a_verdict("loyal", days=20))
    assert not world.held.refused
    assert world.publish() is Published.UNCHANGED


def test_what_was_shown_before_is_not_doubted() -> None:
    """So that access, once it is back, costs no look at what stands there."""
    world = Shut()
    world.gate.is_shut = False
    world.place(a_verdict())
    world.publish()
    before = world.held
    world.gate.is_shut = True
    world.place(a_verdict("repeat", days=9))

    assert world.denied() == replace(before, refused=ACCESS_DENIED, refused_version=2)


def test_what_is_not_wanted_any_more_is_not_refused_any_more() -> None:
    world = Shut()
    world.gate.is_shut = False
    world.place(a_verdict())
    world.publish()
    world.gate.is_shut = True
    world.place(a_verdict("repeat", days=9))
    world.denied()
    world.place(a_verdict())

    assert world.publish() is Published.UNCHANGED
    assert not world.held.refused


def test_a_try_that_died_before_stays_in_doubt() -> None:
    world = Shut()
    world.place(a_verdict())

    assert world.denied(again=True).unsure


def test_what_was_done_before_the_rest_was_denied_can_be_taken_away() -> None:
    world = Shut()
    world.gate.done_first = 1
    world.place(a_verdict())
    assert world.denied().unsure
    world.gate.is_shut = False
    world.place(a_verdict("repeat", days=9))
    world.publish()

    assert world.shown == expected(world, a_verdict("repeat", days=9))


def test_to_take_ours_back_is_never_given_up() -> None:
    world = Shut()
    world.gate.is_shut = False
    world.place(a_verdict())
    world.publish()
    before = world.held
    world.gate.is_shut = True
    world.place(None)

    with pytest.raises(NeedsHuman, match="does not let us take ours back") as caught:
        world.publish()
    assert not isinstance(caught.value, AccessDenied)
    assert world.held == before

    world.gate.is_shut = False
    assert world.publish(again=True) is Published.SENT
    assert world.customers.accepted == {}


def test_a_shop_that_does_not_tell_who_people_are_is_waited_for() -> None:
    """Another destination's customers cannot be found: it has refused nothing."""

    class Denying(InMemoryContacts):
        def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
            raise AccessDenied(f"{shop} {len(customers)}")

    world = Shut()
    world.place(a_verdict())

    with pytest.raises(NeedsHuman) as caught:
        publish(SHOP.id, ANNA, publisher=replace(world.publisher, contacts=Denying()), as_of=SINCE)
    assert not isinstance(caught.value, AccessDenied)
    assert world.customers.accepted == {}


VERDICTS = [a_verdict(), a_verdict("repeat", days=9), a_verdict("loyal", days=20), None]
denials = st.builds(lambda done: (done, Fuse()), st.integers(0, 3))
failures = st.sampled_from([Crash(), OutcomeUnknown("timeout")])
fuses = st.builds(Fuse, at=st.integers(0, 12), late=st.booleans(), failure=failures)
deaths = st.tuples(st.sampled_from([None, 0]), fuses)


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.one_of(denials, deaths)), min_size=1, max_size=6))
def test_whatever_is_denied_or_dies_meanwhile_the_last_state_is_shown(
    story: list[tuple[Verdict | None, tuple[int | None, Fuse]]],
) -> None:
    """A denied change is acknowledged; after a death the next try says everything afresh."""
    world = Shut()
    again = False
    for verdict, (done_first, fuse) in story:
        world.place(verdict)
        world.gate.is_shut, world.gate.done_first = done_first is not None, done_first or 0
        world.fuse.at = world.fuse.steps + fuse.at if fuse.at >= 0 else -1
        world.fuse.late, world.fuse.failure = fuse.late, fuse.failure
        try:
            world.publish(again=again)
            again = False
        except AccessDenied:
            again = False
        except (Crash, RetryLater, NeedsHuman):
            again = True
    world.fuse.at, world.gate.is_shut = -1, False
    world.publish(again=again)

    assert world.shown == expected(world, story[-1][0])
    assert world.publish() is Published.UNCHANGED
    assert not any(held.refused for held in world.customers.accepted.values())


def a_shut_town() -> tuple[Town, Gate, InMemoryDenials]:
    town = Town()
    town.board = gate = Gate(profiles=town.board.profiles, capabilities=few(5))
    return town, gate, InMemoryDenials()


def test_a_run_over_everyone_ends_with_the_first_load_and_the_next_goes_on() -> None:
    town, gate, notes = a_shut_town()
    publisher = replace(town.publisher, denials=notes)

    with pytest.raises(AccessDenied, match=NO):
        publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)
    assert gate.calls == 1
    assert list(town.customers.accepted.values()) == [Accepted(refused=ACCESS_DENIED, refused_version=1)] * 5
    assert notes.standing(SHOP.id) == {"board": SINCE}

    gate.is_shut = False
    assert publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)[Published.SENT] == 12
    assert publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)[Published.UNCHANGED] == 12


def a_swept_shop() -> Swept:
    """A shop of whom two were refused, one for want of a permission."""
    swept = Swept(count=12)
    for n, code in ((3, ACCESS_DENIED), (4, "tag-limit")):
        place = swept.house.held.accepted
        held = place[swept.shop.id, swept.name(n), "shopify"]
        denied = replace(held, version=0, refused=code, refused_version=held.version)
        place[swept.shop.id, swept.name(n), "shopify"] = denied
    return swept


def test_the_pass_asks_nobody_in_vain() -> None:
    """Nor whom a run over everyone had not come to when it was denied."""
    swept = a_swept_shop()
    swept.house.held.accepted[swept.shop.id, swept.name(5), "shopify"] = Accepted()
    swept.denials.note(swept.shop.id, "shopify", AS_OF)
    swept.run()

    assert swept.shopify.names == []


def test_once_the_permission_is_there_a_pass_begins_that_tries_whoever_was_refused() -> None:
    swept, gate = a_swept_shop(), Gate()
    swept.house.held.accepted[swept.shop.id, swept.name(5), "shopify"] = Accepted()
    swept.denials.note(swept.shop.id, "shopify", AS_OF)
    swept.run()

    def look() -> Sequence[str]:
        shop, notes, passes = swept.shop, swept.denials, swept.passes
        return try_denied(shop, destination=lambda _: gate, denials=notes, passes=passes)

    assert (look(), swept.run()) == ((), [])
    gate.is_shut = False
    assert list(look()) == ["shopify"]
    swept.run()
    assert (look(), swept.run()) == ((), [])

    assert swept.shopify.names == [swept.name(3), swept.name(5)]


def test_a_tick_that_was_quicker_keeps_the_note_for_the_next_day() -> None:
    class Busy(InMemoryPasses):
        def save(self, *_: object, **__: object) -> bool:
            return False

    swept = a_swept_shop()
    swept.denials.note(swept.shop.id, "shopify", AS_OF)
    swept.run()

    assert not try_denied(
        swept.shop,
        destination=lambda _: Gate(is_shut=False),
        denials=swept.denials,
        passes=Busy(swept.passes.passes),
    )
    assert swept.denials.standing(swept.shop.id)

"""Publishing sends differences, survives death at every step, and tells an event once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Segment, State, Verdict
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from tests.fakes.board import Board, Crash, Fuse, FusedAccepted, FusedContacts, FusedCustomers
from tests.fakes.in_memory import InMemoryShops

SHOP = Shop(id="demo.myshopify.com", applied=True)
ANNA = "7"
PROFILE = "01H-ANNA"
SINCE = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)


def a_verdict(
    stage: str = "new",
    *,
    cause: Cause = Cause.ORDER,
    held_out: bool = False,
    model: str = "m1",
    days: int = 0,
) -> Verdict:
    life = Segment(value=stage, since=SINCE + timedelta(days=days))
    return Verdict(
        segments={"life": life},
        cause=cause,
        held_out=held_out,
        reasons=() if stage == "new" else (f"{stage}: 2 order days",),
        consents={"email": "subscribed"},
        model=model,
    )


@dataclass
class World:
    """One customer, one destination, and a fuse through everything between them."""

    fuse: Fuse = field(default_factory=Fuse)
    shop: Shop = SHOP

    def __post_init__(self) -> None:
        self.board = Board(fuse=self.fuse, profiles={"anna@example.com": PROFILE})
        self.customers = FusedCustomers(fuse=self.fuse)
        self.accepted = FusedAccepted(customers=self.customers, fuse=self.fuse)
        contact = Contact(customer=ANNA, email="anna@example.com")
        self.contacts = FusedContacts(contacts={(SHOP.id, ANNA): contact}, fuse=self.fuse)
        self.shops = InMemoryShops(prior=a_model(), shops={SHOP.id: self.shop})
        self.version = 0

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            destination=self.board,
            customers=self.customers,
            accepted=self.accepted,
            shops=self.shops,
            contacts=self.contacts,
        )

    def place(self, verdict: Verdict | None, *, run: str = "") -> None:
        """Give the customer a state, or take it away."""
        self.version += 1
        self.customers.states.pop((SHOP.id, ANNA), None)
        if verdict:
            state = State(verdict=verdict, digest="", version=self.version, run=run)
            self.customers.states[SHOP.id, ANNA] = state

    def publish(self, *, again: bool = False) -> Published:
        return publish(SHOP.id, ANNA, publisher=self.publisher, again=again)

    def publish_until_done(self) -> None:
        """Deliver the message again and again, as a queue would."""
        again = False
        while True:
            try:
                self.publish(again=again)
            except (Crash, RetryLater, NeedsHuman):
                again = True
            else:
                return

    @property
    def shown(self) -> object:
        return self.board.shown(PROFILE)

    @property
    def told(self) -> list[str]:
        return [event.unique_id for _, event in self.board.events]


def a_model() -> StoreModel:
    return StoreModel(
        name="prior",
        r=1.0,
        alpha=100.0,
        a=1.0,
        b=2.0,
        p=4.0,
        q=4.0,
        v=1000.0,
        clock=(1.0,) * 168,
        drift={},
        value_drift=0.1,
    )


def expected(world: World, verdict: Verdict | None) -> object:
    desired = world.board.project(SHOP, ANNA, verdict)
    return {k: v for k, v in desired.attributes.items() if k != "model"}, set(desired.audiences)


def test_nothing_is_published_before_the_merchant_says_so() -> None:
    world = World(shop=replace(SHOP, applied=False))
    world.place(a_verdict())

    assert world.publish() is Published.NOT_APPLIED
    assert world.board.calls == 0


def test_a_second_message_about_the_same_state_sends_and_writes_nothing() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    calls, writes = world.board.calls, world.accepted.writes

    assert world.publish() is Published.UNCHANGED
    assert (world.board.calls, world.accepted.writes) == (calls, writes) == (1, 1)


def test_a_new_model_alone_is_no_reason_to_send_but_rides_along() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.place(a_verdict(model="m2"))

    assert world.publish() is Published.UNCHANGED
    world.place(a_verdict("repeat", model="m2", days=9))
    world.publish()
    assert world.board.attributes[PROFILE]["model"] == "m2"


def test_a_known_person_is_not_looked_up_again() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.contacts.contacts.clear()
    world.place(a_verdict("repeat", days=9))

    assert world.publish() is Published.SENT


def test_without_a_state_everything_of_ours_goes_and_nothing_is_remembered() -> None:
    world = World()
    world.place(a_verdict("repeat"))
    world.publish()
    world.place(None)
    world.publish()

    assert world.board.attributes[PROFILE] == {}
    assert world.board.audiences[PROFILE] == set()
    assert world.customers.accepted == {}


def test_a_held_out_customer_shows_the_hold_mark_alone_and_hears_nothing() -> None:
    world = World()
    world.place(a_verdict(held_out=True))
    world.publish()

    assert world.shown == ({"holdout": True}, {"next:hold"})
    assert world.told == []


def test_a_person_who_is_missing_there_is_asked_for_once_a_version() -> None:
    world = World()
    world.board.profiles.clear()
    world.place(a_verdict())

    assert world.publish() is Published.REFUSED
    assert world.publish() is Published.UNCHANGED
    assert world.board.calls == 1
    assert world.accepted.load(SHOP.id, ANNA, "board").refused == "profile-missing"  # type: ignore[union-attr]

    world.board.profiles["anna@example.com"] = PROFILE
    world.place(a_verdict("repeat", days=9))
    assert world.publish() is Published.SENT
    assert world.shown == expected(world, a_verdict("repeat"))


def test_a_profile_that_was_merged_away_is_looked_up_and_told_everything() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.board.profiles["anna@example.com"] = "01H-MERGED"
    world.place(a_verdict(days=1, cause=Cause.TIME, model="m2"))
    world.place(a_verdict("repeat", days=9))

    assert world.publish() is Published.SENT
    assert world.board.shown("01H-MERGED") == expected(world, a_verdict("repeat"))


def test_a_permanent_no_is_recorded_and_the_next_version_sends_everything() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.board.refusals[ANNA] = "tag-limit"
    world.place(a_verdict("repeat", days=9))
    assert world.publish() is Published.REFUSED

    del world.board.refusals[ANNA]
    world.place(a_verdict("repeat", days=9, cause=Cause.REFIT))
    assert world.publish() is Published.SENT
    assert world.shown == expected(world, a_verdict("repeat"))


def test_after_a_merge_tags_that_came_from_the_other_customer_are_taken_away() -> None:
    world = World()
    world.place(a_verdict("repeat"))
    world.publish()
    world.board.audiences[PROFILE] |= {"next:life:new", "vip"}
    world.place(replace(a_verdict("repeat"), absorbed=1))
    world.publish()

    assert world.board.audiences[PROFILE] == {"next:life:repeat", "vip"}


@pytest.mark.parametrize("cause", [Cause.IMPORT, Cause.REFIT, Cause.CATALOGUE, Cause.CUSTOMER, Cause.MERGE])
def test_changes_of_these_causes_tell_no_event(cause: Cause) -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.board.events.clear()
    world.place(a_verdict("repeat", cause=cause, days=9))
    world.publish()

    assert world.told == []


def test_a_first_showing_is_news_only_after_an_order() -> None:
    for cause, events in ((Cause.ORDER, 1), (Cause.TIME, 0), (Cause.REFUND, 0), (Cause.CHECKOUT, 0)):
        world = World()
        world.place(a_verdict(cause=cause))
        world.publish()

        assert len(world.told) == events


def test_an_event_is_told_once_however_often_the_stage_returns_to_it() -> None:
    world = World()
    for stage, days in (("new", 0), ("repeat", 9), ("new", 0), ("repeat", 9)):
        world.place(a_verdict(stage, days=days))
        world.publish()

    assert len(world.told) == len(set(world.told)) == 2


def test_retry_later_and_needs_human_reach_the_caller_and_change_nothing() -> None:
    for failure in (RetryLater("busy", seconds=3), NeedsHuman("key")):
        world = World(Fuse(at=3, failure=failure))
        world.place(a_verdict())

        with pytest.raises(type(failure)):
            world.publish()
        assert world.customers.accepted == {}


def steps_of_a_publish() -> range:
    world = World()
    world.place(a_verdict())
    world.publish()
    return range(world.fuse.steps)


def faults() -> Iterator[Fuse]:
    for at in steps_of_a_publish():
        for late in (False, True):
            yield Fuse(at=at, late=late)
    for at in range(4, 8):
        for late in (False, True):
            yield Fuse(at=at, late=late, failure=OutcomeUnknown("timeout"))


@pytest.mark.parametrize("fuse", list(faults()), ids=lambda f: f"{type(f.failure).__name__}-{f.at}-{f.late}")
def test_death_at_any_step_and_redelivery_end_in_the_same_place(fuse: Fuse) -> None:
    world = World(fuse)
    world.place(a_verdict())
    world.publish_until_done()

    assert world.shown == expected(world, a_verdict())
    assert set(world.told) == {f"{SHOP.id}:{ANNA}:stage:new:20260501T223000Z"}
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

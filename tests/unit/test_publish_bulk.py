"""Publishing many: everyone's last state is shown, no event is told, a repeat sends nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Accepted, Change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.verdict import Cause, Scores, Segment
from nextorder.ports import Outcome
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk, publish_round
from tests.fakes.board import Board, Crash, Fuse
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import SHOP, SINCE, a_verdict


def test_everyone_is_shown_without_events_and_a_repeat_sends_nothing() -> None:
    town = Town(missing=frozenset({3}))
    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert (counts[Published.SENT], counts[Published.REFUSED]) == (11, 1)
    assert all(town.shown(n) == ({"stage": "new"}, {"next:life:new"}) for n in range(12) if n != 3)
    assert town.board.events == []
    calls = town.board.calls
    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.UNCHANGED] == 12
    assert town.board.calls == calls


def test_nothing_is_sent_before_the_merchant_says_so() -> None:
    town = Town(shop=replace(SHOP, applied=False))

    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.NOT_APPLIED] == 12
    assert town.board.calls == 0


def test_a_repair_takes_away_what_no_record_knows_of() -> None:
    town = Town(count=1)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.board.audiences["01C0"] |= {"next:life:loyal", "vip"}
    publish_bulk(SHOP.id, publisher=town.publisher, again=True, as_of=SINCE)

    assert town.board.audiences["01C0"] == {"next:life:new", "vip"}


def test_a_newer_verdict_that_came_between_is_not_left_overwritten() -> None:
    town = Town(count=3)

    class Overtaken(Board):
        """While the batch is under way, the stream's publisher sends a newer verdict."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
            town.place(1, a_verdict("repeat", days=9))
            publish(SHOP.id, "1", publisher=town.publisher, as_of=SINCE)
            return super().deliver_many(shop, changes)

    town.board = Overtaken(profiles=town.board.profiles)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert town.shown(1) == (
        {"stage": "repeat", "reason": "repeat: 2 order days"},
        {"next:life:repeat"},
    )


def test_what_the_stream_wrote_down_meanwhile_stays_and_no_event_is_told_twice() -> None:
    town = Town(count=3)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(1, a_verdict("repeat", days=9), run="refit-2")

    class Overtaken(Board):
        """The stream's publisher tells of a newer verdict after the batch was read, before it is recorded."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
            outcomes = super().deliver_many(shop, changes)
            town.place(1, a_verdict("loyal", days=20))
            publish(SHOP.id, "1", publisher=town.publisher, as_of=SINCE)
            return outcomes

    town.board = Overtaken(profiles=town.board.profiles)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    publish(SHOP.id, "1", publisher=town.publisher, again=True, as_of=SINCE)

    assert len(town.board.events) == 1
    assert town.shown(1) == (
        {"stage": "loyal", "reason": "loyal: 2 order days"},
        {"next:life:loyal"},
    )


def test_a_note_that_someone_overtook_is_made_once_more() -> None:
    """What came to stand untold has to be known: a later fact would tell it."""
    town = Town(count=1, shop=replace(SHOP, numbers=Numbers(profit_rank=10)))
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    quiet = a_verdict(cause=Cause.IMPORT)
    risk = Segment(value="at-risk", since=SINCE)
    scores = Scores(p_active=0.5, p_order={}, gp2_to_date=10)
    town.place(0, replace(quiet, segments={**quiet.segments, "risk": risk}, scores=scores), run="refit-2")

    class Overtaken(InMemoryAccepted):
        """Someone else writes after everything was read."""

        def save_all(
            self, shop: str, destination: str, news: Mapping[str, tuple[Accepted | None, Accepted]]
        ) -> Sequence[str]:
            for customer, (held, _) in news.items():
                self.save(shop, customer, destination, replace(held or Accepted(), remote_id="01C-new"))
            return super().save_all(shop, destination, news)

    town.accepted = Overtaken(customers=town.customers)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    held = town.accepted.load(SHOP.id, "0", town.board.name)
    assert held is not None
    assert "touch" in held.subjects


def test_a_missing_key_ends_the_run_after_what_was_sent_is_recorded() -> None:
    town = Town(fuse=Fuse(at=10, failure=NeedsHuman("key")))
    town.board.capabilities = few(4)

    with pytest.raises(NeedsHuman):
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    assert sorted(held.unsure for held in town.customers.accepted.values()) == [False, False, False, True]


def test_what_a_human_is_needed_for_half_way_is_not_taken_for_unwritten() -> None:
    """By the time the human has come the verdict may be what it was before."""
    town = Town()
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    class HalfWay(Board):
        """Takes everything but what was asked last."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
            super().deliver_many(shop, changes)
            return [NeedsHuman("key", partly=True)] * len(changes)

    town.board.__class__ = HalfWay
    town.place(1, a_verdict("repeat", cause=Cause.REFIT), run="refit-1")
    with pytest.raises(NeedsHuman):
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    town.board.__class__ = Board
    town.place(1, a_verdict(cause=Cause.IMPORT), run="refit-2")
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert town.shown(1) == ({"stage": "new"}, {"next:life:new"})


@pytest.mark.parametrize("takes_back", [False, True])
def test_whose_profile_was_merged_is_found_again_in_the_same_run(*, takes_back: bool) -> None:
    town = Town(missing=frozenset({3}))
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    board = town.board
    board.profiles["c1@example.com"] = "01MERGED"
    board.attributes["01MERGED"] = board.attributes.pop("01C1")
    board.audiences["01MERGED"] = board.audiences.pop("01C1")
    del board.profiles["c2@example.com"]
    for n in (1, 2):
        town.place(n, a_verdict("repeat", cause=Cause.REFIT), run="refit-1")

    publisher = replace(town.publisher, takes_back=takes_back)
    counts = publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)

    assert board.shown("01MERGED")[1] == (set() if takes_back else {"next:life:repeat"})
    assert counts[Published.REFUSED] == 1
    assert counts[Published.SENT] == (10 if takes_back else 1)
    held = town.accepted.load(SHOP.id, "2", board.name)
    assert held is None if takes_back else held and held.refused == "profile-missing"


@given(
    at=st.integers(0, 40),
    late=st.booleans(),
    failure=st.sampled_from([Crash(), RetryLater("busy"), OutcomeUnknown("timeout")]),
)
def test_a_run_that_failed_anywhere_is_completed_by_the_next(
    at: int, failure: BaseException, *, late: bool
) -> None:
    town = Town(count=6, fuse=Fuse(at=at, late=late, failure=failure))
    try:
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    except Crash:
        town.place(0, a_verdict("loyal", days=20, cause=Cause.REFIT), run="refit-2")
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    stages = [town.board.audiences[f"01C{n}"] for n in range(6)]
    assert all(len(stage) == 1 for stage in stages)
    assert stages[1:] == [{"next:life:new"}] * 5


def test_each_customer_is_counted_once_however_often_the_rounds_look_at_them() -> None:
    """A round that runs out of time has looked at more people than it is done with."""
    town = Town(count=30, missing=frozenset({3}))
    town.board.capabilities = few(2)
    for n in range(0, 30, 2):
        publish(SHOP.id, str(n), publisher=town.publisher, as_of=SINCE)
    town.place(4, a_verdict("repeat", days=9))
    counts: Counter[Published] = Counter()
    after, rounds = "", 0
    while True:
        has_time = iter([True, *[False] * 9]).__next__
        one = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after=after, has_time=has_time)
        counts.update(one.counts)
        after, rounds = one.after, rounds + 1
        if one.is_last:
            break

    assert rounds > 3
    assert +counts == {
        Published.UNCHANGED: 14,
        Published.LATER: 1,
        Published.SENT: 14,
        Published.REFUSED: 1,
    }


@pytest.mark.parametrize(("since", "shown"), [({"uninstalled_at": SINCE}, 0), ({"resumed_at": SINCE}, 12)])
def test_a_round_ends_once_the_app_is_taken_out_or_a_pause_came_and_went(
    since: dict[str, Any], shown: int
) -> None:
    town = Town()

    class Changing(Board):
        """It happens while the first of them are on their way."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
            publisher.shops.change(SHOP.id, **since)
            return super().deliver_many(shop, changes)

    board = Changing(profiles=town.board.profiles, capabilities=few(4))
    publisher = replace(town.publisher, destination=board)

    first = publish_round(SHOP.id, publisher=publisher, as_of=SINCE)
    publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)

    assert (first.counts[Published.SENT], first.is_last) == (4, False)
    assert sum(map(bool, board.audiences.values())) == shown


def test_a_round_that_runs_out_of_time_sends_what_it_has_and_says_where_to_go_on() -> None:
    town = Town(count=10)
    town.board.capabilities = few(4)
    rounds, after = 0, ""
    while True:
        done = publish_round(
            SHOP.id, publisher=town.publisher, as_of=SINCE, after=after, has_time=lambda: False
        )
        rounds, after = rounds + 1, done.after
        if done.is_last:
            break

    assert rounds == 4
    assert all(town.shown(n) == ({"stage": "new"}, {"next:life:new"}) for n in range(10))


@pytest.mark.parametrize("failure", [RetryLater("busy"), NeedsHuman("scope")])
def test_where_nobody_can_be_looked_up_nobody_is_left_in_doubt(failure: Exception) -> None:
    town = Town()

    class Mute(InMemoryContacts):
        """The shop tells no e-mails now."""

        def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:  # noqa: ARG002 - the port's
            raise failure

    town.contacts = Mute()
    with pytest.raises(type(failure)):
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert not town.customers.accepted


def test_a_busy_destination_takes_the_intention_back() -> None:
    town = Town(count=1)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    before = dict(town.customers.accepted)
    town.place(0, a_verdict("loyal", days=20, cause=Cause.REFIT), run="refit-2")
    town.board.fuse = Fuse(at=0, failure=RetryLater("busy"))

    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.LATER] == 1
    assert town.customers.accepted == before

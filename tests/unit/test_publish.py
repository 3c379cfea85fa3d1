"""Publishing sends differences, and tells an event once."""

from dataclasses import replace

import pytest

from nextorder.domain.changes import Desired
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Scores, Verdict
from nextorder.use_cases.publication import Published
from tests.fakes.board import Board
from tests.unit.publish_cases import ANNA, PROFILE, SHOP, World, a_verdict, expected


def test_nothing_is_published_before_the_merchant_says_so() -> None:
    world = World(shop=replace(SHOP, applied=False))
    world.place(a_verdict())

    assert world.publish() is Published.NOT_APPLIED
    assert world.board.calls == 0


def test_a_second_message_about_the_same_state_sends_and_writes_nothing() -> None:
    world = World()
    world.place(a_verdict(cause=Cause.IMPORT))
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


class Till(Board):
    """A destination that shows what a customer has brought."""

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        brought = verdict.scores.gp2_to_date if verdict and verdict.scores else None
        return Desired(attributes={} if brought is None else {"brought": f"{brought} {shop.currency}"})


def test_amounts_of_a_former_currency_are_not_shown_as_the_new_ones() -> None:
    world = World()
    world.board = Till(fuse=world.fuse, profiles=world.board.profiles)
    scores = Scores(p_active=0.9, p_order={}, gp2_to_date=700)
    world.place(replace(a_verdict(), scores=scores, currency="USD"))
    world.publish()
    assert world.board.attributes[PROFILE] == {"brought": "700 USD"}

    world.shops.shops[SHOP.id] = replace(SHOP, currency="EUR")
    world.publish(again=True)

    assert world.board.attributes[PROFILE] == {}


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

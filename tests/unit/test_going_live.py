"""Going live step by step: who is reached, in which order, and that a step back takes nothing off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Change
from nextorder.domain.going_live import (
    ALL_AT_ONCE,
    FIRST,
    RAMP,
    STEPS,
    GoingLive,
    Step,
    events_from,
    following,
    is_in_order,
    place,
    rungs,
)
from nextorder.domain.holdout import held_out
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Board
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import PROFILE, SHOP, SINCE, World, a_verdict

PROPERTIES = GoingLive(step=Step.PROPERTIES)
TAGS = GoingLive(step=Step.TAGS, since=SINCE)

customers = st.integers(min_value=1, max_value=10**14).map(str)


def at(live: GoingLive) -> World:
    return World(shop=replace(SHOP, going_live=live))


def go_to(world: World, live: GoingLive) -> None:
    world.shops.save(replace(SHOP, going_live=live))


@given(customers, st.sampled_from(STEPS))
def test_whom_a_smaller_share_reached_a_larger_one_reaches(customer: str, step: Step) -> None:
    reached = [rung.reaches(step, "gid://shopify/Shop/1", customer) for rung in rungs()]

    assert reached == sorted(reached)
    assert reached[-1]


@given(customers)
def test_nobody_has_tags_or_events_without_properties(customer: str) -> None:
    for rung in rungs():
        reached = [rung.reaches(step, "gid", customer) for step in STEPS]
        assert reached == sorted(reached, reverse=True)


def test_a_tenth_is_a_tenth_and_has_nothing_to_do_with_the_holdout() -> None:
    places = [place("gid://shopify/Shop/1", str(n)) for n in range(20_000)]
    held = [held_out("gid://shopify/Shop/1", str(n), SHOP.holdout_share) for n in range(20_000)]
    early = [out for where, out in zip(places, held, strict=True) if where < 10]

    assert len(early) == pytest.approx(2_000, rel=0.07)
    assert sum(early) == pytest.approx(len(early) / 10, rel=0.25)


def test_the_way_goes_through_every_step_and_share_and_ends() -> None:
    walked, live = [], following(None)
    while live:
        walked.append((live.step, live.share))
        live = following(live)

    assert walked == [(step, share) for step in STEPS for share in RAMP[step]]
    assert following(None) == FIRST


def test_a_shop_without_klaviyo_goes_from_properties_to_tags() -> None:
    assert following(PROPERTIES, {Step.SEGMENTS}) == GoingLive(step=Step.TAGS, share=10)


@pytest.mark.parametrize(
    ("target", "is_allowed"),
    [
        (GoingLive(step=Step.PROPERTIES, share=50), True),
        (GoingLive(step=Step.PROPERTIES), True),
        (GoingLive(step=Step.SEGMENTS), False),
        (GoingLive(step=Step.TAGS, share=10), False),
        (GoingLive(step=Step.PROPERTIES, share=10), False),
        (ALL_AT_ONCE, False),
    ],
)
def test_no_step_is_left_out_but_a_share_may_be(target: GoingLive, is_allowed: bool) -> None:  # noqa: FBT001
    assert is_in_order(FIRST, target) is is_allowed


def test_events_wait_two_days_after_the_last_tags() -> None:
    first_events = GoingLive(step=Step.EVENTS, share=10)

    assert events_from(TAGS, first_events) == SINCE + timedelta(hours=48)
    assert events_from(first_events, ALL_AT_ONCE) is None
    assert events_from(PROPERTIES, GoingLive(step=Step.TAGS)) is None


def test_before_the_tags_properties_alone_are_shown_and_nothing_is_told() -> None:
    world = at(PROPERTIES)
    world.place(a_verdict())

    assert world.publish() is Published.SENT
    assert world.shown == ({"stage": "new"}, set())
    assert world.told == []


def test_what_stood_before_events_went_out_is_never_told_later() -> None:
    world = at(TAGS)
    world.place(a_verdict("repeat"))
    world.publish()
    go_to(world, ALL_AT_ONCE)
    world.publish()
    assert world.told == []

    world.place(a_verdict("loyal", days=9))
    world.publish()
    assert [event.subject for _, event in world.board.events] == ["stage:loyal"]


def test_whom_the_share_does_not_reach_is_shown_nothing_and_left_as_they_are() -> None:
    town = Town(count=200, shop=replace(SHOP, going_live=FIRST))
    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    reached = {n for n in range(200) if place(SHOP.gid, str(n)) < FIRST.share}

    assert {n for n in range(200) if town.shown(n) != ({}, set())} == reached
    assert (counts[Published.SENT], counts[Published.NOT_APPLIED]) == (len(reached), 200 - len(reached))


def test_a_step_back_takes_nothing_off_and_changes_no_tag() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    go_to(world, PROPERTIES)
    world.place(a_verdict("repeat", days=9))
    world.publish()

    assert world.board.attributes[PROFILE]["stage"] == "repeat"
    assert world.board.audiences[PROFILE] == {"next:life:new"}
    world.publish(again=True)
    assert world.board.audiences[PROFILE] == {"next:life:new"}

    go_to(world, ALL_AT_ONCE)
    world.publish()
    assert world.board.audiences[PROFILE] == {"next:life:repeat"}


def test_a_smaller_share_leaves_whoever_is_outside_as_they_stand() -> None:
    town = Town(count=50)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    before = [town.shown(n) for n in range(50)]
    town.shop = replace(SHOP, going_live=FIRST)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE, again=True)

    assert [town.shown(n) for n in range(50)] == before


def test_asked_to_take_off_a_step_back_takes_tags_and_a_smaller_share_everything() -> None:
    for live in (PROPERTIES, FIRST):
        town = Town(count=50)
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
        town.shop = replace(SHOP, going_live=live)
        publish_bulk(SHOP.id, publisher=replace(town.publisher, takes_off=True), as_of=SINCE)

        for n in range(50):
            stays = live.reaches(Step.PROPERTIES, SHOP.gid, str(n))
            assert town.shown(n) == ({"stage": "new"} if stays else {}, set())


def test_who_is_held_out_after_a_step_back_keeps_no_other_tag() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    go_to(world, PROPERTIES)
    world.place(a_verdict(held_out=True))
    world.publish()

    assert world.shown == ({"holdout": True}, set())


@pytest.mark.parametrize("live", [FIRST, PROPERTIES, TAGS])
def test_ours_is_taken_back_from_who_is_gone_at_any_step(live: GoingLive) -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    go_to(world, live)
    world.place(None)
    world.publish()

    assert world.shown == ({}, set())
    assert world.customers.accepted == {}


def test_a_pause_ends_a_round_before_its_next_batch_and_the_next_sends_nobody() -> None:
    town = Town(count=12)
    shops = town.publisher.shops

    class Hasty(Board):
        """The merchant pauses while the first batch is under way."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Delivered | Exception]:
            shops.change(SHOP.id, applied=False)
            return super().deliver_many(shop, changes)

    town.board = Hasty(profiles=town.board.profiles, capabilities=few(5))
    counts = publish_bulk(SHOP.id, publisher=replace(town.publisher, shops=shops), as_of=SINCE)

    assert counts[Published.SENT] == 5
    assert sum(town.shown(n) != ({}, set()) for n in range(12)) == 5

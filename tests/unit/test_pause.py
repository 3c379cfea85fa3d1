"""What happens while publishing is paused is shown when it ends; of its events the last day's are told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.domain.caps import DAY
from nextorder.domain.changes import Change
from nextorder.domain.going_live import GoingLive
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.ports import Outcome
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Board
from tests.fakes.in_memory import InMemoryContacts
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import SHOP, SINCE, a_verdict

HOUR = timedelta(hours=1)
PAUSED = replace(SHOP, applied=False)


def paused_town(ended_after: timedelta) -> Town:
    """Everyone is shown; during a pause customer 3 comes to another stage, and the stream is not heard."""
    town = Town()
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = PAUSED
    town.place(3, a_verdict("second-window", days=1))
    came = publish(SHOP.id, "3", publisher=town.publisher, as_of=SINCE + DAY)
    assert came is Published.NOT_APPLIED
    town.shop = replace(SHOP, resumed_at=SINCE + DAY + ended_after)
    return town


def a_live_town() -> Town:
    """All but customer 11, whom nobody knows yet, are shown since before `SINCE`."""
    town = Town(shop=replace(SHOP, going_live=GoingLive(since=SINCE - DAY)))
    del town.customers.states[SHOP.id, "11"]
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    return town


def test_news_of_the_last_day_is_told_once_the_pause_ends() -> None:
    town = paused_town(23 * HOUR)

    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + 23 * HOUR)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + 23 * HOUR)

    assert counts[Published.SENT] == 1
    assert not counts.get(Published.NOT_TOLD)
    assert [event.subject for _, event in town.board.events] == ["stage:second-window"]


@pytest.mark.parametrize("by", ["stream", "bulk"])
def test_what_was_held_for_longer_is_shown_and_never_told_and_counted(by: str) -> None:
    town = paused_town(25 * HOUR)
    as_of = SINCE + DAY + 25 * HOUR

    if by == "stream":
        publish(SHOP.id, "3", publisher=town.publisher, as_of=as_of)
    else:
        counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=as_of)
        assert (counts[Published.SENT], counts[Published.NOT_TOLD]) == (1, 1)
    again = publish_bulk(SHOP.id, publisher=town.publisher, as_of=as_of)

    held = town.accepted.load(SHOP.id, "3", "board")
    assert not town.board.events
    assert not again.get(Published.NOT_TOLD)
    assert held is not None
    assert held.dropped == 1
    assert "second-window" in str(town.shown(3))


def test_a_first_order_during_the_pause_is_news_when_it_ends() -> None:
    town = a_live_town()
    town.shop = replace(town.shop, applied=False)
    town.place(11, a_verdict(days=1))
    assert publish(SHOP.id, "11", publisher=town.publisher, as_of=SINCE + DAY) is Published.NOT_APPLIED
    town.shop = replace(town.shop, applied=True, resumed_at=SINCE + DAY + HOUR)

    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + HOUR)

    assert [event.subject for _, event in town.board.events] == ["stage:new"]


def test_an_order_before_a_destination_went_live_is_no_news_there_when_a_pause_ends() -> None:
    town = a_live_town()
    town.shop = replace(
        town.shop, going_live=GoingLive(since=SINCE + DAY + HOUR), resumed_at=SINCE + DAY + 2 * HOUR
    )
    town.place(11, a_verdict(days=1))

    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + 2 * HOUR)

    assert counts[Published.SENT] == 1
    assert not town.board.events


def test_what_comes_after_the_pause_is_the_streams() -> None:
    town = paused_town(2 * HOUR)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + 2 * HOUR)
    town.place(5, a_verdict("second-window", days=3))

    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + 3 * DAY)

    assert counts[Published.LATER] == 1
    assert len(town.board.events) == 1


def test_an_outage_after_the_pause_makes_nothing_late_that_came_since() -> None:
    town = paused_town(2 * HOUR)
    town.place(5, a_verdict("second-window", days=3))

    publish(SHOP.id, "5", publisher=town.publisher, as_of=SINCE + 5 * DAY)

    assert [event.subject for _, event in town.board.events] == ["stage:second-window"]


def test_a_crowd_too_small_for_a_job_is_sent_by_parts_and_a_pause_is_heeded_between() -> None:
    town = Town()

    class Pausing(Board):
        """The merchant pauses while the first of them are on their way."""

        def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
            publisher.shops.change(SHOP.id, applied=False)
            return super().deliver_many(shop, changes)

    can = replace(few(1_000), job_from=100, most_in_turn=5)
    publisher = replace(town.publisher, destination=Pausing(profiles=town.board.profiles, capabilities=can))

    counts = publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)

    assert (counts[Published.SENT], counts[Published.NOT_APPLIED]) == (5, 7)


def test_a_pause_while_people_are_looked_up_lets_nobody_out_any_more() -> None:
    town = Town()

    class Slow(InMemoryContacts):
        """The merchant pauses while the shop is asked for e-mails."""

        def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
            publisher.shops.change(SHOP.id, applied=False)
            return super().find(shop, customers)

    publisher = replace(town.publisher, contacts=Slow(contacts=town.contacts.contacts))

    counts = publish_bulk(SHOP.id, publisher=publisher, as_of=SINCE)

    assert not counts.get(Published.SENT)
    assert not town.board.attributes
    publisher.shops.change(SHOP.id, applied=True, resumed_at=SINCE)
    resumed = replace(publisher, contacts=town.contacts)
    assert publish_bulk(SHOP.id, publisher=resumed, as_of=SINCE)[Published.SENT] == town.count


def test_of_who_is_refused_it_is_counted_once_that_they_were_not_told() -> None:
    town = Town(missing=frozenset({3}))
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(3, a_verdict("second-window", days=1))
    town.shop = replace(SHOP, resumed_at=SINCE + DAY + 25 * HOUR)

    first, second = (
        publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY + 25 * HOUR) for _ in range(2)
    )

    assert (first[Published.REFUSED], first[Published.NOT_TOLD]) == (1, 1)
    assert not second.get(Published.NOT_TOLD)

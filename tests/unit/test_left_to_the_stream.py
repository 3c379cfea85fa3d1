"""A change that the stream has under way with an event is not taken from it by the bulk publisher."""

from dataclasses import replace

from nextorder.domain.caps import DAY
from nextorder.domain.going_live import GoingLive
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.unit.bulk_cases import Town
from tests.unit.publish_cases import SHOP, SINCE, a_verdict


def test_a_change_that_has_an_event_under_way_is_left_to_the_stream() -> None:
    town = Town(count=1)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(0, a_verdict("repeat", days=9))

    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)[Published.LATER] == 1
    publish(SHOP.id, "0", publisher=town.publisher, as_of=SINCE)
    assert len(town.board.events) == 1


def test_a_first_order_that_has_an_event_under_way_is_left_to_the_stream() -> None:
    town = Town(count=1, shop=replace(SHOP, going_live=GoingLive(since=SINCE)))
    town.place(0, a_verdict(days=1))

    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE + DAY)
    publish(SHOP.id, "0", publisher=town.publisher, as_of=SINCE + DAY)

    assert counts[Published.LATER] == 1
    assert len(town.board.events) == 1


def test_nobody_waits_for_a_stream_that_does_not_reach_the_destination() -> None:
    town = Town(count=1)
    unserved = replace(town.publisher, has_queue=False)
    publish_bulk(SHOP.id, publisher=unserved, as_of=SINCE)
    town.place(0, a_verdict("repeat", days=9))

    assert publish_bulk(SHOP.id, publisher=unserved, as_of=SINCE)[Published.SENT] == 1
    assert "repeat" in str(town.shown(0))
    assert not town.board.events


def test_an_order_of_days_before_a_destination_went_live_tells_nobody_there_whatever_wakes_it() -> None:
    town = Town(count=1, shop=replace(SHOP, going_live=GoingLive(since=SINCE + 3 * DAY)))
    town.place(0, a_verdict(days=1))

    publish(SHOP.id, "0", publisher=town.publisher, as_of=SINCE + 4 * DAY)

    assert town.shown(0) == ({"stage": "new"}, {"next:life:new"})
    assert not town.board.events

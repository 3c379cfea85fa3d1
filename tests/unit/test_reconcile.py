"""Reconciling: whatever webhooks were lost, the end is the same; and no run does more than it must."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.reconciliation import A_DAY, OVERLAP, SETTLED, Reconciliation
from nextorder.use_cases.installation import Mark, Tick
from nextorder.use_cases.reconcile import Repaired
from nextorder.use_cases.wake_due import MOST_WAITING
from tests.fakes.house import Webhook
from tests.fakes.reconciliation import Platform
from tests.unit.delivery_cases import AS_OF, LIVE, clean_pass, shown
from tests.unit.reconcile_cases import (
    AN_HOUR,
    CLEAN,
    HISTORY,
    HOOK,
    LONG_AGO,
    NOW,
    Bench,
    a_note,
    some_lost,
)


@settings(max_examples=60)
@given(some_lost(HISTORY))
def test_whatever_webhooks_are_lost_the_end_is_that_of_none_lost(arrived: list[Webhook]) -> None:
    bench = Bench()
    bench.house.receive(*arrived)
    bench.house.settle()

    bench.run_to_the_end()

    assert bench.house.essence() == CLEAN.essence()
    assert shown(bench.house) == shown(CLEAN)


@settings(max_examples=60)
@given(some_lost(HISTORY), st.lists(st.booleans(), max_size=12), st.data())
def test_runs_that_are_cut_short_or_refused_end_there_too(
    arrived: list[Webhook], time_is_up: list[bool], data: st.DataObject
) -> None:
    """Each run may end after any page, by time or by Shopify's throttling."""
    bench = Bench()
    bench.house.receive(*arrived)
    ends = iter(time_is_up)
    busy = data.draw(st.integers(0, 3))
    bench.platform.fails = [RetryLater("throttled")] * busy
    for _ in range(busy):
        with pytest.raises(RetryLater):
            bench.run()

    bench.run_to_the_end(has_time=lambda: not next(ends, False))

    assert bench.house.essence() == CLEAN.essence()


def test_nothing_is_put_on_the_queue_where_nothing_is_missing() -> None:
    bench = Bench(clean_pass(HISTORY))

    came = bench.run()

    assert came == Repaired(finished=True)
    assert bench.platform.queue == []


def test_an_order_that_moved_on_within_a_second_is_told_from_the_one_before() -> None:
    """Shopify counts whole seconds: a checkout's create and paid often share one."""
    bench = Bench()
    paid = HISTORY[1]
    bench.platform.orders = Platform().knows([paid], AS_OF).orders
    bench.platform.payments.clear()
    bench.house.receive(HISTORY[0])

    assert bench.run().orders == 1


def test_a_payment_alone_that_was_lost_is_brought_in() -> None:
    """Its order came, so the order's own version says nothing of it."""
    bench = Bench()
    bench.house.receive(*(webhook for webhook in HISTORY if webhook[0] != "order_transactions/create"))

    came = bench.run()

    assert came.orders == 1
    assert "order_transactions/create" in [topic for topic, _ in bench.platform.queue]


def test_each_run_begins_where_the_last_ended_and_a_little_before() -> None:
    bench = Bench()

    bench.run(NOW)
    bench.run(NOW + AN_HOUR)

    (first, *_), (second, *_) = windows(bench, 0), windows(bench, -1)
    assert first[:2] == (LONG_AGO, NOW - SETTLED)
    assert second[:2] == (NOW - SETTLED - OVERLAP, NOW + AN_HOUR - SETTLED)


def windows(bench: Bench, nth: int) -> list[tuple[datetime, datetime, str]]:
    """Return the nth window that was asked for, page by page."""
    distinct = list(dict.fromkeys((since, until) for since, until, _ in bench.platform.asked))
    return [asked for asked in bench.platform.asked if asked[:2] == distinct[nth]]


def test_a_walk_that_is_cut_short_goes_on_after_the_page_that_was_done() -> None:
    bench = Bench()
    pages = iter([True, True])

    assert not bench.run(has_time=lambda: next(pages, False)).finished
    assert bench.note.orders.after
    assert bench.note.orders.reached == LONG_AGO, "not before all of it is on the queue"
    bench.run(NOW + AN_HOUR)

    assert [after for _, _, after in windows(bench, 0)][:3] == ["", "2", "4"]
    assert bench.note.orders.reached == NOW - SETTLED - OVERLAP


def test_nothing_is_noted_before_it_is_on_the_queue() -> None:
    """A crash between the two puts a page on the queue twice; the other way round it would be lost."""
    bench = Bench()
    bench.platform.deliver_orders = crash  # type: ignore[method-assign,assignment]

    with pytest.raises(OSError, match="full"):
        bench.run()

    assert bench.note == a_note(LONG_AGO)


def crash(*_: object) -> None:
    raise OSError("full")


def test_a_word_for_a_page_that_has_grown_old_begins_the_walk_anew() -> None:
    bench = Bench()
    pages = iter([True])
    bench.run(has_time=lambda: next(pages, False))
    bench.platform.old_words = {bench.note.orders.after}

    with pytest.raises(Refused):
        bench.run(NOW + AN_HOUR)
    bench.platform.old_words = set()
    bench.run_to_the_end(NOW + 2 * AN_HOUR)

    assert bench.house.essence() == CLEAN.essence()


def test_customers_the_installation_and_what_was_denied_are_looked_at_once_a_day() -> None:
    bench = Bench(clean_pass(HISTORY))

    for hour in range(30):
        bench.run(NOW + hour * AN_HOUR)

    assert bench.checks == 2
    assert bench.tried == [LIVE] * 2
    assert bench.note.walked_customers_at == NOW + 24 * AN_HOUR
    assert timedelta(hours=23) < A_DAY < timedelta(hours=24)


def test_where_a_subscription_was_dropped_everything_since_the_last_check_is_looked_at_again() -> None:
    bench = Bench(clean_pass(HISTORY))
    bench.run(NOW)
    bench.restored = [Tick(Mark.MADE, HOOK)]

    came = bench.run(NOW + 24 * AN_HOUR)
    bench.restored = []
    bench.run(NOW + 25 * AN_HOUR)

    assert came.restored == ("webhook orders/updated",)
    since, *_ = windows(bench, -1)[0]
    assert since == NOW


def test_what_cannot_be_restored_is_named_each_day_and_sends_nobody_back() -> None:
    bench = Bench(clean_pass(HISTORY))
    bench.run(NOW)
    bench.restored = [Tick(Mark.MISSING, HOOK, "no such address")]

    came = bench.run(NOW + 24 * AN_HOUR)
    bench.run(NOW + 25 * AN_HOUR)

    assert came.restored == ("webhook orders/updated: no such address",)
    since, *_ = windows(bench, -1)[0]
    assert since == NOW + 24 * AN_HOUR - SETTLED - OVERLAP


def test_our_own_writes_to_a_customer_are_no_news() -> None:
    """Each tag that we write moves the record's `updated_at`."""
    bench = Bench(clean_pass(HISTORY))
    for place, (fact, webhook) in list(bench.platform.people.items()):
        bench.platform.people[place] = (replace(fact, updated_at=NOW - AN_HOUR), webhook)

    assert bench.run().customers == 0


def test_a_shop_whose_app_is_gone_is_not_asked() -> None:
    bench = Bench()

    assert bench.run(shop=replace(LIVE, uninstalled_at=AS_OF)) == Repaired()
    assert bench.platform.asked == []


def test_what_waits_on_the_queue_is_not_taken_for_missing() -> None:
    bench = Bench()
    bench.queue.before = MOST_WAITING + 1

    assert not bench.run().finished
    assert bench.platform.asked == []


def test_two_runs_at_once_do_not_overtake_each_other() -> None:
    """Who notes second stops: the other goes on from there."""
    bench = Bench()
    load = bench.notes.load

    def overtaken(shop: str) -> Reconciliation | None:
        held = load(shop)
        bench.notes.notes[shop] = a_note(LONG_AGO + AN_HOUR)
        return held

    bench.notes.load = overtaken  # type: ignore[method-assign]

    assert not bench.run().finished
    assert bench.note == a_note(LONG_AGO + AN_HOUR)


def test_a_new_shop_begins_where_it_was_connected_and_an_older_one_a_day_back() -> None:
    bench = Bench()
    bench.notes.notes.clear()

    bench.run(shop=replace(LIVE, connected_at=NOW - 2 * AN_HOUR))
    bench.notes.notes.clear()
    bench.run()

    assert [windows(bench, n)[0][0] for n in (0, 1)] == [NOW - 2 * AN_HOUR, NOW - 24 * AN_HOUR]


def test_on_request_it_goes_back_further() -> None:
    bench = Bench()
    bench.notes.notes = {LIVE.id: a_note(NOW)}

    bench.run(since=LONG_AGO)
    bench.house.receive(*bench.platform.queue)
    bench.house.settle()

    assert bench.house.essence() == CLEAN.essence()


def test_a_key_that_is_refused_is_said_and_nothing_is_noted() -> None:
    bench = Bench()
    bench.platform.fails = [NeedsHuman("no scope")]

    with pytest.raises(NeedsHuman):
        bench.run()

    assert bench.note == a_note(LONG_AGO)


def test_where_the_installation_cannot_be_seen_what_was_denied_is_tried_all_the_same() -> None:
    bench = Bench()
    bench.unreadable = "a scope is missing"

    with pytest.raises(NeedsHuman):
        bench.run()

    assert bench.tried == [LIVE]

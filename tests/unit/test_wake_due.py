"""Who is due is woken: the longest waiting first, and nobody twice while the queue is behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nextorder.use_cases.wake_due import AGAIN_AFTER, MOST_WAITING, Woken, wake_due
from tests.fakes.in_memory import InMemoryCustomers, InMemoryQueue
from tests.unit.publish_cases import SHOP, SINCE

MINUTE = timedelta(minutes=1)


@dataclass
class Due(InMemoryCustomers):
    """Customers who are due a minute after the other; the shards of an index may give the last one first."""

    count: int = 0

    def due(self, shop: str, until: datetime) -> Iterator[tuple[str, datetime]]:  # noqa: ARG002 - the port's
        yield from ((str(n), SINCE + timedelta(minutes=n)) for n in reversed(range(self.count)))


def test_the_longest_waiting_are_woken_first() -> None:
    queue = InMemoryQueue()

    assert wake_due(SHOP.id, customers=Due(count=40), waker=queue, as_of=SINCE, most=3) == 3
    assert queue.woken == ["0", "1", "2"]


def test_nobody_is_woken_while_the_queue_is_behind() -> None:
    behind, nearly = InMemoryQueue(before=MOST_WAITING + 1), InMemoryQueue(before=MOST_WAITING)

    assert wake_due(SHOP.id, customers=Due(count=2), waker=behind, as_of=SINCE) == 0
    assert wake_due(SHOP.id, customers=Due(count=2), waker=nearly, as_of=SINCE) == 2
    assert behind.woken == []


def test_nobody_is_woken_twice_for_one_moment_while_they_wait() -> None:
    queue = InMemoryQueue()
    woken: Woken = {}

    counts = [
        wake_due(SHOP.id, customers=Due(count=3), waker=queue, as_of=SINCE + n * MINUTE, woken=woken)
        for n in range(14)
    ]

    assert counts == [3, *[0] * 13]
    assert queue.woken == ["0", "1", "2"]


def test_a_message_that_is_lost_is_sent_again() -> None:
    queue = InMemoryQueue()
    woken: Woken = {}

    for as_of in (SINCE, SINCE + AGAIN_AFTER):
        wake_due(SHOP.id, customers=Due(count=1), waker=queue, as_of=as_of, woken=woken)

    assert queue.woken == ["0", "0"]
    assert len(woken) == 1


def test_after_an_outage_the_rest_follows_minute_by_minute() -> None:
    """A day's due customers come in portions, the longest waiting first, each once."""
    queue = InMemoryQueue()
    woken: Woken = {}
    noon = SINCE + timedelta(days=1)

    counts = [
        wake_due(SHOP.id, customers=Due(count=95), waker=queue, as_of=noon + n * MINUTE, most=40, woken=woken)
        for n in range(4)
    ]

    assert counts == [40, 40, 15, 0]
    assert queue.woken == [str(n) for n in range(95)]

"""Who is due is woken: the longest waiting first, and nobody twice while the queue is behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nextorder.use_cases.wake_due import MOST_WAITING, wake_due
from tests.fakes.in_memory import InMemoryCustomers, InMemoryQueue
from tests.unit.publish_cases import SHOP, SINCE


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

"""Put customers whose verdict changes by time alone back on the queue."""

from datetime import datetime
from heapq import nsmallest
from typing import Final

from nextorder.ports import Customers, Waker

MOST_AT_ONCE: Final = 5_000
"""A minute's worth, of all shops together; after an outage the rest follows a minute later."""
MOST_WAITING: Final = 1_000
"""While more messages wait than this, whoever was woken before is probably among them."""


def wake_due(
    shop: str, *, customers: Customers, waker: Waker, as_of: datetime, most: int = MOST_AT_ONCE
) -> int:
    """
    Wake those who have been due longest; safe to repeat: who has been looked at is due no more.

    Returns:
        How many were woken; 0 while the queue is behind, since they would only wait there twice.
    """
    if waker.waiting() > MOST_WAITING:
        return 0
    due = nsmallest(most, customers.due(shop, as_of), key=lambda customer: customer[1])
    waker.wake(shop, due)
    return len(due)

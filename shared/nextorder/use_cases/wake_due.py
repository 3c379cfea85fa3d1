"""Put customers whose verdict changes by time alone back on the queue."""

from datetime import datetime
from itertools import islice
from typing import Final

from nextorder.ports import Customers, Waker

MOST_AT_ONCE: Final = 5_000
"""A minute's worth; after an outage the rest follows a minute later."""


def wake_due(shop: str, *, customers: Customers, waker: Waker, as_of: datetime) -> int:
    """
    Wake all who are due by now; safe to repeat: who has been looked at is due no more.

    Returns:
        How many were woken.
    """
    due = list(islice(customers.due(shop, as_of), MOST_AT_ONCE))
    waker.wake(shop, due)
    return len(due)

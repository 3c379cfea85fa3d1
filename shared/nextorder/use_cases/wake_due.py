"""Put customers whose verdict changes by time alone back on the queue."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Final

from nextorder.ports import Customers, Waker

MOST_AT_ONCE: Final = 5_000
"""A minute's worth, of all shops together; after an outage the rest follows a minute later."""
MOST_WAITING: Final = 1_000
"""While more messages wait than this, whoever was woken before is probably among them."""

AGAIN_AFTER: Final = timedelta(minutes=15)
"""Whoever is still due then was not looked at: the message is lost."""

Woken = MutableMapping[tuple[str, str, datetime], datetime]
"""(shop, customer, moment they were due) -> when they were woken for it."""


def wake_due(
    shop: str,
    *,
    customers: Customers,
    waker: Waker,
    as_of: datetime,
    most: int = MOST_AT_ONCE,
    woken: Woken | None = None,
) -> int:
    """
    Wake those who have been due longest, each once for one moment.

    Safe to repeat: who has been looked at is due no more, and who was woken is not woken again
    while `woken`, which the caller keeps from minute to minute, remembers it.

    Returns:
        How many were woken; 0 while the queue is behind, since they would only wait there twice.
    """
    if waker.waiting() > MOST_WAITING:
        return 0
    lately = {} if woken is None else woken
    for key in [key for key, at in lately.items() if at <= as_of - AGAIN_AFTER]:
        del lately[key]
    unwoken = ((c, at) for c, at in customers.due(shop, as_of) if (shop, c, at) not in lately)
    due = nsmallest(most, unwoken, key=lambda customer: customer[1])
    waker.wake(shop, due)
    lately.update({(shop, customer, at): as_of for customer, at in due})
    return len(due)

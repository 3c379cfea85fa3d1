"""What was known of a customer at a moment that has passed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from nextorder.domain.facts import Order, StoredFact
from nextorder.domain.timeline import own_time

_GIVEN_BACK: Final = frozenset({"refunded", "partially_refunded"})
_VOIDED: Final = "voided"


def known_before(facts: Iterable[StoredFact], moment: datetime) -> tuple[StoredFact, ...]:
    """
    Leave out what happened from a moment on, and undo what it did to earlier orders.

    A fact is kept in its latest form: a later cancellation, deletion or payment back is undone. What
    an edit took out of an order later stays out: nobody knows any more what stood there.
    """
    return tuple(_as_known(facts, moment))


def _as_known(facts: Iterable[StoredFact], moment: datetime) -> Iterator[StoredFact]:
    for fact in facts:
        if isinstance(fact, Order) and fact.placed_at < moment <= fact.updated_at:
            yield _undone(fact, moment)
        elif own_time(fact) < moment:
            yield fact


def _undone(order: Order, moment: datetime) -> Order:
    cancelled_later = order.cancelled_at is not None and order.cancelled_at >= moment
    status = "paid" if order.financial_status in _GIVEN_BACK else order.financial_status
    return replace(
        order,
        cancelled_at=None if cancelled_later else order.cancelled_at,
        financial_status="authorized" if cancelled_later and status == _VOIDED else status,
        deleted=False,
    )

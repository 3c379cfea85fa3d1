"""What was known of a customer at a moment that has passed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from nextorder.domain.facts import Order, Payment, StoredFact
from nextorder.domain.timeline import own_time

_GIVEN_BACK: Final = frozenset({"refunded", "partially_refunded"})
_PROMISED: Final = frozenset({"authorization", "sale", "capture"})
_PENDING, _VOIDED = "pending", "voided"


def known_before(facts: Iterable[StoredFact], moment: datetime) -> tuple[StoredFact, ...]:
    """
    Leave out what happened from a moment on, and undo what it did to earlier orders.

    A fact is kept in its latest form: a later cancellation, deletion, payment or payment back is
    undone. What else was changed in an order later stays changed, since nobody knows any more
    what stood there; `changed_from` counts such orders. Costs are those that are known today.
    """
    held = tuple(facts)
    return tuple(_as_known(held, moment, _paid_at(held)))


def changed_from(facts: Iterable[StoredFact], moment: datetime) -> int:
    """Count orders from before a moment that were changed from then on, in whatever way."""
    return sum(isinstance(fact, Order) and _is_changed(fact, moment) for fact in facts)


def _as_known(
    facts: Iterable[StoredFact], moment: datetime, paid_at: Mapping[str, datetime]
) -> Iterator[StoredFact]:
    for fact in facts:
        if isinstance(fact, Order) and _is_changed(fact, moment):
            yield _undone(fact, moment, is_unpaid=paid_at.get(fact.id, fact.placed_at) >= moment)
        elif own_time(fact) < moment:
            yield fact


def _is_changed(order: Order, moment: datetime) -> bool:
    return order.placed_at < moment <= order.updated_at


def _paid_at(facts: Iterable[StoredFact]) -> Mapping[str, datetime]:
    """Return when each order was first paid or promised, of those of which it is told."""
    first: dict[str, datetime] = {}
    for fact in facts:
        if isinstance(fact, Payment) and fact.kind in _PROMISED:
            first[fact.order] = min(first.get(fact.order, fact.updated_at), fact.updated_at)
    return first


def _undone(order: Order, moment: datetime, *, is_unpaid: bool) -> Order:
    cancelled_later = order.cancelled_at is not None and order.cancelled_at >= moment
    status = "paid" if order.financial_status in _GIVEN_BACK else order.financial_status
    was = "authorized" if cancelled_later and status == _VOIDED else status
    return replace(
        order,
        cancelled_at=None if cancelled_later else order.cancelled_at,
        financial_status=_PENDING if is_unpaid else was,
        deleted=False,
    )

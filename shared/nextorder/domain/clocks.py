"""A total order of the versions of one fact, so that 'newer' never depends on who came first."""

import hashlib
from dataclasses import fields
from datetime import UTC, datetime

from nextorder.domain.facts import Order, Payment, ShopFact, StoredFact

# Shopify's updated_at counts whole seconds: one checkout's create and paid often share one.
_PROGRESS = (
    "pending",
    "authorized",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
)


def moment(at: datetime) -> str:
    """Write a moment as fixed-width UTC text, so that text order is time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def version_of(fact: StoredFact | ShopFact) -> str:
    """
    Return text that is greater for the version of a fact that should win.

    First its own `updated_at`; among equals an order that is further along (deleted, cancelled,
    paid before pending) and a payment whose fee is known; among those a hash of the contents, which
    has no meaning but is the same in every order of arrival. Whose the fact is does not enter: a merge
    moves it as it is.
    """
    contents = [(field.name, getattr(fact, field.name)) for field in fields(fact) if field.name != "customer"]
    digest = hashlib.sha256(repr(contents).encode()).hexdigest()[:8]
    return f"{moment(fact.updated_at)}|{_progress(fact)}|{digest}"


def _progress(fact: StoredFact | ShopFact) -> int:
    if isinstance(fact, Payment):
        return int(fact.fee is not None)
    if not isinstance(fact, Order):
        return 0
    if fact.deleted:
        return 9
    known = fact.financial_status in _PROGRESS
    return _PROGRESS.index(fact.financial_status) + (fact.cancelled_at is not None) if known else 0

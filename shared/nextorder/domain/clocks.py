"""A total order of the versions of one fact, so that 'newer' never depends on who came first."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Final

from nextorder.domain.facts import NO_ORIGIN, Order, OrderLine, Payment, ShopFact, StoredFact, VariantCategory

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
_SINCE: Final[Mapping[str, object]] = {"origin": NO_ORIGIN, "product": "", "product_title": ""}
"""Fields that facts have only of late, and what they hold where nobody told."""


def moment(at: datetime) -> str:
    """Write a moment as fixed-width UTC text, so that text order is time order."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def version_of(fact: StoredFact | ShopFact) -> str:
    """
    Return text that is greater for the version of a fact that should win.

    First its own `updated_at`; among equals an order that is further along (deleted, cancelled,
    paid before pending, sent), then more that not everybody tells (unit costs, a payment's fee,
    where an order came from, a product's title); among those a hash of what the platform said,
    which has no meaning but is the same in every order of arrival. Whose the fact is does not enter:
    a merge moves it as it is.
    """
    digest = hashlib.sha256(repr(_said(fact)).encode()).hexdigest()[:8]
    return f"{stage_of(fact)}|{_extras(fact):03d}|{digest}"


def stage_of(fact: StoredFact | ShopFact) -> str:
    """Return the first part of a version, which does not rest on all that a fact says."""
    return f"{moment(fact.updated_at)}|{_progress(fact)}{_sent(fact)}"


def _said(fact: StoredFact | ShopFact) -> list[tuple[str, object]]:
    """What the platform said of a fact; what we looked up ourselves is left out."""
    # Without them a version is what it was before facts had them: nothing is written anew for it.
    since = {name for name, untold in _SINCE.items() if getattr(fact, name, None) == untold}
    ours = {"customer", "fee", *since}
    told = [(field.name, getattr(fact, field.name)) for field in fields(fact) if field.name not in ours]
    if isinstance(fact, Order):
        lines = tuple(map(_as_told, fact.lines))
        return [(name, lines if name == "lines" else value) for name, value in told]
    return told


def _as_told(line: OrderLine) -> OrderLine:
    # written out: replace() takes three times as long, and an import makes millions
    return OrderLine(
        id=line.id,
        product=line.product,
        variant=line.variant,
        category="",
        quantity=line.quantity,
        revenue=line.revenue,
        gift_card=line.gift_card,
    )


def _extras(fact: StoredFact | ShopFact) -> int:
    if isinstance(fact, Payment):
        return int(fact.fee is not None)
    if isinstance(fact, VariantCategory):
        return bool(fact.product) + bool(fact.product_title)
    if not isinstance(fact, Order):
        return 0
    return sum(line.unit_cost is not None for line in fact.lines) + (fact.origin != NO_ORIGIN)


def _sent(fact: StoredFact | ShopFact) -> int:
    return int(not fact.unsent) if isinstance(fact, Order) else 0


def _progress(fact: StoredFact | ShopFact) -> int:
    if not isinstance(fact, Order):
        return 0
    if fact.deleted:
        return 9
    known = fact.financial_status in _PROGRESS
    return _PROGRESS.index(fact.financial_status) + (fact.cancelled_at is not None) if known else 0

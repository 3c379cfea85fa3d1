"""Sums of money in GraphQL nodes, in the words of a webhook's body."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

Body = dict[str, Any]
JsonNode = Mapping[str, Any]


def amount_of(bag: JsonNode | None) -> str | None:
    """Return the amount in the shop's currency."""
    return bag["shopMoney"]["amount"] if bag else None


def as_paid(bag: JsonNode) -> Body:
    """Return amount and currency as the buyer saw them, which is how a transaction's body says it."""
    money = bag["presentmentMoney"]
    return {"amount": money["amount"], "currency": money["currencyCode"]}


def total(amounts: Iterable[str | None]) -> str:
    """Add amounts of one currency."""
    return str(sum((Decimal(amount or 0) for amount in amounts), Decimal()))

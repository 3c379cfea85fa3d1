"""A store's past as orders' bodies: drawn from the model itself, so that there is something to fit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from nextorder.domain.facts import Order
from tests.unit.crowd_cases import a_crowd
from tests.unit.payloads import a_customer, a_line, a_refund, an_order, refunded

Body = dict[str, Any]
FIRST = 9_000_000_000
"""Ids from here on are nobody else's."""
EVERY = 20
"""Each so many orders one is refunded, and one is a guest's."""


def bodies(customers: int, until: datetime) -> Iterator[Body]:
    """Yield each order of so many customers as its webhook says it."""
    for orders in a_crowd(customers, until).values():
        for order in orders:
            yield _body(order)


def _body(order: Order) -> Body:
    number = FIRST + int(order.id)
    at = order.placed_at.astimezone(UTC).isoformat()
    line = a_line(number * 10, f"{order.total / 200:.2f}", 2)
    back = a_refund(refunded(line, 1, line["price"]), number=number, at=at, order_id=number)
    total = f"{2 * float(line['price']) + 5:.2f}"
    return an_order(
        line,
        total=total,
        id=number,
        admin_graphql_api_id=f"gid://shopify/Order/{number}",
        created_at=at,
        processed_at=at,
        updated_at=at,
        customer=None if number % EVERY == 1 else _customer(int(str(order.customer)), at),
        refunds=[back] if number % EVERY == 2 else [],
        fulfillment_status="fulfilled",
        buyer_accepts_marketing=False,
        shipping_lines=[{"id": number * 10 + 1, "price": "5.00", "title": "Post", "tax_lines": []}],
    )


def _customer(number: int, at: str) -> Body:
    number += FIRST
    return a_customer(
        id=number,
        admin_graphql_api_id=f"gid://shopify/Customer/{number}",
        email=f"{number}@example.com",
        updated_at=at,
    )

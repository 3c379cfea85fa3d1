"""A file of orders as facts: each row an order, each return taken off an earlier order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import pandas as pd

from nextorder.domain.facts import Order, OrderLine, Refund, RefundLine, StoredFact
from nextorder.domain.money import minor_digits
from nextorder.training.orders import NO, RETURN

UNTOLD_DISCOUNT: Final = 0.10
"""Of an order whose row says only that there was one."""

Histories = Mapping[str, list[tuple[datetime, StoredFact]]]


def facts_of(orders: pd.DataFrame, currency: str = "USD") -> Histories:
    """
    Return every customer's facts with their own times, rising.

    `orders` is as `read_order_file` gives it; of the optional columns, category and discount
    (an amount, or yes and no) are read. A return is taken off the latest earlier orders that
    have as much left; what finds none is left out.
    """
    found: dict[str, list[tuple[datetime, StoredFact]]] = defaultdict(list)
    told: dict[Any, list[dict[Any, Any]]] = defaultdict(list)
    minor = 10 ** minor_digits(currency)
    for row in orders.sort_values("timestamp", kind="stable").to_dict("records"):
        told[row["customer_id"]].append(row)
    for customer, rows in sorted(told.items()):
        left: list[tuple[Order, int]] = []
        for number, row in enumerate(rows):
            at = row["timestamp"].floor("s").to_pydatetime()
            if row["kind"] == RETURN:
                back = round(abs(row["amount"]) * minor)
                found[str(customer)] += [(at, fact) for fact in _refunds(back, left, at)]
            else:
                order = _order(row, f"{customer}-{number}", str(customer), at, currency)
                left.append((order, order.lines[0].revenue))
                found[str(customer)].append((at, order))
    return found


def _order(row: Mapping[Any, Any], name: str, customer: str, at: datetime, currency: str) -> Order:
    minor = 10 ** minor_digits(currency)
    revenue = round(row["amount"] * minor)
    discount = _discount(str(row.get("discount", "")).strip().lower(), revenue, minor)
    category = str(row.get("category", "")).strip() or "other"
    line = OrderLine(id=f"{name}-1", category=category, quantity=1, revenue=revenue)
    return Order(
        id=name,
        customer=customer,
        placed_at=at,
        updated_at=at,
        currency=currency,
        lines=(line,),
        total=revenue,
        discount=discount,
        subtotal=revenue + discount,
    )


def _discount(said: str, revenue: int, minor: int) -> int:
    if said in NO:
        return 0
    try:
        return round(float(said) * minor)
    except ValueError:
        return round(revenue * UNTOLD_DISCOUNT / (1 - UNTOLD_DISCOUNT))


def _refunds(wanted: int, left: list[tuple[Order, int]], at: datetime) -> Iterator[Refund]:
    for place in reversed(range(len(left))):
        order, rest = left[place]
        taken = min(wanted, rest)
        if taken > 0:
            left[place] = (order, rest - taken)
            wanted -= taken
            line = RefundLine(line=order.lines[0].id, quantity=0, revenue=taken)
            name = f"{order.id}-{at:%Y%m%d%H%M%S}-{rest}"
            yield Refund(id=name, order=order.id, placed_at=at, updated_at=at, lines=(line,), returned=True)

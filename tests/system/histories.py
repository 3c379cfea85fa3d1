"""What a customer lives through, and all that must not depend on how its webhooks came."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from nextorder.adapters.document import to_plain
from nextorder.domain.shop import Shop
from nextorder.use_cases.update_customer import Judge, next_state
from tests.fakes.signs import InMemoryForgotten
from tests.system.cloud import Cloud
from tests.system.people import (
    Json,
    Someone,
    Webhook,
    an_order_of,
    consent_of,
    metafields,
    properties,
    tags,
)
from tests.unit.payloads import a_line, a_refund, a_transaction, refunded

NOT_OF_THE_HISTORY = {"nextorder_scored_at"}


def a_history(person: Someone, base: int, moments: Sequence[str]) -> list[Webhook]:
    """Return a payment, a refund, a guest's order claimed later, one cancelled; ids from `base`."""
    placed, returned, again, guest, claimed, wrong, cancelled = moments
    line = a_line(base + 50, "40.00", 2)
    back = a_refund(refunded(line, 1, "40.00"), number=base + 60, at=returned, order_id=base + 1)
    first = an_order_of(person, 0, number=base + 1, at=placed, line_items=[line], total_price="85.00")
    late = an_order_of(None, 0, number=base + 3, at=guest)
    void = an_order_of(person, 0, number=base + 4, at=wrong)
    named = {"customer": person.body(updated_at=placed)}
    return [
        consent_of(person),
        ("orders/create", first | {"financial_status": "pending"}),
        ("orders/paid", first),
        ("order_transactions/create", a_transaction(base + 70, "85.00", order_id=base + 1)),
        ("refunds/create", back),
        ("orders/updated", first | {"refunds": [back], "updated_at": returned}),
        ("orders/create", an_order_of(person, 0, number=base + 2, at=again)),
        ("orders/create", late),
        ("orders/updated", late | named | {"updated_at": claimed}),
        ("orders/create", void),
        ("orders/cancelled", void | {"cancelled_at": cancelled, "updated_at": cancelled}),
    ]


def anonymous(person: Someone, base: int, value: Any) -> Any:
    """Return a value in which the customer and the orders have no ids of their own."""
    said = json.dumps(to_plain(value), sort_keys=True, default=str).replace(person.id, "customer")
    return json.loads(re.sub(r"\b5\d{12}\b", lambda found: f"id {int(found[0]) - base}", said))


def essence(cloud: Cloud, shop: Shop, person: Someone, base: int, as_of: datetime) -> Json:
    """Return all that must not depend on how the webhooks came."""
    record = cloud.customers.read(shop.id, person.id)
    assert record.state
    judge = Judge(customers=cloud.customers, shops=cloud.shops, forgotten=InMemoryForgotten())
    then = next_state(person.id, replace(record, state=None), shop=shop, judge=judge, as_of=as_of)
    assert then
    reached = replace(record.state.verdict, scores=None, scored_at=None)
    shown = {k: v for k, v in properties(cloud, person).items() if k not in NOT_OF_THE_HISTORY}
    whole = {
        "facts": sorted((fact.prefix, str(to_plain(fact))) for fact in record.facts),
        "verdict": reached,
        "due": record.state.due_at,
        "orders": record.state.orders,
        "verdict at the same moment": then.verdict,
        "tags": tags(cloud, person),
        "metafields": metafields(cloud, person),
        "properties": shown,
    }
    return {name: anonymous(person, base, value) for name, value in whole.items()}

"""The benchmarks' shop, its 20 KB order and customers with any number of them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.items import Item, customer_key, row
from nextorder.adapters.dynamodb.records import state_item
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.queues import Delivery
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.domain.changes import Accepted
from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, OrderLine, StoredFact, UnitCost, VariantCategory, sort_key
from nextorder.domain.features import MAX_ORDERS, compute_features
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.verdict import State
from nextorder.domain.verdicts import reach_verdict
from samples.payloads import history
from tests.bench.null_aws import SECRET
from tests.unit.shop_cases import CATALOGUE, MODEL, NUMBERS
from tests.unit.shop_cases import SHOP as CASE

SHOP = replace(CASE, applied=True, currency="GBP", numbers=replace(NUMBERS, model=MODEL.name))
AT = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
EVERY = timedelta(days=11, hours=5)
BYTES = 20_000


@cache
def payload() -> dict[str, Any]:
    """Return an order of the sample store, the one of its first thousand that is nearest to 20 KB."""
    bodies = (each for each in history(AT) if each.topic == "orders/create" and not each.payload["refunds"])
    nearest = min(islice(bodies, 1_000), key=lambda each: abs(len(each.body()) - BYTES))
    return dict(nearest.payload)


def body(customer: str, order: int = 1, at: datetime = AT) -> bytes:
    """Return that payload as an order of this customer, placed at a moment."""
    moments = dict.fromkeys(("created_at", "processed_at", "updated_at"), at.isoformat())
    who = {**payload()["customer"], **_ids("Customer", int(customer))}
    changed = {**payload(), **moments, **_ids("Order", order), "customer": who}
    return json.dumps(changed, separators=(",", ":")).encode()


def _ids(kind: str, number: int) -> dict[str, Any]:
    return {"id": number, "admin_graphql_api_id": f"gid://shopify/{kind}/{number}"}


def facts_of_order() -> tuple[Order, list[StoredFact]]:
    """Return what is kept of that payload: the order, and what else it says."""
    facts = read_payload("orders/create", json.loads(body("1")), AT, SHOP).facts
    [order] = [fact for fact in facts if isinstance(fact, Order)]
    return order, [fact for fact in facts if fact is not order]


def orders(count: int, lines: int | None = None) -> Iterator[Order]:
    """Yield orders of one customer, the last one now; every line has a cost."""
    model, _ = facts_of_order()
    for number in range(count):
        at = AT - (count - 1 - number) * EVERY
        yield replace(
            model,
            id=str(5_400_000_000_000 + number),
            placed_at=at,
            updated_at=at,
            lines=tuple(_costed(line) for line in model.lines[:lines]),
        )


def _costed(line: OrderLine) -> OrderLine:
    return replace(line, unit_cost=line.revenue // max(line.quantity, 1) // 2, category="Home Decor")


class _Recorder:
    """An empty table that takes what an adapter puts into it."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def put_item(self, **request: Any) -> None:
        self.items.append(request["Item"])

    def batch_get_item(self, **_: Any) -> dict[str, Any]:
        return {"Responses": {}}

    def transact_write_items(self, **request: Any) -> None:
        self.items += [action["Put"]["Item"] for action in request["TransactItems"]]


def shop_items() -> list[Item]:
    """Return what the table holds of the shop itself and of what that order's lines cost."""
    recorder: Any = _Recorder()
    shops = DynamoShops(recorder, "table", prior=lambda: MODEL)
    shops.save(SHOP)
    shops.save_model(SHOP.id, MODEL)
    long_ago = AT - timedelta(days=1_000)
    variants = {line.variant for line in facts_of_order()[0].lines if line.variant}
    goods = [
        VariantCategory(id=one, inventory_item=one, category="Home Decor", updated_at=long_ago)
        for one in variants
    ]
    costs = [UnitCost(id=one, updated_at=long_ago, unit_cost=250) for one in variants]
    DynamoAssortment(recorder, "table").store_all(SHOP.id, [*goods, *costs])
    return list(recorder.items)


def customer_items(customer: str, count: int, lines: int | None = None) -> Iterator[Item]:
    """Yield a customer's orders, the state as it was before the latest of them, and who knows the person."""
    pk = customer_key(SHOP.id, customer)
    held = list(orders(count if count <= MAX_ORDERS else 1, lines))
    features = compute_features(customer, held[:-1], SHOP, AT - EVERY)
    verdict, due_at = reach_verdict(features, SHOP, MODEL, as_of=AT - EVERY, catalogue=CATALOGUE)
    shown = fingerprint(verdict, CATALOGUE, SHOP)
    before = State(verdict=verdict, digest="before", shown=shown, version=7, due_at=due_at, orders=count)
    yield state_item(pk, SHOP.id, before, "log-key")
    recorder: Any = _Recorder()
    for destination in ("shopify", "klaviyo"):
        DynamoAccepted(recorder, "table").save(SHOP.id, customer, destination, Accepted(remote_id="P1"))
    yield from recorder.items
    for fact in (*held, *facts_of_order()[1]):
        yield row(pk, sort_key(fact), newest=version_of(fact), doc=fact_codec.encode(fact))


def delivery(customer: str, order: int) -> Delivery:
    """Return an order's first webhook as it lies on the queue."""
    text = body(customer, order).decode()
    return Delivery(topic="orders/create", shop=SHOP.id, body=text, triggered_at=AT.isoformat())


def request(raw: bytes, topic: str = "orders/create") -> dict[str, Any]:
    """Return a signed webhook as a Function URL's event."""
    signature = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": signature,
        "x-shopify-shop-domain": SHOP.id,
        "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "x-shopify-triggered-at": AT.isoformat(),
    }
    return {"version": "2.0", "headers": headers, "body": raw.decode(), "isBase64Encoded": False}

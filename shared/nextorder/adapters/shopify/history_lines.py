"""Files of JSON lines: webhooks as they came, and what a bulk operation gives."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.shopify.deliveries import payload_of, read_payload, triggered_at
from nextorder.adapters.shopify.history_slips import GOODS, HISTORY, Lines, Slip, refused
from nextorder.adapters.shopify.jsonl import join, root_of
from nextorder.adapters.shopify.node_money import JsonNode
from nextorder.adapters.shopify.read import TOPICS
from nextorder.adapters.shopify.refund_nodes import lacks_refund_lines
from nextorder.adapters.shopify.tellings import readings
from nextorder.domain.errors import BadPayload
from nextorder.domain.imports import Reject
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop

GID: Final = "gid://shopify/"
_ROOTS: Final = {"Order": HISTORY, "Customer": HISTORY, "Product": GOODS}
_GOODS_TOPICS: Final = ("products/", "inventory_items/")


@dataclass(slots=True)
class Webhooks:
    """Lines of {"topic": ..., "payload": {...}}."""

    path: Path
    notes: Counter[str] = field(default_factory=Counter)

    def slips(self) -> Iterator[Slip | Reject]:
        """Yield each line with its number before it."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _cut(number, line)

    def read(self, kind: str, lines: Lines, shop: Shop) -> Iterator[Reading | Reject]:
        """Read each line as the webhook that it was."""
        for numbered in lines(kind):
            number, _, line = numbered.partition(b" ")
            try:
                told = payload_of(line)
                at = triggered_at(str(told.get("triggered_at", "")))
                yield read_payload(told["topic"], told["payload"], at, shop)
            except BadPayload as error:
                yield refused(int(number), error, line)


@dataclass(slots=True)
class BulkLines:
    """The JSONL of a bulk operation over `bulk_orders`, BULK_CUSTOMERS or BULK_PRODUCTS."""

    path: Path
    with_refunds: Callable[[Iterable[JsonNode]], Iterable[JsonNode]]
    """Asks for the lines of refunds, which bulk operations leave out."""
    notes: Counter[str] = field(default_factory=Counter)

    def slips(self) -> Iterator[Slip | Reject]:
        """Yield each line by the order, customer or product that it belongs to."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    root = root_of(line)
                except BadPayload as error:
                    yield refused(number, error, line)
                    continue
                kind = _ROOTS.get(root.removeprefix(GID).partition("/")[0], HISTORY)
                yield Slip(kind, root, line if line.endswith(b"\n") else line + b"\n")

    def read(self, kind: str, lines: Lines, shop: Shop) -> Iterator[Reading | Reject]:
        """Join the lines of a part and read its nodes."""
        joined = join(lines(kind))
        yield from joined.rejects
        for node in self.with_refunds(joined.nodes):
            if lacks_refund_lines(node):
                self.notes["refunded orders taken net, since nobody said which lines came back"] += 1
            try:
                yield from readings(node, shop)
            except BadPayload as error:
                text = json.dumps(node, ensure_ascii=False)
                yield Reject(id=str(node["id"]), reason=str(error), text=text)


def _cut(number: int, line: bytes) -> Slip | Reject:
    try:
        told = payload_of(line)
    except BadPayload as error:
        return refused(number, error, line)
    if told.get("topic") not in TOPICS or not isinstance(told.get("payload"), dict):
        why = BadPayload('a line is {"topic": ..., "payload": {...}} with a topic that webhooks use')
        return refused(number, why, line)
    kind = GOODS if told["topic"].startswith(_GOODS_TOPICS) else HISTORY
    return Slip(kind, _whose(told["payload"]), b"%d %b\n" % (number, line.strip()))


def _whose(payload: Mapping[str, Any]) -> str:
    """Return what a body is about: the order where it names one, so that order and refunds meet."""
    order = payload.get("order")
    named = payload.get("order_id") or (order.get("id") if isinstance(order, Mapping) else None)
    own = payload.get("admin_graphql_api_id") or payload.get("id") or payload.get("customerId")
    return str(named or own).rpartition("/")[2]

"""Ask Shopify for orders as nodes, whole: every line, every refund, every line of a refund."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

from nextorder.adapters.shopify.node_money import JsonNode
from nextorder.adapters.shopify.patient_reader import Ask, Json, PatientReader
from nextorder.adapters.shopify.reading_documents import (
    IDS_PER_QUERY,
    MORE_LINES,
    MORE_REFUND_LINES,
    ORDERS,
    REFUNDED_PER_QUERY,
    REFUNDS,
)
from nextorder.adapters.shopify.refund_nodes import lacks_refund_lines

_MORE: Final = {"lineItems": MORE_LINES, "refundLineItems": MORE_REFUND_LINES}
"""Connections that may have further pages; an order has at most 500 lines."""

Item = TypeVar("Item")


class OrderNodes(PatientReader):
    """Reads orders by id, and the refunds of such as a bulk operation left half."""

    def whole(self, shop: str, orders: Sequence[str]) -> Iterator[Json]:
        """Yield orders by numeric id, as `nodes.order_body` takes them; who is gone is missing."""
        ask = self._asker(shop)
        for some in _in_batches([f"gid://shopify/Order/{order}" for order in orders], IDS_PER_QUERY):
            for node in ask(ORDERS, {"ids": some})["nodes"]:
                if node:
                    yield self._flat(node, ask)

    def with_refunds(self, shop: str, orders: Iterable[JsonNode]) -> Iterator[JsonNode]:
        """Yield orders of a bulk operation, those that lack lines of refunds with their refunds whole."""
        ask = self._asker(shop)
        lacking = []
        for node in orders:
            if lacks_refund_lines(node):
                lacking.append(node)
            else:
                yield node
        for some in _in_batches(lacking, REFUNDED_PER_QUERY):
            found = ask(REFUNDS, {"ids": [node["id"] for node in some]})["nodes"]
            for node, told in zip(some, found, strict=True):
                # an order that is gone by now stays as it was exported
                yield {**node, "refunds": self._flat(told, ask)["refunds"]} if told else node

    def _flat(self, node: JsonNode, ask: Ask) -> Json:
        """Turn connections into lists, with their further pages."""
        flat = dict(node)
        for key, value in node.items():
            if isinstance(value, Mapping) and "nodes" in value:
                flat[key] = [*self._all(node["id"], key, value, ask)]
            elif key == "refunds":
                flat[key] = [self._flat(refund, ask) for refund in value]
        return flat

    def _all(self, owner: str, key: str, page: JsonNode, ask: Ask) -> Iterator[Json]:
        yield from page["nodes"]
        while (page.get("pageInfo") or {}).get("hasNextPage"):
            after = page["pageInfo"]["endCursor"]
            page = (ask(_MORE[key], {"id": owner, "after": after})["node"] or {}).get(key) or {"nodes": []}
            yield from page["nodes"]


def _in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch

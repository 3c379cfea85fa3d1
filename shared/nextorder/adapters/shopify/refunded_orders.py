"""What a bulk operation cannot give of orders: their refunds, asked for in batches."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.reading_documents import MORE_REFUND_LINES, REFUNDED_PER_QUERY, REFUNDS

_CONNECTIONS: Final = ("refundLineItems", "refundShippingLines", "orderAdjustments", "transactions")

Json = dict[str, Any]


class RefundedOrders:
    """Completes order nodes; waits as long as `patience` says while Shopify throttles."""

    def __init__(self, client: ShopifyClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def completed(self, shop: str, nodes: Sequence[Json]) -> Sequence[Json]:
        """
        Return the nodes, orders with their refunds' lines.

        An order that is gone meanwhile stays as it is: its tombstone is newer.
        """
        wanted = [node["id"] for node in nodes if node.get("refunds")]
        found: dict[str, Sequence[Json]] = {}
        for start in range(0, len(wanted), REFUNDED_PER_QUERY):
            ids = wanted[start : start + REFUNDED_PER_QUERY]
            for order in self._ask(shop, REFUNDS, ids=ids)["nodes"]:
                if order:
                    found[order["id"]] = [self._plain(shop, refund) for refund in order["refunds"]]
        return [node | {"refunds": found[node["id"]]} if node["id"] in found else node for node in nodes]

    def _plain(self, shop: str, refund: Json) -> Json:
        """Return a refund whose connections are lists of nodes, to the last line."""
        lists = {name: list(refund[name]["nodes"]) for name in _CONNECTIONS}
        lists["refundLineItems"] += self._more_lines(shop, refund)
        return refund | lists

    def _more_lines(self, shop: str, refund: Json) -> Iterator[Json]:
        page = refund["refundLineItems"]["pageInfo"]
        while page["hasNextPage"]:
            answer = self._ask(shop, MORE_REFUND_LINES, id=refund["id"], after=page["endCursor"])
            more: Mapping[str, Any] = answer["node"]["refundLineItems"]
            yield from more["nodes"]
            page = more["pageInfo"]

    def _ask(self, shop: str, document: str, **variables: Any) -> Json:
        return self._patience.ask(lambda: self._client.execute(shop, document, variables))

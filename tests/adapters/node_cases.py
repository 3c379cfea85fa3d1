"""A shop that holds the bodies of webhooks, asked for the same in GraphQL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.adapters.shopify.read import read
from nextorder.adapters.shopify.tellings import readings
from nextorder.domain.facts import Payment, StoredFact
from nextorder.domain.shop import Shop
from tests.fakes.shopify import execution
from tests.fakes.shopify.store import Store

Body = Mapping[str, Any]
DOMAIN = "a.myshopify.com"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCOPES = frozenset({"read_all_orders", "read_customers", "read_inventory", "read_orders", "read_products"})


class AskedShop:
    """Executes documents against the official schema on a store in memory, as ShopifyClient does."""

    def __init__(self, *bodies: Body, kind: str = "Order", currency: str = "EUR") -> None:
        self.documents: list[str] = []
        self.store = Store(
            shop=DOMAIN,
            timezone="Europe/Stockholm",
            currency=currency,
            now=NOW.timestamp(),
            scopes=SCOPES | {"read_returns"},
        )
        for body in bodies:
            self.store.add(kind, body)

    def execute(
        self, _shop: str, document: str, variables: Mapping[str, Any], **_points: int
    ) -> dict[str, Any]:
        """Return the document's data."""
        self.documents.append(document)
        prepared = execution.prepare(document)
        assert not prepared.errors
        assert not execution.denied(prepared, self.store.scopes)
        answer = execution.run(prepared, self.store, dict(variables), None)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def whole(self, *orders: str) -> list[dict[str, Any]]:
        """Return orders' nodes by number."""
        return list(OrderNodes(self).whole(DOMAIN, orders))  # type: ignore[arg-type]


def asked(order: Body, currency: str = "EUR") -> dict[str, Any]:
    """Return an order's node, whole."""
    shop = AskedShop(order, currency=currency)
    number = str(order.get("admin_graphql_api_id") or order["id"]).rpartition("/")[2]
    [node] = shop.whole(number)
    return node


def from_node(node: Body, currency: str = "EUR") -> set[StoredFact]:
    """Return what a node says, but payments: an order's webhook has none."""
    shop = Shop(id=DOMAIN, timezone="Europe/Stockholm", currency=currency)
    told = [fact for reading in readings(node, shop) for fact in reading.facts]
    return {fact for fact in told if not isinstance(fact, Payment)}


def from_webhook(body: Body, currency: str = "EUR") -> set[StoredFact]:
    """Return what an order's webhook says."""
    return set(read("orders/updated", body, triggered_at=NOW, currency=currency).facts)


def payments_in(node: Body) -> list[Payment]:
    """Return the payments that a node tells of."""
    shop = Shop(id=DOMAIN, timezone="Europe/Stockholm", currency="EUR")
    told = [fact for reading in readings(node, shop) for fact in reading.facts]
    return [fact for fact in told if isinstance(fact, Payment)]

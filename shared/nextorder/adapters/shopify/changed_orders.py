"""What changed in a Shopify shop, page by page, and its way onto the queue of facts."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.patience import Patience
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.changed_goods import Ask, changed_goods, changed_within
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.adapters.shopify.fees import gid_number
from nextorder.adapters.shopify.inbox import pass_on
from nextorder.adapters.shopify.node_money import JsonNode
from nextorder.adapters.shopify.nodes import standing_of
from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.adapters.shopify.reading_documents import CHANGED_CUSTOMERS, CHANGED_ORDERS, CHANGED_PER_PAGE
from nextorder.adapters.shopify.receive import Request
from nextorder.adapters.shopify.tellings import Telling, of_customer, of_order
from nextorder.domain.facts import Consent, Order, OrderCount, SignUp
from nextorder.domain.reconciliation import ChangedOrder, Page, Told, ToldGoods
from nextorder.domain.shop import Shop

PATIENCE_SECONDS: Final = 120.0
"""The longest that one page, or what is lacking of one, waits while Shopify throttles."""
WEBHOOK_ID: Final = "reconcile"
"""In place of Shopify's own: a dead letter says by it where it came from."""
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChangedInShopify:
    """
    ports.Upstream.

    What is lacking goes onto the queue of facts in the form of its webhook, so that it is read
    and written by the same code in the same place, and is dated by the shop's own clock: a webhook
    that comes later still wins or loses by that alone.
    """

    client: ShopifyClient
    queue: Queue
    bodies: Bodies
    sleep: Callable[[float], None] = field(default=time.sleep)
    patience_seconds: float = PATIENCE_SECONDS

    def changed_orders(
        self, shop: str, *, since: datetime, until: datetime, after: str
    ) -> Page[ChangedOrder]:
        """Return the orders that changed between two moments, without what is in them."""
        page = self._page(shop, CHANGED_ORDERS, changed_within(since, until), after)["orders"]
        # an order that moves on while pages are read is on a later one, too
        found = {node["id"]: _changed_order(node) for node in page["nodes"]}
        return Page(list(found.values()), _next(page))

    def changed_customers(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[Told]:
        """
        Return what is to be said of the customers who changed between two moments.

        NOTE: the filter of customers counts in whole days, of a time zone that nobody names: it is
        asked for a day more at both ends.
        """
        first, last = (day.astimezone(UTC).date() for day in (since - _A_DAY, until + _A_DAY))
        search = f"updated_at:>='{first}' AND updated_at:<='{last}'"
        page = self._page(shop.id, CHANGED_CUSTOMERS, search, after)["customers"]
        changed = [
            node for node in page["nodes"] if since <= datetime.fromisoformat(node["updatedAt"]) <= until
        ]
        return Page([told for node in changed for told in _told(node, shop)], _next(page))

    def changed_goods(self, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[ToldGoods]:
        """Return what is to be said of the products and costs that changed between two moments."""
        return changed_goods(self._asker(shop.id), shop, since=since, until=until, after=after)

    def deliver_orders(self, shop: str, orders: Sequence[str]) -> None:
        """Put orders on the queue whole, each followed by its payments; who is gone by now is left out."""
        whole = OrderNodes(self.client, sleep=self.sleep, patience_seconds=self.patience_seconds)
        for node in whole.whole(shop, orders):
            at = datetime.fromisoformat(node["updatedAt"])
            paid = node | {"transactions": list(_that_moved_money(node["transactions"]))}
            for telling in of_order(paid):
                self._put(shop, telling, at)

    def deliver(self, shop: str, told: Sequence[Told | ToldGoods]) -> None:
        """Put on the queue what a page has told of customers or goods."""
        for one in told:
            self._put(shop, one.delivery, one.at)

    def _page(self, shop: str, document: str, search: str, after: str) -> JsonNode:
        variables = {"first": CHANGED_PER_PAGE, "after": after or None, "query": search}
        return self._asker(shop)(document, variables)

    def _asker(self, shop: str) -> Ask:
        """Return what asks the shop, with the patience of one page."""
        patience = Patience(self.sleep, seconds=self.patience_seconds)
        return lambda document, variables: patience.ask(
            partial(self.client.execute, shop, document, variables)
        )

    def _put(self, shop: str, telling: Telling, at: datetime) -> None:
        headers = {
            "x-shopify-topic": telling.topic,
            "x-shopify-shop-domain": shop,
            "x-shopify-webhook-id": WEBHOOK_ID,
            "x-shopify-triggered-at": (telling.at or at).isoformat(),
        }
        raw = json.dumps(telling.body, separators=(",", ":")).encode()
        pass_on(Request(raw, headers), self.queue, self.bodies)


def _changed_order(node: JsonNode) -> ChangedOrder:
    standing, at = standing_of(node), datetime.fromisoformat(node["updatedAt"])
    listed = Order(
        id=gid_number(node["id"]),
        customer=None,
        placed_at=at,
        updated_at=at,
        currency="",
        financial_status=standing["financial_status"],
        unsent=not standing["fulfillment_status"],
        # that it is, decides; when, says the order itself
        cancelled_at=at if standing["cancelled_at"] else None,
    )
    payments = tuple(gid_number(one["id"]) for one in _that_moved_money(node["transactions"]))
    return ChangedOrder(listed=listed, payments=payments)


def _that_moved_money(transactions: Iterable[JsonNode]) -> Iterator[JsonNode]:
    """Yield the transactions that make a fact: the reader only notes the others."""
    return (one for one in transactions if one["status"] == "SUCCESS" and not one["test"])


def _told(node: JsonNode, shop: Shop) -> Iterator[Told]:
    """Read what a customer's node tells as its webhooks would be read."""
    for telling in of_customer(node):
        for fact in read_payload(telling.topic, telling.body, telling.at, shop).facts:
            if isinstance(fact, SignUp | Consent | OrderCount):
                yield Told(customer=fact.customer, fact=fact, delivery=telling)


def _next(page: JsonNode) -> str:
    info = page["pageInfo"]
    return str(info["endCursor"]) if info["hasNextPage"] else ""

"""What changed of a shop's goods: products with their variants, then what inventory items cost."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from nextorder.adapters.shopify import nodes
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.adapters.shopify.node_money import JsonNode
from nextorder.adapters.shopify.reading_documents import (
    CHANGED_ITEMS,
    CHANGED_PER_PAGE,
    CHANGED_PRODUCTS,
    MORE_VARIANTS,
    PRODUCTS_PER_PAGE,
)
from nextorder.adapters.shopify.tellings import Telling
from nextorder.domain.reconciliation import Page, ToldGoods
from nextorder.domain.shop import Shop

Ask = Callable[[str, JsonNode], JsonNode]
"""Sends a document with its variables."""
_ITEMS: Final = "items"
"""How the word for a page begins once the products are through."""


def changed_goods(ask: Ask, shop: Shop, *, since: datetime, until: datetime, after: str) -> Page[ToldGoods]:
    """
    Return a page of what is to be said of the goods that changed between two moments.

    Both are listed, since a cost may change without its product, and a category without its items.
    """
    # NOTE: Shopify passes over a filter that it does not take, so what it finds is looked at again
    search = changed_within(since, until)
    kind, _, cursor = after.partition(" ")
    if kind == _ITEMS:
        variables = {"first": CHANGED_PER_PAGE, "after": cursor or None, "query": search}
        page, then = ask(CHANGED_ITEMS, variables)["inventoryItems"], ""
    else:
        variables = {"first": PRODUCTS_PER_PAGE, "after": cursor or None, "query": search}
        page, then = ask(CHANGED_PRODUCTS, variables)["products"], _ITEMS
    changed = [node for node in page["nodes"] if since <= datetime.fromisoformat(node["updatedAt"]) <= until]
    tellings = (_item(node) if kind == _ITEMS else _product(node, ask) for node in changed)
    told = [_told(telling, shop) for telling in tellings]
    info = page["pageInfo"]
    more = f"{kind or 'products'} {info['endCursor']}" if info["hasNextPage"] else then
    return Page([one for one in told if one.facts], more)


def changed_within(since: datetime, until: datetime) -> str:
    """Search for what changed between two moments, in whole seconds as Shopify counts."""
    first, last = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in (since, until))
    return f"updated_at:>='{first}' AND updated_at:<='{last}'"


def _told(telling: Telling, shop: Shop) -> ToldGoods:
    read = read_payload(telling.topic, telling.body, telling.at, shop)
    return ToldGoods(facts=read.shop_facts, delivery=telling)


def _item(node: JsonNode) -> Telling:
    return Telling("inventory_items/update", nodes.inventory_body(node))


def _product(node: JsonNode, ask: Ask) -> Telling:
    return Telling("products/update", nodes.product_body({**node, "variants": list(_variants(node, ask))}))


def _variants(node: JsonNode, ask: Ask) -> Iterator[JsonNode]:
    page = node["variants"]
    yield from cast("Sequence[Any]", page["nodes"])
    while page["pageInfo"]["hasNextPage"]:
        variables = {"id": node["id"], "after": page["pageInfo"]["endCursor"]}
        found = ask(MORE_VARIANTS, variables)["node"]
        if not found:
            return
        page = found["variants"]
        yield from page["nodes"]

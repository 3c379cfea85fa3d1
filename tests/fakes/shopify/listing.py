"""Root fields that read resources: by id, by ids, in sorted and searched pages, and counted."""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.errors import check_array
from tests.fakes.shopify.ids import kind_of
from tests.fakes.shopify.paging import Listing, View, last_value
from tests.fakes.shopify.search import made_within, named, reader
from tests.fakes.shopify.store import Info, Resource, Store
from tests.fakes.shopify.views import hidden, look, view

Root = Callable[..., Any]

RANKS: Mapping[str, Callable[[Resource], float]] = {
    "CREATED_AT": lambda one: one.created_at,
    "ID": lambda one: one.number,
    "PROCESSED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
}
SAME_SECOND = 1000
"""More than any source makes in a second: pages go on within one."""
DEFAULT_ORDER = {"Order": "PROCESSED_AT"}


def _expecting(kind: str) -> Root:
    def by_id(_: None, info: Info, *, id: str) -> View | None:  # noqa: A002 - theirs
        if kind_of(id) != kind:
            raise GraphQLError(
                f"Invalid global id '{id}'", extensions={"code": "argumentLiteralsIncompatible"}
            )
        return view(info.context, id)

    return by_id


def _node(_: None, info: Info, *, id: str) -> View | None:  # noqa: A002 - theirs
    return view(info.context, id)


def _nodes(_: None, info: Info, *, ids: list[str]) -> list[View | None]:
    check_array(ids)
    return [view(info.context, id_) for id_ in ids]


def found(store: Store, kind: str, query: str | None, since: float = -math.inf) -> Iterator[Resource]:
    """Yield what a search finds and the scopes let see, by id; of a source, only what was made since."""
    numbers = named(query)
    if numbers is not None and kind not in store.sources:
        kept = (store.resources.get(f"gid://shopify/{kind}/{number}") for number in numbers)
        yield from (one for one in kept if one and one.id not in store.unindexed and not hidden(store, one))
        return
    is_meant = reader(query) if query else None
    first, until = made_within(query)
    for one in store.of_kind(kind, max(first, since), until):
        if (is_meant is None or is_meant(one)) and not hidden(store, one):
            yield one


def _pages_of(kind: str) -> Root:
    def pages(_: None, info: Info, *, query: str | None = None, sortKey: str = "", **page: Any) -> View:  # noqa: N803
        store: Store = info.context
        name = sortKey or DEFAULT_ORDER.get(kind, "ID")
        listing = Listing(RANKS.get(name, RANKS["ID"]), lambda one: look(store, one))
        return listing.page(_candidates(store, kind, query, name, page), page)

    return pages


def _candidates(
    store: Store, kind: str, query: str | None, name: str, page: Mapping[str, Any]
) -> list[Resource]:
    """Return all that may be on a page; a source comes in the order of time and is not read to its end."""
    if kind not in store.sources or name == "UPDATED_AT" or page.get("reverse"):
        return list(found(store, kind, query))
    since = last_value(page["after"]) if page.get("after") and name != "ID" else -math.inf
    return list(islice(found(store, kind, query, since), page.get("first", 0) + SAME_SECOND))


def _count_of(kind: str) -> Root:
    def count(_: None, info: Info, *, query: str | None = None, limit: int | None = 10_000) -> View:
        store: Store = info.context
        sees_all = not query and (kind != "Order" or "read_all_orders" in store.scopes)
        number = store.count(kind) if sees_all else sum(1 for _ in found(store, kind, query))
        # NOTE: without `limit` Shopify counts to 10,000 and says AT_LEAST; with null it counts to the end.
        if limit is not None and number > limit:
            return {"count": limit, "precision": "AT_LEAST"}
        return {"count": number, "precision": "EXACT"}

    return count


KINDS = {
    "customer": "Customer",
    "inventoryItem": "InventoryItem",
    "order": "Order",
    "product": "Product",
    "productVariant": "ProductVariant",
}
QUERIES: dict[str, Root] = {
    "node": _node,
    "nodes": _nodes,
    "refund": _expecting("Refund"),
    "customersCount": _count_of("Customer"),
    "ordersCount": _count_of("Order"),
    "productVariantsCount": _count_of("ProductVariant"),
    **{name: _expecting(kind) for name, kind in KINDS.items()},
    **{f"{name}s": _pages_of(kind) for name, kind in KINDS.items()},
}

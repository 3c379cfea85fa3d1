"""What the fake store holds: resources with tags and metafields, and what the app made there."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import GraphQLResolveInfo

from tests.fakes.shopify.bulk import Bulk
from tests.fakes.shopify.ids import GID, gid, id_of, kind_of, number_of, seconds

TAG_LIMITS = {"Customer": 255, "Order": 40, "Product": 255}
"""Kinds that carry tags here, with the longest tag of each."""


@dataclass(slots=True)
class Metafield:
    """One metafield; `value` is as Shopify keeps it."""

    number: int
    namespace: str
    key: str
    type: str
    value: str
    created_at: float
    updated_at: float


@dataclass(slots=True)
class Resource:
    """A customer, an order or a product; `given` is its REST-shaped body."""

    id: str
    tags: list[str] = field(default_factory=list)
    metafields: dict[tuple[str, str], Metafield] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    created_at: float = 0.0
    updated_at: float = 0.0

    @property
    def kind(self) -> str:
        """`Customer`, `Order` or `Product`."""
        return kind_of(self.id)

    @property
    def number(self) -> int:
        """The number of its id."""
        return int(number_of(self.id))


class Source(Protocol):
    """Bodies of one kind that are written when they are asked for, in the order of their ids."""

    def within(self, since: float, until: float) -> Iterator[Mapping[str, Any]]:
        """Yield those that were made within a time."""

    def __len__(self) -> int:
        """Return how many there are."""

    def get(self, number: int) -> Mapping[str, Any] | None:
        """Return one."""


@dataclass(slots=True)
class Store:
    """One store's data."""

    shop: str
    timezone: str
    currency: str
    now: float
    """Moved on by the server before each request."""
    scopes: frozenset[str] = frozenset()
    app_number: str = ""
    storefront: str = "www.example.com"
    """Shopify's number of the app, which partner event sources carry; empty = any."""
    base_url: str = ""
    """Where the request came to: files are offered there."""
    shop_id: str = f"{GID}Shop/1"
    resources: dict[str, Resource] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    """By kind: what is too much to be kept; a resource of the same id stands before it."""
    spellings: dict[str, str] = field(default_factory=dict)
    """Tags of customers in lower case -> as the shop spells them: as they were first written."""
    unindexed: set[str] = field(default_factory=set)
    """Ids that a search by id does not find yet."""
    definitions: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """By owner type, namespace and key."""
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    segments: dict[str, dict[str, Any]] = field(default_factory=dict)
    bulk: Bulk = field(default_factory=Bulk)
    news: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Topics and bodies of what the app's own requests caused, until the deliverer announces it."""
    last_number: int = 45_000_000_000_000
    _sorted: dict[str, list[Resource]] = field(default_factory=dict)
    _orders: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.resources[self.shop_id] = Resource(self.shop_id)

    def next_number(self) -> int:
        """Return an id no one has."""
        self.last_number += 1
        return self.last_number

    def touch(self, resource: Resource) -> None:
        """Mark the resource as changed now."""
        resource.updated_at = self.now

    def find(self, id_: str) -> Resource | None:
        """Return one resource to be changed; one of a source is kept from then on."""
        if id_ not in self.resources and (found := self.read(id_)):
            self.add(found.kind, found.given)
        return self.resources.get(id_)

    def read(self, id_: str) -> Resource | None:
        """Return one resource to be looked at."""
        if found := self.resources.get(id_):
            return found
        source = self.sources.get(kind_of(id_))
        given = source.get(int(number_of(id_))) if source and number_of(id_).isdigit() else None
        return self._resource(id_, given) if given else None

    def count(self, kind: str) -> int:
        """Return how many there are of a kind."""
        source, kept = self.sources.get(kind), self._kept(kind)
        if source is None:
            return len(kept)
        return len(source) + sum(source.get(one.number) is None for one in kept)

    def of_kind(self, kind: str, since: float = -math.inf, until: float = math.inf) -> Iterator[Resource]:
        """
        Yield all of a kind in the order of their ids; those of a source come first.

        A source is only asked for what was made within the time; what is kept comes whole.
        """
        source = self.sources.get(kind)
        for given in source.within(since, until) if source else ():
            id_ = id_of(kind, given)
            if id_ not in self.resources:
                yield self._resource(id_, given)
        yield from self._kept(kind)

    def orders_of(self, customer: str) -> list[Resource]:
        """Return a customer's kept orders by id."""
        if not self._orders:
            for order in self._kept("Order"):
                self._orders.setdefault(customer_of(order.given), []).append(order.id)
        return [self.resources[id_] for id_ in self._orders.get(customer, ()) if id_ in self.resources]

    def add(self, kind: str, given: Mapping[str, Any]) -> None:
        """Put one resource in, replacing one of the same id, and what its body holds within."""
        self._put(kind, given)
        for inner_kind, inner in within(kind, given):
            is_thin = inner_kind == "Customer" or (inner_kind == "InventoryItem" and inner["cost"] is None)
            if not is_thin or self.find(id_of(inner_kind, inner)) is None:
                self._put(inner_kind, inner)
        self._sorted.clear()
        self._orders.clear()

    def _put(self, kind: str, given: Mapping[str, Any]) -> None:
        """A later body that is silent of tags or metafields leaves them as they are."""
        resource = self._resource(id_of(kind, given), given)
        if present := self.resources.get(resource.id):
            resource.tags = resource.tags if "tags" in given else present.tags
            resource.metafields = resource.metafields if "metafields" in given else present.metafields
        self.resources[resource.id] = resource
        if kind == "Customer":
            for tag in resource.tags:
                self.spellings.setdefault(tag.lower(), tag)

    def remove(self, id_: str) -> bool:
        """Take one resource out; tell whether it was there."""
        self._sorted.clear()
        self._orders.clear()
        return self.resources.pop(id_, None) is not None

    def _kept(self, kind: str) -> list[Resource]:
        if kind not in self._sorted:
            found = [resource for resource in self.resources.values() if resource.kind == kind]
            self._sorted[kind] = sorted(found, key=lambda resource: resource.number)
        return self._sorted[kind]

    def _resource(self, id_: str, given: Mapping[str, Any]) -> Resource:
        created_at = seconds(given.get("created_at"), self.now)
        kept = {(one["namespace"], one["key"]): self._metafield(one) for one in given.get("metafields", ())}
        return Resource(
            id_,
            sorted(tags_of(given.get("tags") or ()), key=str.lower),
            kept,
            given,
            created_at,
            seconds(given.get("updated_at"), created_at),
        )

    def _metafield(self, given: Mapping[str, Any]) -> Metafield:
        place = (given["namespace"], given["key"])
        return Metafield(self.next_number(), *place, given["type"], given["value"], self.now, self.now)


def tags_of(given: str | Iterable[str]) -> list[str]:
    """Return tags that REST writes in one string, GraphQL as a list."""
    return [tag.strip() for tag in given.split(",") if tag.strip()] if isinstance(given, str) else list(given)


def customer_of(order: Mapping[str, Any]) -> str:
    """Return the global id of an order's customer, given whole or by number; "" without one."""
    customer = order.get("customer")
    if isinstance(customer, Mapping):
        return id_of("Customer", customer)
    return gid("Customer", customer) if customer else ""


def within(kind: str, given: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what a body holds of other kinds; a customer within is only added where none is known."""
    if kind == "Order":
        if isinstance(given.get("customer"), Mapping):
            yield "Customer", given["customer"]
        for refund in given.get("refunds") or ():
            yield "Refund", {"order_id": given["id"]} | refund
    times = {key: given[key] for key in ("created_at", "updated_at") if given.get(key)}
    for variant in (given.get("variants") or ()) if kind == "Product" else ():
        yield "ProductVariant", times | {"product_id": given["id"]} | variant
        if item := variant.get("inventory_item_id"):
            yield (
                "InventoryItem",
                times | {"id": item, "sku": variant.get("sku"), "cost": variant.get("cost")},
            )


Info = GraphQLResolveInfo[Store]


def snapshot(store: Store) -> dict[str, Any]:
    """
    Return everything as plain data, by the number of its id.

    It is all that an uninstall has to give back, and nothing that a write and its undoing
    leave changed (updated_at), so that two snapshots can be compared byte for byte.
    """
    kinds = {"customers": "Customer", "orders": "Order", "products": "Product", "shop": "Shop"}
    held = {
        key: {number_of(one.id): _plain(one) for one in store._kept(kind)}  # noqa: SLF001 - its own module
        for key, kind in kinds.items()
    }
    return held | {
        "webhook_subscriptions": list(store.subscriptions.values()),
        "metafield_definitions": list(store.definitions.values()),
        "segments": list(store.segments.values()),
    }


def _plain(resource: Resource) -> dict[str, Any]:
    metafields = {
        f"{one.namespace}.{one.key}": {"type": one.type, "value": one.value}
        for one in sorted(resource.metafields.values(), key=lambda one: (one.namespace, one.key))
    }
    return {
        "email": resource.given.get("email"),
        "phone": resource.given.get("phone"),
        "tags": resource.tags,
        "metafields": metafields,
    }

"""What the fake store holds: customers, orders and products with tags and metafields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLResolveInfo

GID = "gid://shopify/"
TAG_LIMITS = {"Customer": 255, "Order": 40, "Product": 255}
"""Kinds that carry tags here, with the longest tag of each."""


def gid(kind: str, number: object) -> str:
    """Return the global id; a global id stays as it is."""
    text = str(number)
    return text if text.startswith(GID) else f"{GID}{kind}/{text}"


def kind_of(global_id: str) -> str:
    """Return `Customer` for gid://shopify/Customer/1, "" for what is no global id."""
    parts = global_id.removeprefix(GID).split("/")
    return parts[0] if global_id.startswith(GID) and len(parts) == 2 else ""


def number_of(global_id: str) -> str:
    """Return the number at the end."""
    return global_id.rsplit("/", 1)[-1]


def moment(seconds: float) -> str:
    """Return Shopify's DateTime."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    """A customer, an order or a product; `given` is what the seed said of it."""

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


@dataclass(slots=True)
class Store:
    """One store's data."""

    shop: str
    timezone: str
    currency: str
    now: float
    """Moved on by the server before each request."""
    scopes: frozenset[str] = frozenset()
    shop_id: str = f"{GID}Shop/1"
    resources: dict[str, Resource] = field(default_factory=dict)
    definitions: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """By owner type, namespace and key."""
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_number: int = 45_000_000_000_000

    def next_number(self) -> int:
        """Return an id no one has."""
        self.last_number += 1
        return self.last_number

    def touch(self, resource: Resource) -> None:
        """Mark the resource as changed now."""
        resource.updated_at = self.now

    def of_kind(self, kind: str) -> Iterator[Resource]:
        """Yield all of a kind in the order of their ids."""
        found = (resource for resource in self.resources.values() if resource.kind == kind)
        return iter(sorted(found, key=lambda resource: int(number_of(resource.id))))

    def add(self, kind: str, given: Mapping[str, Any]) -> None:
        """Put one resource in, replacing one of the same id."""
        id_ = gid(kind, given["id"])
        created_at = (
            datetime.fromisoformat(given["created_at"]).timestamp() if "created_at" in given else self.now
        )
        tags = sorted(given.get("tags", ()), key=str.lower)
        kept = {(one["namespace"], one["key"]): self._metafield(one) for one in given.get("metafields", ())}
        self.resources[id_] = Resource(id_, tags, kept, given, created_at, created_at)

    def _metafield(self, given: Mapping[str, Any]) -> Metafield:
        place = (given["namespace"], given["key"])
        return Metafield(self.next_number(), *place, given["type"], given["value"], self.now, self.now)


Info = GraphQLResolveInfo[Store]


def snapshot(store: Store) -> dict[str, Any]:
    """Return everything as plain data, customers by the number of their id."""
    return {
        "customers": {number_of(one.id): _plain(one) for one in store.of_kind("Customer")},
        "orders": {number_of(one.id): _plain(one) for one in store.of_kind("Order")},
        "webhook_subscriptions": list(store.subscriptions.values()),
        "metafield_definitions": list(store.definitions.values()),
    }


def _plain(resource: Resource) -> dict[str, Any]:
    metafields = {
        f"{one.namespace}.{one.key}": {"type": one.type, "value": one.value}
        for one in resource.metafields.values()
    }
    return {
        "email": resource.given.get("email"),
        "phone": resource.given.get("phone"),
        "tags": resource.tags,
        "metafields": metafields,
    }

"""How resources look to a GraphQL query: mappings whose keys are the schema's fields."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.fakes.shopify.goods_looks import INVENTORY_ITEM, PRODUCT, VARIANT
from tests.fakes.shopify.ids import gid, moment, number_of
from tests.fakes.shopify.looks import Field, Look, Part
from tests.fakes.shopify.metafield_values import as_json
from tests.fakes.shopify.metafields import digest, namespace_of
from tests.fakes.shopify.order_looks import ORDER
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.people_looks import CUSTOMER
from tests.fakes.shopify.refund_looks import ORDER_MONEY, REFUND
from tests.fakes.shopify.store import Info, Metafield, Resource, Store

ORDERS_SEEN = timedelta(days=60)
"""How far back read_orders alone can see."""


def view(store: Store, id_: str) -> View | None:
    """Return the resource as a query sees it, None where there is none."""
    if id_ in store.segments:
        return store.segments[id_]
    resource = store.read(id_)
    return None if resource is None or hidden(store, resource) else look(store, resource)


def view_or_bare(store: Store, id_: str) -> View:
    """Return the resource; one that was never seeded still has its id."""
    resource = store.read(id_) or Resource(id_, given={"id": number_of(id_)})
    return look(store, resource)


def look(store: Store, resource: Resource) -> View:
    """Return how a resource looks, hidden or not."""
    kind = resource.kind
    return Look(kind, LOOKS[kind], Part(store, resource.given, _whole(store, resource), resource))


def hidden(store: Store, resource: Resource) -> bool:
    """Tell whether an order is older than the scopes let see; by then so are its refunds."""
    if resource.kind == "Refund":
        order = store.read(gid("Order", resource.given["order_id"]))
        return order is None or hidden(store, order)
    is_old = store.now - resource.created_at > ORDERS_SEEN.total_seconds()
    return resource.kind == "Order" and is_old and "read_all_orders" not in store.scopes


def _whole(store: Store, resource: Resource) -> Mapping[str, Any]:
    if resource.kind != "Refund":
        return resource.given
    order = store.read(gid("Order", resource.given["order_id"]))
    return order.given if order else resource.given


def _resource(part: Part) -> Resource:
    assert part.resource
    return part.resource


COMMON: Mapping[str, Field] = {
    "id": lambda part: _resource(part).id,
    "legacyResourceId": lambda part: number_of(_resource(part).id),
    "tags": lambda part: _resource(part).tags,
    "createdAt": lambda part: moment(_resource(part).created_at),
    "updatedAt": lambda part: moment(_resource(part).updated_at),
    "metafield": lambda part: metafields_of(part.store, _resource(part))["metafield"],
    "metafields": lambda part: metafields_of(part.store, _resource(part))["metafields"],
}
LOOKS: Mapping[str, Mapping[str, Field]] = {
    "Customer": {**COMMON, **CUSTOMER},
    "Order": {**COMMON, **ORDER, **ORDER_MONEY},
    "Product": {**COMMON, **PRODUCT},
    "ProductVariant": {**COMMON, **VARIANT},
    "InventoryItem": {**COMMON, **INVENTORY_ITEM},
    "Refund": REFUND,
}


def metafields_of(store: Store, resource: Resource) -> View:
    """Return the two fields of HasMetafields."""

    def one(_info: Info, *, key: str, namespace: str | None = None) -> View | None:
        found = resource.metafields.get((namespace_of({"namespace": namespace}), key))
        return metafield_view(store, resource, found) if found else None

    def many(
        _info: Info, *, namespace: str | None = None, keys: list[str] | None = None, **page: Any
    ) -> View:
        found = [
            metafield_view(store, resource, each)
            for each in resource.metafields.values()
            if namespace in (None, each.namespace)
            and (keys is None or f"{each.namespace}.{each.key}" in keys)
        ]
        return connection(found, page)

    return {"metafield": one, "metafields": many}


def metafield_view(store: Store, owner: Resource, metafield: Metafield) -> View:
    """Return one metafield."""
    return {
        "__typename": "Metafield",
        "id": f"gid://shopify/Metafield/{metafield.number}",
        "legacyResourceId": str(metafield.number),
        "namespace": metafield.namespace,
        "key": metafield.key,
        "type": metafield.type,
        "value": metafield.value,
        "jsonValue": as_json(metafield.type, metafield.value),
        "compareDigest": digest(metafield),
        "sizeInBytes": len(metafield.value.encode()),
        "ownerType": owner.kind.upper(),
        "owner": lambda _info: view(store, owner.id),
        "createdAt": moment(metafield.created_at),
        "updatedAt": moment(metafield.updated_at),
    }

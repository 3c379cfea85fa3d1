"""What each root field of the pruned schema does, and the rule for all other fields."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLAbstractType, GraphQLError, GraphQLSchema, is_abstract_type

from tests.fakes.shopify import bulk_roots, definitions, listing, segments, webhooks
from tests.fakes.shopify import metafields as metafield_mutations
from tests.fakes.shopify import tags as tag_mutations
from tests.fakes.shopify.paging import View
from tests.fakes.shopify.store import Info, Store
from tests.fakes.shopify.views import metafield_view, metafields_of, view

Root = Callable[..., Any]
Payload = dict[str, Any]


def attach(schema: GraphQLSchema) -> None:
    """Give every root field of the schema its function; a field without one fails here."""
    for root, functions in ((schema.query_type, QUERIES), (schema.mutation_type, MUTATIONS)):
        for name, field in root.fields.items() if root else ():
            field.resolve = functions[name]
    for type_ in schema.type_map.values():
        if is_abstract_type(type_):
            type_.resolve_type = _type_of


def _type_of(value: Mapping[str, Any], _info: Info, _type: GraphQLAbstractType) -> str:
    return str(value["__typename"])


def strict(source: Any, info: Info, **arguments: Any) -> Any:
    """
    Return what the view says of the field; a view that says nothing is an error, never null.

    Raises:
        GraphQLError: The schema has the field, the fake does not.
    """
    if not isinstance(source, Mapping) or info.field_name not in source:
        raise GraphQLError(f"the fake has no {info.parent_type.name}.{info.field_name}")
    value = source[info.field_name]
    return value(info, **arguments) if callable(value) else value


def _shop(_: None, info: Info) -> View:
    store: Store = info.context
    owner = store.resources[store.shop_id]
    return {
        "__typename": "Shop",
        "id": store.shop_id,
        "name": store.shop.split(".", maxsplit=1)[0],
        "myshopifyDomain": store.shop,
        "primaryDomain": {"__typename": "Domain", "host": store.storefront},
        "ianaTimezone": store.timezone,
        "currencyCode": store.currency,
        "email": "owner@example.com",
        "contactEmail": "owner@example.com",
        "taxesIncluded": False,
        **metafields_of(store, owner),
    }


def _installation(_: None, info: Info) -> View:
    scopes = sorted(info.context.scopes)
    return {
        "__typename": "AppInstallation",
        "id": "gid://shopify/AppInstallation/1",
        "accessScopes": [{"handle": scope, "description": scope} for scope in scopes],
    }


def _tags_add(_: None, info: Info, *, id: str, tags: list[str]) -> View:  # noqa: A002 - theirs
    return _with_node(info.context, tag_mutations.add(info.context, id, tags))


def _tags_remove(_: None, info: Info, *, id: str, tags: list[str]) -> View:  # noqa: A002 - theirs
    return _with_node(info.context, tag_mutations.remove(info.context, id, tags))


def _with_node(store: Store, payload: Payload) -> Payload:
    return payload | {"node": view(store, payload["node"]) if payload["node"] else None}


def _metafields_set(_: None, info: Info, *, metafields: list[View]) -> View:
    store: Store = info.context
    payload = metafield_mutations.set_all(store, metafields)
    written = payload["metafields"]
    if written:
        payload["metafields"] = [metafield_view(store, store.resources[owner], one) for owner, one in written]
    return payload


def _metafields_delete(_: None, info: Info, *, metafields: list[View]) -> View:
    return metafield_mutations.delete_all(info.context, metafields)


QUERIES: dict[str, Root] = {
    **bulk_roots.QUERIES,
    **definitions.QUERIES,
    **listing.QUERIES,
    **segments.QUERIES,
    **webhooks.QUERIES,
    "currentAppInstallation": _installation,
    "shop": _shop,
}
MUTATIONS: dict[str, Root] = {
    **bulk_roots.MUTATIONS,
    **definitions.MUTATIONS,
    **segments.MUTATIONS,
    **webhooks.MUTATIONS,
    "metafieldsDelete": _metafields_delete,
    "metafieldsSet": _metafields_set,
    "tagsAdd": _tags_add,
    "tagsRemove": _tags_remove,
}

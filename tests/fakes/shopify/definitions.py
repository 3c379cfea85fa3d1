"""Metafield definitions: made, changed, deleted and listed."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.shopify.errors import access_denied
from tests.fakes.shopify.ids import GID
from tests.fakes.shopify.metafields import namespace_of
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.store import Info, Store

MOST_DEFINITIONS = 256
"""Of one owner type, for one app."""
MOST_FILTERS = 50
FILTERABLE = frozenset(
    {"boolean", "date", "date_time", "number_decimal", "number_integer", "single_line_text_field"}
)

Root = Callable[..., Any]
Payload = dict[str, Any]
Place = tuple[str, str, str]


def _place(given: Mapping[str, Any]) -> Place:
    return str(given["ownerType"]), namespace_of(given), str(given["key"])


def _may_write(store: Store, place: Place, mutation: str) -> None:
    scope = f"write_{place[0].lower()}s"
    if scope not in store.scopes:
        raise access_denied(mutation, f"`{scope}` access scope.")


def _error(field: str, message: str, code: str) -> Payload:
    return {"field": ["definition", field] if field else ["id"], "message": message, "code": code}


def _filterable(given: Mapping[str, Any]) -> bool | None:
    wanted = (given.get("capabilities") or {}).get("adminFilterable")
    return None if wanted is None else bool(wanted["enabled"])


def _filter_errors(store: Store, place: Place, type_: str) -> list[Payload]:
    # NOTE: the limit and its code are the schema's and the documentation's; the words are not recorded.
    if type_ not in FILTERABLE:
        return [_error("capabilities", "The definition's type cannot be filtered by.", "INVALID_CAPABILITY")]
    others = [one for at, one in store.definitions.items() if at[0] == place[0] and at != place]
    if sum(one["filterable"] for one in others) < MOST_FILTERS:
        return []
    code = "OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS"
    return [_error("capabilities", f"At most {MOST_FILTERS} definitions may be filtered by.", code)]


def _create_errors(store: Store, given: Mapping[str, Any], place: Place) -> list[Payload]:
    if place in store.definitions:
        message = f"Key is in use for {place[0].title()} metafields on the '{place[1]}' namespace."
        return [_error("key", message, "TAKEN")]
    if sum(at[0] == place[0] for at in store.definitions) >= MOST_DEFINITIONS:
        return [_error("", "The limit of definitions is reached.", "RESOURCE_TYPE_LIMIT_EXCEEDED_BY_APP")]
    return _filter_errors(store, place, given["type"]) if _filterable(given) else []


def _create(_: None, info: Info, *, definition: Mapping[str, Any]) -> Payload:
    store, place = info.context, _place(definition)
    _may_write(store, place, "metafieldDefinitionCreate")
    if errors := _create_errors(store, definition, place):
        return {"createdDefinition": None, "userErrors": errors}
    store.definitions[place] = {
        "id": f"{GID}MetafieldDefinition/{store.next_number()}",
        "ownerType": place[0],
        "namespace": place[1],
        "key": place[2],
        "type": definition["type"],
        "name": definition["name"],
        "description": definition.get("description"),
        "filterable": bool(_filterable(definition)),
        "validations": definition.get("validations") or [],
    }
    return {"createdDefinition": _look(store.definitions[place]), "userErrors": []}


def _update(_: None, info: Info, *, definition: Mapping[str, Any]) -> Payload:
    store, place = info.context, _place(definition)
    _may_write(store, place, "metafieldDefinitionUpdate")
    known = store.definitions.get(place)
    if known is None:
        error = _error("key", "Definition not found.", "NOT_FOUND")
        return {"updatedDefinition": None, "userErrors": [error], "validationJob": None}
    wanted = _filterable(definition)
    if wanted and (errors := _filter_errors(store, place, known["type"])):
        return {"updatedDefinition": None, "userErrors": errors, "validationJob": None}
    told = {key: definition[key] for key in ("name", "description", "validations") if key in definition}
    filterable = known["filterable"] if wanted is None else wanted
    store.definitions[place] = known | told | {"filterable": filterable}
    return {"updatedDefinition": _look(store.definitions[place]), "userErrors": [], "validationJob": None}


def _delete(
    _: None,
    info: Info,
    *,
    id: str | None = None,  # noqa: A002 - theirs
    identifier: Mapping[str, Any] | None = None,
    deleteAllAssociatedMetafields: bool = False,  # noqa: N803 - theirs
) -> Payload:
    store: Store = info.context
    place = _find(store, id, identifier)
    if place is None:
        error = _error("", "Definition not found.", "NOT_FOUND")
        return {"deletedDefinitionId": None, "deletedDefinition": None, "userErrors": [error]}
    _may_write(store, place, "metafieldDefinitionDelete")
    gone = store.definitions.pop(place)
    if deleteAllAssociatedMetafields:
        _delete_metafields(store, place)
    named = {"ownerType": place[0], "namespace": place[1], "key": place[2]}
    return {"deletedDefinitionId": gone["id"], "deletedDefinition": named, "userErrors": []}


def _delete_metafields(store: Store, place: Place) -> None:
    for resource in store.resources.values():
        if resource.kind.upper() == place[0] and place[1:] in resource.metafields:
            del resource.metafields[place[1], place[2]]
            store.touch(resource)


def _find(store: Store, id_: str | None, identifier: Mapping[str, Any] | None) -> Place | None:
    if identifier is not None:
        return _place(identifier) if _place(identifier) in store.definitions else None
    return next((place for place, one in store.definitions.items() if one["id"] == id_), None)


def _definition(_: None, info: Info, *, id: str | None = None, identifier: Any = None) -> View | None:  # noqa: A002
    place = _find(info.context, id, identifier)
    return _look(info.context.definitions[place]) if place else None


def _definitions(
    _: None,
    info: Info,
    *,
    ownerType: str,  # noqa: N803 - the schema's name
    namespace: str | None = None,
    key: str | None = None,
    **page: Any,
) -> View:
    found = [
        _look(one)
        for place, one in info.context.definitions.items()
        if place[0] == ownerType and namespace in (None, place[1]) and key in (None, place[2])
    ]
    return connection(found, page)


def _look(stored: Mapping[str, Any]) -> View:
    filterable = stored["filterable"]
    off = {"eligible": False, "enabled": False}
    return {
        **stored,
        "__typename": "MetafieldDefinition",
        "type": {"name": stored["type"]},
        "pinnedPosition": None,
        "validations": [rule | {"type": "single_line_text_field"} for rule in stored["validations"]],
        "validationStatus": "ALL_VALID",
        "capabilities": {
            "adminFilterable": {
                "eligible": stored["type"] in FILTERABLE,
                "enabled": filterable,
                "status": "FILTERABLE" if filterable else "NOT_FILTERABLE",
            },
            "smartCollectionCondition": off,
            "uniqueValues": off,
        },
    }


QUERIES: dict[str, Root] = {"metafieldDefinition": _definition, "metafieldDefinitions": _definitions}
MUTATIONS: dict[str, Root] = {
    "metafieldDefinitionCreate": _create,
    "metafieldDefinitionDelete": _delete,
    "metafieldDefinitionUpdate": _update,
}

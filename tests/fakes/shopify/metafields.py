"""metafieldsSet, metafieldsDelete and definitions, by what was recorded on a live store."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.errors import access_denied, check_array
from tests.fakes.shopify.ids import kind_of
from tests.fakes.shopify.metafield_values import BadValue, NotCheckedHere, check_rules, kept
from tests.fakes.shopify.store import Metafield, Resource, Store

MOST_AT_ONCE = 25
RESERVED = {"protected", "shopify-l10n-fields", "shopify_standard"}
LENGTHS = {"namespace": (3, 255), "key": (2, 64)}
APP_NAMESPACE = "app--1"
STALE = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."
WITHOUT_DIGEST = object()

Payload = dict[str, Any]
Input = Mapping[str, Any]


def digest(metafield: Metafield) -> str:
    """Return the opaque mark that changes with the value."""
    return hashlib.sha256(f"{metafield.type}:{metafield.value}".encode()).hexdigest()


def namespace_of(given: Input) -> str:
    """Return the namespace; the app's own when none is given or it begins with $app."""
    name = str(given.get("namespace") or "$app")
    return (
        APP_NAMESPACE + name.removeprefix("$app").replace(":", "--", 1) if name.startswith("$app") else name
    )


def set_all(store: Store, inputs: Sequence[Input]) -> Payload:
    """Write all of them or none."""
    if len(inputs) > MOST_AT_ONCE:
        message = f"Exceeded the maximum metafields input limit of {MOST_AT_ONCE}."
        return {"metafields": None, "userErrors": [_error(["metafields"], message, "LESS_THAN_OR_EQUAL_TO")]}
    errors: list[Payload] = []
    ready: list[tuple[Resource, Metafield]] = []
    for index, given in enumerate(inputs):
        at = ["metafields", str(index)]
        problems = _problems(store, given, at)
        errors += problems
        if not problems:
            ready.append(_written(store, given))
    if errors:
        return {"metafields": [], "userErrors": errors}
    for owner, metafield in ready:
        owner.metafields[metafield.namespace, metafield.key] = metafield
        store.touch(owner)
    return {"metafields": [(owner.id, metafield) for owner, metafield in ready], "userErrors": []}


def delete_all(store: Store, inputs: Sequence[Input]) -> Payload:
    """Delete what is there; null stands for what is not."""
    check_array(list(inputs))
    deleted: list[Payload | None] = []
    for given in inputs:
        _may_write(store, given["ownerId"], "metafieldsDelete")
        owner = store.find(given["ownerId"])
        gone = owner.metafields.pop((namespace_of(given), given["key"]), None) if owner else None
        if gone and owner:
            store.touch(owner)
        deleted.append(
            {"ownerId": given["ownerId"], "namespace": gone.namespace, "key": gone.key} if gone else None
        )
    return {"deletedMetafields": deleted, "userErrors": []}


def _problems(store: Store, given: Input, at: list[str]) -> list[Payload]:
    _may_write(store, given["ownerId"], "metafieldsSet")
    # NOTE: the words for a missing owner are recalled, not recorded; that it fails the call is documented.
    if store.find(given["ownerId"]) is None:
        return [_error([*at, "ownerId"], "Owner does not exist.", "INVALID")]
    namespace = namespace_of(given)
    if namespace in RESERVED:
        return [_error([*at, "namespace"], f"Namespace {namespace} is a reserved namespace", None)]
    lengths = _length_problems({"namespace": namespace, "key": given["key"]}, at)
    return lengths or _value_problems(store, given, at) or _digest_problems(store, given, at)


def _length_problems(names: Mapping[str, str], at: list[str]) -> list[Payload]:
    found = []
    for field, text in names.items():
        least, most = LENGTHS[field]
        if len(text) < least:
            message = f"{field.title()} is too short (minimum is {least} characters)"
            found.append(_error([*at, field], message, "TOO_SHORT"))
        elif len(text) > most:
            message = f"{field.title()} is too long (maximum is {most} characters)"
            found.append(_error([*at, field], message, "TOO_LONG"))
    return found


def _definition_of(store: Store, given: Input) -> Mapping[str, Any]:
    owner_type = kind_of(given["ownerId"]).upper()
    return store.definitions.get((owner_type, namespace_of(given), given["key"]), {})


def _type_of(store: Store, given: Input) -> tuple[str, str]:
    """Return the type to use and the type that a definition demands, either may be empty."""
    defined = str(_definition_of(store, given).get("type", ""))
    return str(given.get("type") or defined), defined


def _value_problems(store: Store, given: Input, at: list[str]) -> list[Payload]:
    type_, defined = _type_of(store, given)
    if not type_:
        return [_error([*at, "type"], "Type can't be blank", "BLANK")]
    if defined and type_ != defined:
        message = f"Type must be consistent with the definition's type: '{defined}'."
        return [_error([*at, "type"], message, "INVALID_TYPE")]
    if not given["value"]:
        return [_error([*at, "value"], "Value can't be blank.", "BLANK")]
    try:
        check_rules(_definition_of(store, given).get("validations", ()), type_, kept(type_, given["value"]))
    except BadValue as error:
        return [_error([*at, "value"], str(error), "INVALID_VALUE")]
    except KeyError:
        return [_error([*at, "type"], f"Type '{type_}' is not a valid type.", "INVALID_TYPE")]
    except NotCheckedHere as error:
        raise GraphQLError(f"the fake does not check metafields of type {error}") from error
    return []


def _digest_problems(store: Store, given: Input, at: list[str]) -> list[Payload]:
    expected = given.get("compareDigest", WITHOUT_DIGEST)
    if expected is WITHOUT_DIGEST:
        return []
    present = store.resources[given["ownerId"]].metafields.get((namespace_of(given), given["key"]))
    if expected == (digest(present) if present else None):
        return []
    return [_error(at, STALE, "STALE_OBJECT")]


def _written(store: Store, given: Input) -> tuple[Resource, Metafield]:
    owner, key = store.resources[given["ownerId"]], (namespace_of(given), given["key"])
    present = owner.metafields.get(key)
    type_, _ = _type_of(store, given)
    return owner, Metafield(
        present.number if present else store.next_number(),
        *key,
        type_,
        kept(type_, given["value"]),
        present.created_at if present else store.now,
        store.now,
    )


def _may_write(store: Store, owner: str, mutation: str) -> None:
    scope = f"write_{kind_of(owner).lower()}s"
    if kind_of(owner) and scope not in store.scopes:
        raise access_denied(mutation, f"`{scope}` access scope.")


def _error(field: list[str], message: str, code: str | None) -> Payload:
    return {"field": field, "message": message, "code": code, "elementIndex": None}

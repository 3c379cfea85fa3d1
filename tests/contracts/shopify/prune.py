"""
Cut Shopify's official Admin schema down to what is used here: schema.graphql, scopes.json, topics.json.

Source: dist/data/admin_2026-10.json.gz of the npm package @shopify/dev-mcp 1.16.0, (c) Shopify Inc., ISC.

    python tests/contracts/shopify/prune.py admin_2026-10.json.gz

Every kept object type keeps all its fields, save those that lead to a type that is not kept,
so that a document may ask for any plain field. To use more of Shopify, add to kept.json and run again.
"""

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema, lexicographic_sort_schema, print_schema

HERE = Path(__file__).parent

KEPT = {key: set(names) for key, names in json.loads((HERE / "kept.json").read_text("utf-8")).items()}
"""
Root fields (queries, mutations), types, `paged` types (kept with their Connection and Edge),
and the connection fields to keep: a connection elsewhere would need a resolver of its own.
"""
TYPES = (
    KEPT["types"]
    | {name + ending for name in KEPT["paged"] for ending in ("", "Connection", "Edge")}
    | {f"{name[0].upper()}{name[1:]}Payload" for name in KEPT["mutations"]}
)

Json = dict[str, Any]


def named(type_: Json) -> Json:
    """Return the type inside lists and non-nulls."""
    return named(type_["ofType"]) if type_.get("ofType") else type_


def plain(kind: str) -> bool:
    """Tell whether a type of this kind is kept wherever it is used."""
    return kind in {"SCALAR", "ENUM", "INPUT_OBJECT"}


def keeps(owner: str, field: Json) -> bool:
    """Tell whether a field stays."""
    if owner in {"QueryRoot", "Mutation"}:
        return field["name"] in KEPT["queries" if owner == "QueryRoot" else "mutations"]
    target = named(field["type"])
    if target["name"].endswith("Connection") and field["name"] not in KEPT["connections"]:
        return False
    return plain(target["kind"]) or target["name"] in TYPES


def prune_type(type_: Json) -> Json:
    """Drop the fields, interfaces and members of a union that lead out of the kept types."""
    fields = [field for field in type_["fields"] or [] if keeps(type_["name"], field)]
    interfaces = [link for link in type_["interfaces"] or [] if link["name"] in TYPES]
    members = [link for link in type_["possibleTypes"] or [] if link["name"] in TYPES]
    return type_ | {"fields": fields, "interfaces": interfaces, "possibleTypes": members or None}


def reached(types: dict[str, Json]) -> set[str]:
    """Return the plain types that the kept fields, their arguments and their inputs name."""
    found: set[str] = {"Boolean", "String"}
    waiting = [entry for name in TYPES for entry in types[name]["fields"] or []]
    while waiting:
        entry = waiting.pop()
        waiting += entry.get("args", [])
        target = named(entry["type"])
        if plain(target["kind"]) and target["name"] not in found:
            found.add(target["name"])
            waiting += types[target["name"]].get("inputFields") or []
    return found


def stays(schema: GraphQLSchema, item: Json) -> bool:
    """Tell whether the type or field that needs a scope is still there."""
    type_ = schema.type_map.get(item["typeName"])
    return type_ is not None and item.get("fieldName", "") in {"", *getattr(type_, "fields", {})}


def without_words(value: Any) -> Any:
    """Drop descriptions: they are nine tenths of the file."""
    if isinstance(value, dict):
        return {key: None if key == "description" else without_words(item) for key, item in value.items()}
    return [without_words(item) for item in value] if isinstance(value, list) else value


def prune(document: Json) -> tuple[str, list[Json]]:
    """Return the schema in GraphQL's own language and the access scopes of what is left."""
    introspection = without_words(document["data"])["__schema"]
    types = {type_["name"]: type_ for type_ in introspection["types"]}
    types |= {name: prune_type(types[name]) for name in TYPES}
    kept = TYPES | reached(types) | {name for name in types if name.startswith("__")}
    introspection |= {"types": [types[name] for name in sorted(kept)], "subscriptionType": None}
    schema = build_client_schema({"__schema": introspection})
    scopes = [
        {
            key: item[key]
            for key in ("typeName", "fieldName", "requiredAccess", "offlineScopes")
            if key in item
        }
        for item in document["offline_scopes"]["items"]
        if item["offlineScopes"] and stays(schema, item)
    ]
    return print_schema(lexicographic_sort_schema(schema)) + "\n", scopes


def topic_scopes(document: Json) -> dict[str, Json]:
    """Return each webhook topic's name on the wire, and the scopes of which one is needed, by its words."""
    types = {type_["name"]: type_ for type_ in document["data"]["__schema"]["types"]}
    return {
        value["name"]: {
            "topic": re.search(r"`([a-z_]+[./][a-z_]+)`", value["description"])[1],  # type: ignore[index]
            "scopes": re.findall(r"\b(?:read|write)_[a-z_]+", value["description"].partition("Requires")[2]),
        }
        for value in types["WebhookSubscriptionTopic"]["enumValues"]
    }


def main() -> None:
    """Read the full schema named on the command line; write the three files beside this script."""
    with gzip.open(sys.argv[1]) as file:
        document = json.load(file)
    topics = topic_scopes(document)
    schema, scopes = prune(document)
    (HERE / "topics.json").write_text(json.dumps(topics, indent=1) + "\n", encoding="utf-8")
    (HERE / "schema.graphql").write_text(schema, encoding="utf-8")
    (HERE / "scopes.json").write_text(json.dumps(scopes, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

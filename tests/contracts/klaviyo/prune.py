"""
Cut Klaviyo's official OpenAPI down to what is used here, and write openapi.json.gz.

Source: openapi/stable.json of github.com/klaviyo/openapi, revision 2026-07-15, (c) 2022 Klaviyo, MIT.
The request models of revision 2026-10-15 are the same (compared with the client klaviyo-api 25.0.0).

    python tests/contracts/klaviyo/prune.py stable.json.gz
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

OPERATIONS = {
    "add_profiles_to_list",
    "bulk_create_events",
    "bulk_import_profiles",
    "create_event",
    "create_flow",
    "create_list",
    "create_or_update_profile",
    "create_profile",
    "create_segment",
    "delete_list",
    "delete_segment",
    "get_accounts",
    "get_bulk_import_profiles_job",
    "get_errors_for_bulk_import_profiles_job",
    "get_flow",
    "get_flows",
    "get_list",
    "get_lists",
    "get_metrics",
    "get_profile",
    "get_profile_ids_for_list",
    "get_profiles",
    "get_profiles_for_segment",
    "get_segment",
    "get_segments",
    "remove_profiles_from_list",
    "request_profile_deletion",
    "update_list",
    "update_profile",
    "update_segment",
}

Json = dict[str, Any]


def without_words(value: Any) -> Any:
    """Drop descriptions and examples; a property called so is a schema, never a text."""
    if isinstance(value, dict):
        return {
            key: without_words(item)
            for key, item in value.items()
            if not (key == "description" and isinstance(item, str)) and key != "example"
        }
    return [without_words(item) for item in value] if isinstance(value, list) else value


def references(value: Any) -> set[str]:
    """Return the names of the component schemas that a value points to."""
    if isinstance(value, dict):
        own = {value["$ref"].rsplit("/", 1)[-1]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(item) for item in value.values()))
    return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()


def prune(document: Json) -> Json:
    """Return the kept operations with all schemas they reach."""
    paths: Json = {}
    for path, methods in document["paths"].items():
        kept = {name: one for name, one in methods.items() if _wanted(one)}
        if kept:
            paths[path] = kept
    components, waiting = document["components"], references(paths)
    schemas: Json = {}
    while waiting:
        name = waiting.pop()
        if name in components["schemas"] and name not in schemas:
            schemas[name] = components["schemas"][name]
            waiting |= references(schemas[name])
    kept_components = {"schemas": dict(sorted(schemas.items())), "responses": components["responses"]}
    head = {key: document[key] for key in ("openapi", "info")}
    return without_words(head | {"paths": paths, "components": kept_components})  # type: ignore[no-any-return]


def _wanted(operation: Any) -> bool:
    return isinstance(operation, dict) and operation.get("operationId") in OPERATIONS


def main() -> None:
    """Read the full document named on the command line; write openapi.json.gz beside this script."""
    with gzip.open(sys.argv[1]) as file:
        pruned = prune(json.load(file))
    text = json.dumps(pruned, indent=1).encode()
    (HERE / "openapi.json.gz").write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main()

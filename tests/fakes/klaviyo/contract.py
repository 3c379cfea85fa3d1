"""The official OpenAPI, pruned: which operation a request is, and whether its body is one."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

CONTRACT = Path(__file__).parents[2] / "contracts" / "klaviyo" / "openapi.json.gz"
MEDIA_TYPE = "application/vnd.api+json"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter; `choices` are the values it may list, if it is a list of fixed ones."""

    name: str
    required: bool
    choices: frozenset[str]
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation; limits are requests a second, a minute and a day (None = as many as one likes)."""

    name: str
    method: str
    path: re.Pattern[str]
    scopes: frozenset[str]
    burst: int
    steady: int
    daily: int | None
    parameters: Mapping[str, Parameter]
    body: Draft202012Validator | None
    replies: Mapping[str, Draft202012Validator]


@cache
def document() -> Json:
    """Return the pruned OpenAPI document."""
    with gzip.open(CONTRACT) as file:
        loaded: Json = json.load(file)
    return loaded


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations that the fake knows."""
    return tuple(
        _operation(path, method, described)
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
    )


def find(method: str, path: str) -> tuple[Operation | None, str, bool]:
    """Return the operation, the id in its path, and whether the path exists at all."""
    known = False
    for operation in operations():
        if found := operation.path.fullmatch(path):
            known = True
            if operation.method == method:
                return operation, next(iter(found.groups()), ""), True
    return None, "", known


def _operation(path: str, method: str, described: Json) -> Operation:
    limits = {key: int(value.split("/")[0]) for key, value in described["x-klaviyo-ratelimit"].items()}
    body = described.get("requestBody", {}).get("content", {}).get(MEDIA_TYPE, {}).get("schema")
    return Operation(
        name=described["operationId"],
        method=method.upper(),
        path=re.compile(re.sub(r"\{\w+\}", r"([^/]+)", path) + "/?"),
        scopes=frozenset(described["x-klaviyo-scopes"]),
        burst=limits["burst"],
        steady=limits["steady"],
        daily=limits.get("daily"),
        parameters={one["name"]: _parameter(one) for one in described["parameters"] if one["in"] == "query"},
        body=Draft202012Validator(_closed(_inlined(body))) if body else None,
        replies={
            status: Draft202012Validator(_inlined(content["schema"]))
            for status, reply in described["responses"].items()
            if (content := reply.get("content", {}).get(MEDIA_TYPE))
        },
    )


def _parameter(described: Json) -> Parameter:
    schema = described["schema"]
    choices = schema.get("items", {}).get("enum") or schema.get("enum") or ()
    return Parameter(
        name=described["name"],
        required=described.get("required", False),
        choices=frozenset(choices),
        least=schema.get("minimum"),
        most=schema.get("maximum"),
    )


def _inlined(schema: Any) -> Any:
    """Put the component schemas in their places and turn OpenAPI 3.0's nullable into JSON Schema."""
    if isinstance(schema, list):
        return [_inlined(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        inner = _component(schema["$ref"].rsplit("/", 1)[-1])
    else:
        inner = {key: _inlined(item) for key, item in schema.items() if key != "nullable"}
    return {"anyOf": [{"type": "null"}, inner]} if schema.get("nullable") is True else inner


@cache
def _component(name: str) -> Any:
    return _inlined(document()["components"]["schemas"][name])


def _closed(schema: Any) -> Any:
    """Refuse keys that are not named wherever any are named; free-form objects name none."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(item) for key, item in schema.items()}
    names_keys = isinstance(closed.get("properties"), dict) and closed.get("type") == "object"
    return {"additionalProperties": False} | closed if names_keys else closed


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a body and where, as a JSON pointer."""

    pointer: str
    detail: str


def flaws(operation: Operation, body: Any) -> Iterator[Flaw]:
    """Yield what is wrong with a body by the operation's schema."""
    if operation.body is None or operation.body.is_valid(body):
        return
    for error in operation.body.iter_errors(body):
        yield _flaw(error)


def _flaw(error: ValidationError) -> Flaw:
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    pointer = "".join(f"/{part}" for part in error.absolute_path) or "/data"
    wanted: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        missing = next(name for name in wanted if name not in instance)
        return Flaw(f"{pointer}/{missing}", f"'{missing}' is a required field.")
    if error.validator == "additionalProperties":
        unknown = min(set(instance) - set(schema["properties"]))
        return Flaw(f"{pointer}/{unknown}", f"'{unknown}' is not a valid field.")
    if error.validator == "type":
        return Flaw(pointer, f"Not a valid {wanted}.")
    return Flaw(pointer, "Not a valid value.")

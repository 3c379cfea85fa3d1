"""Shopify's words for requests it refuses."""

import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

ACCESS_DOCS = "https://shopify.dev/api/usage/access-scopes"
LIMIT_DOCS = "https://shopify.dev/api/usage/rate-limits"
UNAUTHORIZED = "[API] Invalid API key or access token (unrecognized login or wrong password)"

WORDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        r"Cannot query field '(\w+)' on type '(\w+)'",
        "Field '{0}' doesn't exist on type '{1}'",
        "undefinedField",
        ("fieldName", "typeName"),
    ),
    (
        r"Argument '(?:\w+)\.(\w+)\((\w+):\)' of type '.*' is required",
        "Field '{0}' is missing required arguments: {1}",
        "missingRequiredArguments",
        ("name", "arguments"),
    ),
    (
        r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'",
        "Field '{2}' doesn't accept argument '{0}'",
        "argumentNotAccepted",
        ("argumentName", "typeName", "name"),
    ),
    (
        r"Field '(\w+)' of type '(\w+).*' must have a selection of subfields",
        (
            "Field must have selections (field '{0}' returns {1} but has no selections. "
            "Did you mean '{0} {{ ... }}'?)"
        ),
        "selectionMismatch",
        ("nodeName", "typeName"),
    ),
    (r"Syntax Error: (.*)", "syntax error, {0}", "PARSE_ERROR", ()),
    (
        r"Variable '\$(\w+)' (?:of required type|of type|got invalid|has invalid)",
        "Variable ${0} was provided invalid value",
        "INVALID_VARIABLE",
        (),
    ),
)
"""graphql-core's words, Shopify's as recorded, its code and what it calls the parts."""


def told(error: GraphQLError) -> dict[str, Any]:
    """Return an error as Shopify says it; unknown ones keep graphql-core's words."""
    said: dict[str, Any] = {"message": error.message}
    extensions: dict[str, Any] = dict(error.extensions or {})
    for pattern, words, code, names in WORDS if not extensions else ():
        if found := re.match(pattern, error.message):
            parts = [part or "" for part in found.groups()]
            said["message"] = words.format(*parts)
            extensions = {"code": code, **dict(zip(names, parts, strict=False))}
            if code == "INVALID_VARIABLE":
                extensions["problems"] = [{"path": [], "explanation": error.message}]
            break
    if error.locations:
        said["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if extensions:
        said["extensions"] = extensions
    if error.path:
        said["path"] = list(error.path)
    return said


def access_denied(field: str, required: str) -> GraphQLError:
    """Return the error of a missing scope."""
    return GraphQLError(
        f"Access denied for {field} field. Required access: {required}",
        extensions={"code": "ACCESS_DENIED", "documentation": ACCESS_DOCS, "requiredAccess": required},
    )


def throttled(cost: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reply of an empty bucket; its HTTP status is 200."""
    extensions = {"code": "THROTTLED", "documentation": LIMIT_DOCS}
    return {
        "errors": [{"message": "Throttled", "extensions": extensions}],
        "extensions": {"cost": dict(cost)},
    }


def too_expensive(points: int, most: int) -> dict[str, Any]:
    """Return the reply to a document that no bucket can hold; it has no cost block, as recorded."""
    message = f"Query cost is {points}, which exceeds the single query max cost limit ({most})."
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": points, "maxCost": most, "documentation": LIMIT_DOCS}
    return {"errors": [{"message": message, "extensions": extensions}]}


def check_array(values: list[Any]) -> None:
    """Refuse an input array that is longer than any may be."""
    most = 250
    if len(values) > most:
        raise GraphQLError(
            f"The input array size of {len(values)} is greater than the maximum allowed of {most}.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )

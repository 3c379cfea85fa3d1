"""Connections: pages with Shopify's kind of cursor."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.errors import check_array
from tests.fakes.shopify.store import number_of

View = dict[str, Any]


def cursor_of(item: Mapping[str, Any]) -> str:
    """Return Shopify's kind of cursor."""
    number = int(number_of(item["id"]))
    text = json.dumps({"last_id": number, "last_value": str(number)}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def connection(items: Sequence[View], page: Mapping[str, Any]) -> View:
    """
    Return one page; `first` or `last` is demanded and may be 250 at most.

    Only forward pages are known here: `last` and `before` are refused.
    """
    first = page.get("first")
    if page.get("last") or page.get("before"):
        raise GraphQLError("the fake pages forward only")
    if first is None:
        raise GraphQLError(
            "you must provide one of first or last", extensions={"code": "BAD_REQUEST", "documentation": ""}
        )
    check_array([None] * first)
    start = _after(items, page.get("after"))
    shown = items[start : start + first]
    return {
        "nodes": shown,
        "edges": [{"cursor": cursor_of(item), "node": item} for item in shown],
        "pageInfo": {
            "hasNextPage": start + first < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursor_of(shown[0]) if shown else None,
            "endCursor": cursor_of(shown[-1]) if shown else None,
        },
    }


def _after(items: Sequence[View], cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        last = int(json.loads(base64.b64decode(cursor))["last_id"])
    except (ValueError, KeyError) as error:
        message = "Invalid cursor for current pagination sort."
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"}) from error
    return next((at for at, item in enumerate(items) if int(number_of(item["id"])) > last), len(items))

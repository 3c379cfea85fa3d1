"""Connections: pages with Shopify's kind of cursor."""

import base64
import json
import sys
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.errors import check_array
from tests.fakes.shopify.ids import number_of
from tests.fakes.shopify.store import Resource

View = Mapping[str, Any]


def _cursor(number: str, value: object) -> str:
    last_id: object = int(number) if number.isdigit() else number
    text = json.dumps({"last_id": last_id, "last_value": str(value)}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        read = json.loads(base64.b64decode(cursor))
        return str(read["last_id"]), str(read["last_value"])
    except (ValueError, KeyError) as error:
        message = "Invalid cursor for current pagination sort."
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"}) from error


def last_value(cursor: str) -> float:
    """Return the number that a listing's last page ended at."""
    return float(_read_cursor(cursor)[1])


def _size(page: Mapping[str, Any]) -> int:
    """
    Return `first`, which is demanded and may be 250 at most; only forward pages are known here.

    A bulk operation takes the `whole` connection.
    """
    if page.get("whole"):
        return sys.maxsize
    if page.get("last") or page.get("before"):
        raise GraphQLError("the fake pages forward only")
    first = page.get("first")
    if first is None:
        raise GraphQLError(
            "you must provide one of first or last", extensions={"code": "BAD_REQUEST", "documentation": ""}
        )
    check_array([None] * first)
    return int(first)


def _page(shown: Sequence[View], cursors: Sequence[str], *, before: bool, after: bool) -> View:
    return {
        "nodes": shown,
        "edges": [{"cursor": cursor, "node": item} for cursor, item in zip(cursors, shown, strict=True)],
        "pageInfo": {
            "hasNextPage": after,
            "hasPreviousPage": before,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def connection(items: Sequence[View], page: Mapping[str, Any]) -> View:
    """Return one page of a few items, in their own order."""
    first = _size(page)
    if page.get("reverse"):
        items = items[::-1]
    start = _after(items, page.get("after"))
    shown = items[start : start + first]
    numbers = [number_of(item["id"]) for item in shown]
    cursors = [_cursor(number, number) for number in numbers]
    return _page(shown, cursors, before=start > 0, after=start + first < len(items))


def _after(items: Sequence[View], cursor: str | None) -> int:
    if not cursor:
        return 0
    last, _ = _read_cursor(cursor)
    numbers = [number_of(item["id"]) for item in items]
    return numbers.index(last) + 1 if last in numbers else len(items)


@dataclass(frozen=True, slots=True)
class Listing:
    """Many resources, sorted by a number and then by their id; only those on the page are looked at."""

    rank: Callable[[Resource], float]
    show: Callable[[Resource], View]

    def page(self, found: Sequence[Resource], page: Mapping[str, Any]) -> View:
        """Return one page; it goes on where the last one ended, whatever has changed since."""
        first, sign = _size(page), -1 if page.get("reverse") else 1
        ranked = sorted(found, key=lambda one: self._place(one, sign))
        start = 0
        if cursor := page.get("after"):
            last_id, last_value = _read_cursor(cursor)
            last = (sign * float(last_value), sign * int(last_id))
            start = bisect_right(ranked, last, key=lambda one: self._place(one, sign))
        shown = ranked[start : start + first]
        cursors = [_cursor(number_of(one.id), self.rank(one)) for one in shown]
        views = [self.show(one) for one in shown]
        return _page(views, cursors, before=start > 0, after=start + first < len(ranked))

    def _place(self, one: Resource, sign: int) -> tuple[float, int]:
        return sign * self.rank(one), sign * one.number

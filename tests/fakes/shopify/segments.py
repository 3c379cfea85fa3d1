"""Customer segments: made, changed, deleted and listed as recorded on a live store."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.ids import GID, moment
from tests.fakes.shopify.paging import View, connection
from tests.fakes.shopify.segment_grammar import problems
from tests.fakes.shopify.store import Info, Store

MOST_SEGMENTS = 6_000
LONGEST = {"name": 255, "query": 5_000}
LIMIT_REACHED = "Segment limit reached. Delete an existing segment to create more."
MISSING = "Segment does not exist"

Root = Callable[..., Any]
Payload = dict[str, Any]


def _errors(store: Store, given: Mapping[str, str]) -> list[Payload]:
    too_long = [
        {"field": [key], "message": f"{key.title()} is too long (maximum is {LONGEST[key]} characters)"}
        for key, text in given.items()
        if len(text) > LONGEST[key]
    ]
    blank = [
        {"field": [key], "message": f"{key.title()} can't be blank"}
        for key, text in given.items()
        if not text
    ]
    return too_long or blank or _query_errors(store, given.get("query"))


def _query_errors(store: Store, query: str | None) -> list[Payload]:
    if query is None:
        return []
    metafields = {
        f"metafields.{place[1]}.{place[2]}" for place in store.definitions if place[0] == "CUSTOMER"
    }
    return [{"field": ["query"], "message": f"Query {words}"} for words in problems(query, metafields)]


def _free_name(store: Store, wanted: str, own: str = "") -> str:
    """A name that is taken is no error: Shopify counts on behind it."""
    taken = {one["name"] for one in store.segments.values() if one["id"] != own}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _create(_: None, info: Info, *, name: str, query: str) -> Payload:
    store: Store = info.context
    errors = _errors(store, {"name": name, "query": query})
    if not errors and len(store.segments) >= MOST_SEGMENTS:
        errors = [{"field": None, "message": LIMIT_REACHED}]
    if errors:
        return {"segment": None, "userErrors": errors}
    segment = {
        "__typename": "Segment",
        "id": f"{GID}Segment/{store.next_number()}",
        "name": _free_name(store, name),
        "query": query,
        "creationDate": moment(store.now),
        "lastEditDate": moment(store.now),
    }
    store.segments[segment["id"]] = segment
    return {"segment": segment, "userErrors": []}


def _update(_: None, info: Info, *, id: str, name: str | None = None, query: str | None = None) -> Payload:  # noqa: A002 - theirs
    store: Store = info.context
    if id not in store.segments:
        return {"segment": None, "userErrors": [{"field": ["id"], "message": MISSING}]}
    given = {key: text for key, text in (("name", name), ("query", query)) if text is not None}
    if errors := _errors(store, given):
        return {"segment": None, "userErrors": errors}
    if name is not None:
        given["name"] = _free_name(store, name, own=id)
    store.segments[id] = store.segments[id] | given | {"lastEditDate": moment(store.now)}
    return {"segment": store.segments[id], "userErrors": []}


def _delete(_: None, info: Info, *, id: str) -> Payload:  # noqa: A002 - theirs
    if info.context.segments.pop(id, None):
        return {"deletedSegmentId": id, "userErrors": []}
    return {"deletedSegmentId": None, "userErrors": [{"field": ["id"], "message": MISSING}]}


def _segment(_: None, info: Info, *, id: str) -> View:  # noqa: A002 - theirs
    if id not in info.context.segments:
        raise GraphQLError(MISSING, extensions={"code": "NOT_FOUND"})
    segment: View = info.context.segments[id]
    return segment


def _segments(_: None, info: Info, *, query: str | None = None, sortKey: str = "", **page: Any) -> View:  # noqa: N803
    del sortKey  # by id, which is by creation
    wanted = re.fullmatch(r"""name:["'](.*)["']""", query or "")
    if query and not wanted:
        raise GraphQLError("the fake finds segments by name only")
    every = info.context.segments.values()
    return connection([one for one in every if wanted is None or one["name"] == wanted[1]], page)


def _count(_: None, info: Info, **_arguments: Any) -> View:
    return {"count": len(info.context.segments), "precision": "EXACT"}


_TAGGED = re.compile(r"customer_tags CONTAINS '([^']+)'")


def _members(_: None, info: Info, *, segmentId: str, **page: Any) -> View:  # noqa: N803
    """Page through a segment's members; the fake can tell of one that asks for a single tag."""
    store: Store = info.context
    asked = _TAGGED.fullmatch(_segment(None, info, id=segmentId)["query"])
    if asked is None:
        raise GraphQLError("the fake knows the members of a segment by one tag only")
    wanted = asked[1].lower()
    found = [
        # NOTE: a member's id has the customer's own number
        {"__typename": "CustomerSegmentMember", "id": f"{GID}CustomerSegmentMember/{one.number}"}
        for one in store.of_kind("Customer")
        if wanted in (tag.lower() for tag in one.tags)
    ]
    return {**connection(found, page), "totalCount": len(found)}


QUERIES: dict[str, Root] = {
    "customerSegmentMembers": _members,
    "segment": _segment,
    "segments": _segments,
    "segmentsCount": _count,
}
MUTATIONS: dict[str, Root] = {"segmentCreate": _create, "segmentDelete": _delete, "segmentUpdate": _update}

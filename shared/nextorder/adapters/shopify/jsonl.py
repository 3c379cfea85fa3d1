"""The lines of a bulk operation's result, in any order, joined into nodes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from nextorder.domain.errors import BadPayload
from nextorder.domain.imports import Reject

_CHILDREN: Final = {
    "Order": {"LineItem": "lineItems", "ShippingLine": "shippingLines", "": "shippingLines"},
    "Product": {"ProductVariant": "variants"},
}
"""Kind of parent -> kind of child -> the connection it came from; a shipping line may have no id."""
_PARENT: Final = b'"__parentId":"'
_ID: Final = b'{"id":"'

Json = dict[str, Any]


@dataclass(slots=True)
class Joined:
    """Nodes whose connections are lists, by id."""

    nodes: list[Json] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def root_of(line: bytes) -> str:
    """
    Return the id of the order, customer or product that a line belongs to.

    Most lines are looked at and not parsed: inside a JSON text a quote is never bare, so these
    marks can only be the real ones.

    Raises:
        BadPayload: The line is not a JSON object with an id.
    """
    start = line.rfind(_PARENT)
    if start >= 0:
        return _text(line, start + len(_PARENT))
    # NOTE: Shopify writes keys in the query's order, and no white space between them.
    if line.startswith(_ID) and b"__parentId" not in line:
        return _text(line, len(_ID))
    parsed = _object(line)
    return str(parsed.get("__parentId") or parsed["id"])


def join(lines: Iterable[bytes]) -> Joined:
    """
    Join all the lines of whole orders, customers or products; a line that comes twice counts once.

    What cannot be used, or belongs to a parent that is not among the lines, is refused with a reason.
    """
    joined = Joined()
    parents: dict[str, Json] = {}
    children: dict[tuple[str, str], tuple[Json, bytes]] = {}
    for line in lines:
        try:
            found = _object(line)
        except BadPayload as error:
            joined.rejects.append(Reject(id="", reason=str(error), text=_shown(line)))
            continue
        if "__parentId" in found:
            children.setdefault((found["__parentId"], str(found.get("id") or line)), (found, line))
        else:
            parents.setdefault(found["id"], _with_lists(found))
    joined.nodes += parents.values()
    for child, line in sorted(children.values(), key=lambda pair: _number(pair[0])):
        if reason := _attach(child, parents):
            joined.rejects.append(Reject(id=str(child.get("id") or ""), reason=reason, text=_shown(line)))
    return joined


def _attach(child: Json, parents: dict[str, Json]) -> str:
    """Put a child to its parent; return why that cannot be, empty where it can."""
    parent = parents.get(child["__parentId"])
    if parent is None:
        return "its parent is not among the lines"
    place = _CHILDREN.get(_kind(parent["id"]), {}).get(_kind(str(child.get("id") or "")))
    if place is None:
        return "not a line that our documents ask for"
    parent[place].append(child)
    return ""


def _with_lists(parent: Json) -> Json:
    return {place: [] for place in _CHILDREN.get(_kind(parent["id"]), {}).values()} | parent


def _number(child: Json) -> int:
    """Return the number of a line's id: Shopify made them in this order, and wrote them in any."""
    digits = str(child.get("id") or "").rpartition("/")[2]
    return int(digits) if digits.isdecimal() else 0


def _kind(gid: str) -> str:
    return gid.removeprefix("gid://shopify/").partition("/")[0]


def _object(line: bytes) -> Json:
    try:
        found = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise BadPayload("not JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("__parentId", found.get("id")), str):
        raise BadPayload("not an object with an id")
    return found


def _text(line: bytes, start: int) -> str:
    end = line.find(b'"', start)
    if end < 0:
        raise BadPayload("not JSON")
    return line[start:end].decode(errors="replace")


def _shown(line: bytes) -> str:
    return line.decode(errors="replace").strip()

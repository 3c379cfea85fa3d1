"""Klaviyo's pages: a size, an opaque cursor, and a link to the next one."""

import base64
from typing import Any

from tests.fakes.klaviyo.errors import bad_parameter
from tests.fakes.wire import Answer, Request

DEFAULT_SIZE = 20
SMALL_SIZE = 10
"""Of segments and lists; nobody can ask for more of them."""


def page(
    request: Request, base: str, items: list[dict[str, Any]], default_size: int = DEFAULT_SIZE
) -> Answer:
    """Return one page of the items."""
    arguments = request.arguments
    start, size = _read(arguments.get("page[cursor]", "")), int(arguments.get("page[size]", default_size))
    links = {"self": f"{base}{request.path}"}
    if start + size < len(items):
        cursor = base64.urlsafe_b64encode(f"next::{start + size}".encode()).decode()
        kept = [part for part in request.query.split("&") if part and "cursor" not in part]
        links["next"] = f"{base}{request.path}?{'&'.join([*kept, f'page%5Bcursor%5D={cursor}'])}"
    return Answer(body={"data": items[start : start + size], "links": links})


def fields(request: Request, kind: str = "profile") -> frozenset[str] | None:
    """Return the fields of a resource that are asked for, None for all."""
    given = request.arguments.get(f"fields[{kind}]")
    return None if given is None else frozenset(given.split(","))


def additional(request: Request) -> frozenset[str]:
    """Return the fields of a profile that are shown only on request, and are."""
    return frozenset(request.arguments.get("additional-fields[profile]", "").split(","))


def _read(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("next::"))
    except ValueError as error:
        raise bad_parameter("page[cursor]", "Invalid cursor.") from error

"""What Shopify refuses in one mutation's payload, as codes that are safe to keep."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nextorder.domain.changes import CUSTOMER_MISSING
from nextorder.domain.errors import Refused
from nextorder.domain.refusals import TAG_LIMIT


def user_errors(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the user errors of all mutations of an answer."""
    for payload in data.values():
        yield from (payload or {}).get("userErrors") or []


def refusal(codes: Iterable[str]) -> Refused:
    """Return the refusal that several codes come to: the gravest."""
    return Refused(min(codes, key=_gravity))


def refusal_code(error: Mapping[str, Any]) -> str:
    """Name a user error; its message may quote values and is not kept."""
    message = str(error.get("message", ""))
    if "does not exist" in message:
        return CUSTOMER_MISSING
    if "250" in message:
        return TAG_LIMIT
    code = error.get("code")
    return f"metafield-{str(code).lower()}" if code else "tag-refused"


def _gravity(code: str) -> tuple[int, str]:
    return {CUSTOMER_MISSING: 0, TAG_LIMIT: 1}.get(code, 2), code

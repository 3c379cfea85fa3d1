"""What Shopify refuses in one mutation's payload, as codes that are safe to keep."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from nextorder.domain.changes import CUSTOMER_MISSING
from nextorder.domain.errors import Refused
from nextorder.domain.refusals import TAG_LIMIT

_OWNERS: Final = frozenset({"id", "ownerId"})
"""Fields that say whom a mutation is about: tags by the one, metafields by the other."""


def user_errors(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the user errors of all mutations of an answer."""
    for payload in data.values():
        yield from (payload or {}).get("userErrors") or []


def refusal(codes: Iterable[str]) -> Refused:
    """Return the refusal that several codes come to: the gravest."""
    return Refused(min(codes, key=_gravity))


def refusal_code(error: Mapping[str, Any]) -> str:
    """
    Name a user error by its field and code; its message may quote values and is not kept.

    NOTE: errors of tags have no code; that their limit is told of `tags` is known of customerCreate.
    """
    field = error.get("field") or [""]
    if field[-1] in _OWNERS:
        return CUSTOMER_MISSING
    code = error.get("code")
    if code or field[0] == "metafields":
        return f"metafield-{str(code or 'refused').lower()}"
    return TAG_LIMIT if "250" in str(error.get("message", "")) else "tag-refused"


def _gravity(code: str) -> tuple[int, str]:
    return {CUSTOMER_MISSING: 0, TAG_LIMIT: 1}.get(code, 2), code

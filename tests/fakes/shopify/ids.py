"""Global ids and moments, as Shopify writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GID = "gid://shopify/"


def gid(kind: str, number: object) -> str:
    """Return the global id; a global id stays as it is."""
    text = str(number)
    return text if text.startswith(GID) else f"{GID}{kind}/{text}"


def id_of(kind: str, body: Mapping[str, Any]) -> str:
    """Return a body's global id; its number may be rounded in documentation samples."""
    return gid(kind, body.get("admin_graphql_api_id") or body["id"])


def kind_of(global_id: str) -> str:
    """Return `Customer` for gid://shopify/Customer/1, "" for what is no global id."""
    parts = global_id.removeprefix(GID).split("/")
    return parts[0] if global_id.startswith(GID) and len(parts) == 2 else ""


def number_of(global_id: str) -> str:
    """Return the number at the end."""
    return global_id.rsplit("/", 1)[-1]


def moment(seconds: float) -> str:
    """Return Shopify's DateTime."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def seconds(text: str | None, otherwise: float) -> float:
    """Return a body's moment as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp() if text else otherwise

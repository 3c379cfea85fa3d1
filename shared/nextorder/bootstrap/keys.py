"""The connected shops' keys, read once for all that need them."""

from collections.abc import Mapping
from functools import cache

from nextorder.adapters.connections import Connections
from nextorder.bootstrap import environment as env


@cache
def connections() -> Connections:
    """Return the connected shops' keys."""
    return Connections(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"))


def has_klaviyo(shop: str) -> bool:
    """Tell whether a shop has given us a key to its Klaviyo account, as far as we know."""
    keys = connections().of(shop)
    return bool(keys and keys.klaviyo_api_key)


def settings_of(shop: str, destination: str) -> Mapping[str, str] | None:
    """Return what a shop has told us of another destination, as far as we know; None = nothing."""
    keys = connections().of(shop)
    return keys.destinations.get(destination) if keys else None


def is_connected(shop: str, destination: str) -> bool:
    """Tell whether a shop has connected a destination, as far as we know."""
    match destination:
        case "shopify":
            return True
        case "klaviyo":
            return has_klaviyo(shop)
    return settings_of(shop, destination) is not None


def is_connected_now(shop: str, destination: str) -> bool:
    """Tell the same, and look again before saying no: it may have just been connected."""
    return is_connected(shop, destination) or (connections().refresh() and is_connected(shop, destination))


def has_klaviyo_now(shop: str) -> bool:
    """Tell the same, and look again before saying no: a key may have just been connected."""
    return has_klaviyo(shop) or (connections().refresh() and has_klaviyo(shop))

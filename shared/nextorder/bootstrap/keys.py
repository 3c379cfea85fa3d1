"""The connected shops' keys, read once for all that need them."""

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


def has_klaviyo_now(shop: str) -> bool:
    """Tell the same, and look again before saying no: a key may have just been connected."""
    return has_klaviyo(shop) or (connections().refresh() and has_klaviyo(shop))

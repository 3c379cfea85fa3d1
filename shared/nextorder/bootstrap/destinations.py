"""The destinations beside Shopify and Klaviyo: one line each, their folders imported on demand."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, cast

from nextorder.adapters.destination_parts import Folder, Parts
from nextorder.adapters.http import Http
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.update import shops
from nextorder.domain.errors import BadSettings, NeedsHuman
from nextorder.ports import Destination

OTHERS: Final[tuple[str, ...]] = ("segment",)
"""Each is the name of a folder of adapters, and of the destination."""


def folder(name: str) -> Folder:
    """
    Return what a destination's folder says of itself.

    Raises:
        BadSettings: There is no such destination.
    """
    if name not in OTHERS:
        raise BadSettings(f"{name} is no destination: there are {', '.join(OTHERS) or 'none'}")
    return cast("Folder", import_module(f"nextorder.adapters.{name}.destination"))


def other(name: str, *, http: Http) -> Destination:
    """Return a destination, ready to be called."""

    def settings(shop: str) -> Mapping[str, str]:
        found = settings_now(shop, name)
        if found is None:
            raise NeedsHuman(f"{name} is not connected: run `nextorder connect {name}`")
        return found

    parts = Parts(settings=settings, http=http, catalogue=shops().catalogue, renew=connections().refresh)
    return folder(name).destination(parts)


def settings_of(shop: str, name: str) -> Mapping[str, str] | None:
    """Return what a shop has told us of a destination, as far as we know; None = it is not connected."""
    keys = connections().of(shop)
    return keys.destinations.get(name) if keys else None


def settings_now(shop: str, name: str) -> Mapping[str, str] | None:
    """Return the same, and look again before saying that there are none."""
    found = settings_of(shop, name)
    return settings_of(shop, name) if found is None and connections().refresh() else found

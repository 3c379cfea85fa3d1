"""The destinations beside Shopify and Klaviyo: one line each, their folders imported on demand."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, cast

from nextorder.adapters.destination_parts import Folder, Parts
from nextorder.adapters.http import Http
from nextorder.bootstrap.keys import connections, is_connected_now, settings_of
from nextorder.bootstrap.update import shops
from nextorder.domain.errors import BadSettings, NeedsHuman
from nextorder.ports import Destination

OTHERS: Final[tuple[str, ...]] = (
    "activecampaign",
    "ga4",
    "hubspot",
    "mailchimp",
    "rule",
    "segment",
    "webhook",
)
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


def tried(name: str, settings: Mapping[str, str]) -> Destination:
    """Return a destination with settings that are not kept yet."""
    parts = Parts(settings=lambda _: settings, http=Http(name), catalogue=shops().catalogue)
    return folder(name).destination(parts)


def other(name: str, *, http: Http) -> Destination:
    """Return a destination, ready to be called."""

    def settings(shop: str) -> Mapping[str, str]:
        found = settings_of(shop, name) if is_connected_now(shop, name) else None
        if found is None:
            raise NeedsHuman(f"{name} is not connected: run `nextorder connect {name}`")
        return found

    parts = Parts(settings=settings, http=http, catalogue=shops().catalogue, renew=connections().refresh)
    return folder(name).destination(parts)

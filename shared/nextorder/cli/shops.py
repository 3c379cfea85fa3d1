"""Which shop a command is about."""

import argparse
import time
from typing import Any, Final

from nextorder.bootstrap.update import shops
from nextorder.cli.progress import during
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop

UNTIL_KNOWN_SECONDS: Final = 61
"""Functions remember a shop's settings for a minute."""


def add_shop(parser: argparse.ArgumentParser) -> None:
    """Add --shop; with one connected shop it need not be given."""
    parser.add_argument("--shop", default="", help="myshopify.com domain (default: the only connected one)")
    add_stack(parser)


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Take --stack after the command, too; what stands before it is kept."""
    parser.add_argument("--stack", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def chosen_shop(options: argparse.Namespace) -> Shop:
    """
    Return the shop that was meant.

    Raises:
        BadSettings: None, or more than one, could be meant.
    """
    return _connected(options.shop.lower() or _only_one())


def shop_with_app(options: argparse.Namespace) -> Shop:
    """
    Return the shop that was meant, if our app is in it: else nothing can be let out.

    Raises:
        BadSettings: It is not, or `chosen_shop` raises it.
    """
    shop = chosen_shop(options)
    if left := shop.uninstalled_at:
        raise BadSettings(
            f"the app is out of {shop.id} since {left:%Y-%m-%d %H:%M} UTC: install it there, then "
            f"run `nextorder connect shopify --shop {shop.id}`"
        )
    return shop


def change_shop(domain: str, **changes: Any) -> Shop:
    """
    Change these fields of a shop and return it as it is held then.

    Raises:
        BadSettings: It is not connected, or no longer.
    """
    shops().change(domain, **changes)
    return _connected(domain)


def let_it_be_known(until: str) -> None:
    """Wait until every function has read a shop again."""
    with during("waiting", f"a minute until {until}"):
        time.sleep(UNTIL_KNOWN_SECONDS)


def _connected(domain: str) -> Shop:
    shop = shops().get(domain)
    if shop is None:
        raise BadSettings(f"{domain} is not connected: run `nextorder connect shopify --shop {domain}`")
    return shop


def _only_one() -> str:
    """Return the shop that is connected, or the last one that was; no app is in it, yet all is held."""
    here: list[str] = []
    left: list[str] = []
    for domain in shops().connected():
        shop = shops().get(domain)
        (left if shop and shop.uninstalled_at else here).append(domain)
    meant = here or left
    if len(meant) == 1:
        return meant[0]
    if not here and not left:
        raise BadSettings(
            "no shop is connected yet: run `nextorder connect shopify --shop YOURS.myshopify.com "
            "--client-id ID`"
        )
    uninstalled = f"; uninstalled: {', '.join(left)}" if left else ""
    raise BadSettings(f"name the shop with --shop (connected: {', '.join(here) or 'none'}{uninstalled})")

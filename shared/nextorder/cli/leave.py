"""`nextorder uninstall`: take back everything we wrote, while the app's token still works."""

import argparse
import time
from typing import Any, Final

from nextorder.bootstrap.publish import DESTINATIONS
from nextorder.cli.publishing import publish_everyone
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.domain.errors import RetryLater
from nextorder.use_cases.publication import Published

_UNTIL_KNOWN_SECONDS: Final = 61
"""Functions remember a shop's settings for a minute."""


def add_to(commands: Any) -> None:
    """Add `uninstall`."""
    parser = commands.add_parser("uninstall", help="take back all tags, metafields and properties of ours")
    parser.add_argument("--now", action="store_true", help="do not wait until no publisher shows any more")
    add_shop(parser)
    parser.set_defaults(run=run_uninstall)


def run_uninstall(options: argparse.Namespace) -> None:
    """
    Stop publishing, then take back what every destination shows of everyone.

    Raises:
        RetryLater: Some customers are still shown; run it again.
    """
    shop = change_shop(chosen_shop(options).id, applied=False)
    print(f"  {shop.id}: publishing is off")
    if not options.now:
        print("  waiting a minute until every publisher knows")
        time.sleep(_UNTIL_KNOWN_SECONDS)
    left = 0
    for name, counts in publish_everyone(shop, DESTINATIONS, take_back=True).items():
        print(f"  {name:<9} taken back from {counts.get(Published.SENT, 0)} customers")
        left += counts.get(Published.LATER, 0)
    if left:
        raise RetryLater(f"{left} customers are still shown: run it again")
    print("  ->  now take the app out in Shopify's admin; 48 hours later all that is held here is deleted")

"""`nextorder connect`: hand the platforms' keys to the stack's secret, and check them."""

from typing import Any

from nextorder.cli import connect_klaviyo, connect_other
from nextorder.cli.connect_shopify import add_options, connect_shopify


def add_to(commands: Any) -> None:
    """Add `connect shopify`, `connect klaviyo` and one for each further destination."""
    connect = commands.add_parser("connect", help="connect a shop, a Klaviyo account or another destination")
    targets = connect.add_subparsers(dest="target", required=True, metavar="NAME")

    shopify = targets.add_parser("shopify", help="a shop, by its Dev Dashboard app; run it again to repair")
    add_options(shopify)
    shopify.set_defaults(run=connect_shopify)

    klaviyo = targets.add_parser("klaviyo", help="a Klaviyo account, by its private key")
    connect_klaviyo.add_options(klaviyo)
    klaviyo.set_defaults(run=connect_klaviyo.connect_klaviyo)

    connect_other.add_to(targets)

"""`nextorder forget`: let go of one customer, as when Shopify asks for it."""

import argparse
from datetime import UTC, datetime
from typing import Any

from nextorder.bootstrap import forget
from nextorder.bootstrap.publish import capabilities
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.show import customer_id
from nextorder.use_cases.forget import delete_profiles, redact_customer


def add_to(commands: Any) -> None:
    """Add `forget`."""
    parser = commands.add_parser("forget", help="let go of one customer for good, here and everywhere else")
    parser.add_argument("customer", help="Shopify's id, numeric or as gid://shopify/Customer/...")
    parser.add_argument(
        "--delete-profiles",
        action="store_true",
        help="delete the whole person, with what others know of them, where that can be done; not in Shopify",
    )
    add_shop(parser)
    parser.set_defaults(run=run_forget)


def run_forget(options: argparse.Namespace) -> None:
    """
    Erase what is held of a customer and have ours taken off everywhere; whole profiles only when asked.

    They are never scored again. Safe to repeat.

    Raises:
        RetryLater, NeedsHuman, Refused: A profile could not be deleted; then nothing is erased here.
    """
    shop, customer = chosen_shop(options), customer_id(options.customer)
    archive = forget.archive()
    if options.delete_profiles:
        everywhere = forget.publishers(shop.id)
        for name in delete_profiles(shop, customer, publishers=everywhere, archive=archive):
            print(f"  {name:<9} deletes the whole {capabilities(name).person}, if it has one")
    redact_customer(shop.id, customer, archive=archive, as_of=datetime.now(UTC))
    print(f"  erased    all that was held here of {customer}; what is shown elsewhere is taken off now")

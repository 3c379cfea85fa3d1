"""`nextorder forget`: let go of one customer, as when Shopify asks for it."""

import argparse
from datetime import UTC, datetime
from typing import Any

from nextorder.bootstrap import forget
from nextorder.bootstrap.publish import capabilities
from nextorder.bootstrap.update import customers
from nextorder.cli.asking import said_yes
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.show import customer_id
from nextorder.domain.facts import Order
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord
from nextorder.use_cases.forget import Archive, delete_profiles, redact_customer


def add_to(commands: Any) -> None:
    """Add `forget`."""
    parser = commands.add_parser("forget", help="let go of one customer for good, here and everywhere else")
    parser.add_argument("customer", help="Shopify's id, numeric or as gid://shopify/Customer/...")
    parser.add_argument(
        "--delete-profiles",
        action="store_true",
        help="delete the whole person, with what others know of them, where that can be done; not in Shopify",
    )
    parser.add_argument("--yes", action="store_true", help="agree beforehand")
    add_shop(parser)
    parser.set_defaults(run=run_forget)


def run_forget(options: argparse.Namespace) -> int:
    """
    Erase what is held of a customer and have ours taken off everywhere; whole profiles only when asked.

    They are never scored again. Safe to repeat.

    Returns:
        1 when nobody agreed, or nothing was held: a mistyped id must not bar its owner from now on.

    Raises:
        RetryLater, NeedsHuman, Refused: A profile could not be deleted; then nothing is erased here.
    """
    shop, customer = chosen_shop(options), customer_id(options.customer)
    record = customers().read(shop.id, customer)
    is_held = record != CustomerRecord()
    if not is_held:
        print(f"  nothing is held of customer {customer}, and nothing of ours is on record elsewhere")
    if not (is_held or options.delete_profiles):
        return 1
    profiles = ", and delete the whole person elsewhere" if options.delete_profiles else ""
    if not (options.yes or said_yes(f"forget customer {customer} of {shop.id} for good{profiles}?")):
        return 1
    archive = forget.archive()
    if options.delete_profiles:
        _delete_profiles(shop, customer, archive)
    if is_held:
        orders = [fact.id for fact in record.facts if isinstance(fact, Order)]
        redact_customer(shop.id, customer, orders=orders, archive=archive, as_of=datetime.now(UTC))
        print(f"  erased    all that was held here of {customer}; what is shown elsewhere is taken off now")
    return int(not is_held)


def _delete_profiles(shop: Shop, customer: str, archive: Archive) -> None:
    everywhere = forget.publishers(shop.id)
    for name in delete_profiles(shop, customer, publishers=everywhere, archive=archive):
        print(f"  {name:<9} deletes the whole {capabilities(name).person}, if it has one")

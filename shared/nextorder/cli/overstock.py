"""`nextorder overstock`: ask for the likely buyers of a product that has to move, for a fortnight."""

import argparse
import re
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.domain.catalogue import MAX_TAG_CHARACTERS
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Push, Shop

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def add_to(commands: Any) -> None:
    """Add `overstock`."""
    parser = commands.add_parser("overstock", help="show, ask for or stop the audience of a product")
    parser.add_argument(
        "product",
        nargs="?",
        default="",
        help="a short name of yours: blue-mug makes the tag overstock:blue-mug (default: show all)",
    )
    parser.add_argument(
        "--category",
        default="",
        help="whose buyers are meant: a category of your products, such as mugs",
    )
    parser.add_argument("--stop", action="store_true", help="end it before the fortnight is over")
    add_shop(parser)
    parser.set_defaults(run=run_overstock)


def run_overstock(options: argparse.Namespace) -> None:
    """Write what is asked for, if anything is, and print all that is."""
    shop = chosen_shop(options)
    if not options.product and (options.stop or options.category):
        raise BadSettings("name the product: nextorder overstock PRODUCT --category CATEGORY, or --stop")
    if options.product:
        others = tuple(push for push in shop.pushes if push.product != options.product)
        pushes = others if options.stop else (*others, _push(shop, options))
        shop = change_shop(shop.id, pushes=pushes)
    for push in shop.pushes:
        print(f"  overstock:{push.product}  {push.category}, asked for on {push.asked_at:%Y-%m-%d}")
    if not shop.pushes:
        print("  nothing is asked for")


def _push(shop: Shop, options: argparse.Namespace) -> Push:
    tag = f"{shop.tag_prefix}overstock:{options.product}"
    if not _SLUG.fullmatch(options.product) or len(tag) > MAX_TAG_CHARACTERS:
        raise BadSettings(
            f"{options.product}: a name is of a-z, 0-9 and -, its tag of {MAX_TAG_CHARACTERS} at most"
        )
    known = shop.numbers.category_shares
    if known and options.category not in known:
        raise BadSettings(f"--category: expected one of {', '.join(sorted(known))}")
    if not options.category:
        raise BadSettings("--category: whose buyers are meant?")
    return Push(
        product=options.product, category=options.category, asked_at=datetime.now(UTC).replace(microsecond=0)
    )

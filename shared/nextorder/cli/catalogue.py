"""`nextorder catalogue`: which segments a shop has, and how to change them."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nextorder.bootstrap.update import packaged, shops
from nextorder.cli.fit import frozen_anew
from nextorder.cli.installing import let_segments_follow
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.terms import add_yes, put_in_force
from nextorder.cli.text_file import read_text
from nextorder.domain.catalogue import MANY_ON, Catalogue, catalogue_name, parse_catalogue


def add_to(commands: Any) -> None:
    """Add `catalogue`."""
    parser = commands.add_parser("catalogue", help="show, check or change a shop's segments and thresholds")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="print the catalogue in force, to be edited and applied")
    check = actions.add_parser("check", help="say what is wrong with a file, with the line; needs no stack")
    apply = actions.add_parser("apply", help="put a file in force, or this release's own catalogue")
    check.add_argument("file", type=Path, help="an edited copy of what `nextorder catalogue show` prints")
    apply.add_argument(
        "file", type=Path, nargs="?", help="as for `check` (default: this release's own catalogue)"
    )
    add_yes(apply)
    for action, run in ((show, run_show), (apply, run_apply)):
        add_shop(action)
        action.set_defaults(run=run)
    check.set_defaults(run=run_check, needs_stack=False)


def run_show(options: argparse.Namespace) -> None:
    """Print the text in force; what else there is to say goes beside it."""
    shop = chosen_shop(options)
    print(shops().catalogue_text(shop), end="")
    if shop.catalogue and shop.catalogue != catalogue_name(packaged()):
        print("# this release's own catalogue is another: `nextorder catalogue apply`", file=sys.stderr)


def run_check(options: argparse.Namespace) -> None:
    """Read the file as `apply` would; whom it would move only a shop's customers can tell."""
    _describe(parse_catalogue(read_text(options.file), named=str(options.file)))
    print(f"  ->  `nextorder catalogue apply {options.file}` shows first whom it would move")


def run_apply(options: argparse.Namespace) -> int:
    """
    Pin a catalogue, with the shop's numbers frozen anew for it: its ranks and floors need them.

    Shopify's segments follow at once, customers' tags within a day.

    Returns:
        1 when it was not put in force.
    """
    shop = chosen_shop(options)
    text = read_text(options.file) if options.file else packaged()
    named = str(options.file or "catalogue")
    catalogue = parse_catalogue(text, prefix=shop.tag_prefix, named=named)
    _describe(catalogue)
    name = shops().save_catalogue(shop.id, text)
    if name == shop.catalogue:
        print("  it is in force already")
        return 0
    if shop.numbers.fitted_at is None:
        change_shop(shop.id, catalogue=name)
        print("  in force  from the first `nextorder fit` or `nextorder import` on numbers of the shop's own")
    else:
        as_of = datetime.now(UTC)
        numbers = frozen_anew(shop, catalogue, as_of)
        if not put_in_force(shop, as_of, yes=options.yes, catalogue=name, numbers=numbers):
            return 1
    let_segments_follow(chosen_shop(options))
    return 0


def _describe(catalogue: Catalogue) -> None:
    on = [name for name in catalogue.entries if catalogue.on(name)]
    print(f"  {len(catalogue.entries)} segments, {len(on)} of them on: {', '.join(on)}")
    if len(on) >= MANY_ON:
        print(f"  {len(on)} are many: every tag wants a flow, and a flow wants an owner")

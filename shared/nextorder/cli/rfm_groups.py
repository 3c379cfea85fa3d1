"""`nextorder rfm-groups`: Shopify's RFM group of each customer, as a file to hold ours against later."""

import argparse
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.rfm_groups import read_rfm_groups
from nextorder.bootstrap.publish import shopify_client
from nextorder.cli.keyed_file import write_keyed
from nextorder.cli.out import check_out
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.phrases import counted
from nextorder.domain.published import shop_day

_PATIENCE_SECONDS: Final = 3_600.0
"""At some 30 points a page of 250, half of a shop's bucket reads a million customers in forty minutes."""
_COLUMN: Final = "rfm_group"


def add_to(commands: Any) -> None:
    """Add `rfm-groups`."""
    parser = commands.add_parser(
        "rfm-groups", help="write which RFM group Shopify puts each customer in, for `backtest --against`"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="file to write")
    add_shop(parser)
    parser.set_defaults(run=run_rfm_groups)


def run_rfm_groups(options: argparse.Namespace) -> None:
    """
    Write a row for each customer who is in a group, by a keyed id.

    Shopify tells the groups of now alone: read today, they can be held against ours from tomorrow's
    clock on, once 30 days or more have passed.
    """
    shop = chosen_shop(options)
    check_out(options.out)
    patience = Patience(time.sleep, seconds=_PATIENCE_SECONDS)
    read_at = datetime.now(UTC)
    found = read_rfm_groups(shopify_client(patient=True), shop.id, patience)
    groups = dict(Progress("found", 0, "customers in a group").over(found))
    if not groups:
        raise BadSettings("Shopify puts nobody in a group: it does so some time after the first orders")
    said = {customer: {_COLUMN: group} for customer, group in groups.items()}
    write_keyed(options.out, shop, said, [_COLUMN], read_at)
    print(f"  wrote     {options.out}: {counted(len(groups), 'customer')}, by keyed ids")
    for group, count in Counter(groups.values()).most_common():
        print(f"    {group.lower():<18} {count:>7}")
    after = shop_day(read_at, shop.zone) + timedelta(days=1)
    print(f"  ->  in 30 days or more: nextorder backtest --as-of {after} --against {options.out}")

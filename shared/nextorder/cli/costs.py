"""`nextorder costs`: what goods cost where Shopify does not know, and orders priced anew with it."""

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.amounts import exact_amount
from nextorder.bootstrap.costs import unit_costs
from nextorder.bootstrap.update import customers
from nextorder.cli.apply_costs import apply_costs
from nextorder.cli.out import check_out
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.terms import add_yes
from nextorder.cli.text_file import read_text
from nextorder.domain.cost_file import COLUMNS, COST, CURRENCY, SINCE, SKU, VARIANT, CostFile, read_costs
from nextorder.domain.dear_costs import FAR_ABOVE, Dear, dear_costs, mean_prices
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.missing_costs import Missing, missing_costs
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import ALWAYS, Goods

_SHOWN: Final = 20
_REFUSED_SHOWN: Final = 5
_LISTED: Final = (SKU, VARIANT, COST, SINCE, CURRENCY, "category", "units_sold", "revenue")


def add_to(commands: Any) -> None:
    """Add `costs`."""
    parser = commands.add_parser("costs", help="tell what goods cost, and give old orders their costs")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="how much is known of costs, and what you have told")
    take = actions.add_parser("import", help="take what goods cost from a CSV file")
    export = actions.add_parser("export", help="list what has no cost, the most sold first, to be filled in")
    apply = actions.add_parser("apply", help="give orders the costs that came after them")
    take.add_argument("file", type=Path, help=f"its columns: {COLUMNS}")
    take.add_argument("--check", action="store_true", help="say what the file means, and write nothing")
    take.add_argument(
        "--rejects", type=Path, metavar="FILE.csv", help="where unusable lines go (default: FILE.rejects.csv)"
    )
    export.add_argument("file", type=Path, nargs="?", help="where to write it (default: on the screen)")
    add_yes(take)
    add_yes(apply)
    runs = ((show, run_show), (take, run_import), (export, run_export), (apply, run_apply))
    for action, run in runs:
        add_shop(action)
        action.set_defaults(run=run)


def run_import(options: argparse.Namespace) -> int:
    """
    Keep what the file says, beside what Shopify says, then give orders their costs.

    Returns:
        1 when nothing was put in force.
    """
    shop = chosen_shop(options)
    text = read_text(options.file)
    try:
        found = read_costs(text, shop, unit_costs().goods(shop.id))
    except BadSettings as wrong:
        raise BadSettings(f"{options.file}: {wrong}") from None
    _describe(found)
    if found.refused:
        _keep_refused(options.rejects or options.file.with_suffix(".rejects.csv"), found)
    if found.words:
        _warn_of(dear_costs(found, mean_prices(_orders(shop), shop)), shop)
    if options.check or not found.words:
        return int(not found.words)
    return int(not apply_costs(shop, datetime.now(UTC), yes=options.yes, words=found.words))


def run_apply(options: argparse.Namespace) -> int:
    """Give orders their costs; returns 1 when it was not put in force."""
    return int(not apply_costs(chosen_shop(options), datetime.now(UTC), yes=options.yes))


def run_show(options: argparse.Namespace) -> None:
    """Print how much is known, and the merchant's own words."""
    shop = chosen_shop(options)
    goods = unit_costs().goods(shop.id)
    now = datetime.now(UTC)
    told = [one for one in goods.values() if one.told]
    known = [one for one in goods.values() if not one.told and one.cost_at(now, shop.currency) is not None]
    print(f"  {len(goods)} variants are known")
    print(f"  {len(told):>7}  have a cost of yours")
    print(f"  {len(known):>7}  have Shopify's")
    print(f"  {len(goods) - len(told) - len(known):>7}  have none: a margin by category stands in")
    for one in sorted(told, key=lambda each: (each.sku, each.variant))[:_SHOWN]:
        print(f"  {one.sku or one.variant}: {_in_words(one, shop)}")
    if len(told) > _SHOWN:
        print(f"  and {len(told) - _SHOWN} more")


def run_export(options: argparse.Namespace) -> None:
    """Write a list that `costs import` reads once its costs are filled in."""
    shop = chosen_shop(options)
    if options.file:
        check_out(options.file, "FILE")
    goods = unit_costs().goods(shop.id)
    missing = missing_costs(_orders(shop))
    _write(options.file, [_row(one, goods, shop) for one in missing if one.variant])
    for one in missing:
        if not one.variant:
            sold = exact_amount(one.revenue, shop.currency)
            print(
                f"  {one.units} units for {sold} name no variant: a margin by category stands in",
                file=sys.stderr,
            )


def _row(one: Missing, goods: Mapping[str, Goods], shop: Shop) -> Sequence[object]:
    sku = goods[one.variant].sku if one.variant in goods else ""
    sold = exact_amount(one.revenue, shop.currency).removesuffix(f" {shop.currency}")
    return sku, one.variant, "", "", shop.currency, one.category, one.units, sold


def _orders(shop: Shop) -> Iterator[Order]:
    for _, record in Progress("read", shop.numbers.customers, "customers").over(
        customers().everyone(shop.id)
    ):
        yield from (fact for fact in record.facts if isinstance(fact, Order))


def _write(path: Path | None, rows: Sequence[Sequence[object]]) -> None:
    if path is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows([_LISTED, *rows])
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([_LISTED, *rows])
    print(f"  wrote     {len(rows)} variants without a cost to {path}")


def _describe(found: CostFile) -> None:
    variants = len({word.variant for word in found.words})
    print(f"  read      costs of {variants} variants")
    if found.unfilled:
        print(f"  passed    {found.unfilled} lines without a cost")
    if found.strange:
        print(f"  kept      {found.strange} lines on variants that the shop's products do not have now")
    if found.unread:
        print(f"  not read  {', '.join(found.unread)}")


def _warn_of(dear: Sequence[Dear], shop: Shop) -> None:
    if not dear:
        return
    print(f"  doubted   {len(dear)} costs over {FAR_ABOVE} times the mean price: are they of a whole pack?")
    for one in dear[:_REFUSED_SHOWN]:
        cost, price = exact_amount(one.cost, shop.currency), exact_amount(one.price, shop.currency)
        print(f"  line {one.line}: variant {one.variant} costs {cost} and was sold at {price}")


def _keep_refused(path: Path, found: CostFile) -> None:
    """Keep unusable lines as they were, each with its number, column and reason before it."""
    for one in found.refused[:_REFUSED_SHOWN]:
        print(f"  line {one.line}, {one.column}: {one.reason}")
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("line", "column", "reason", *found.header))
            table.writerows((one.line, one.column, one.reason, *one.row) for one in found.refused)
    except OSError as error:
        raise BadSettings(f"{path} cannot be written: {error.strerror}") from error
    print(f"  refused   {len(found.refused)} lines, kept with their reasons in {path}")


def _in_words(goods: Goods, shop: Shop) -> str:
    """Say the merchant's steps of one variant."""
    said = []
    for since, cost, currency in goods.told or ():
        amount = "not known" if cost is None else exact_amount(cost, currency or shop.currency)
        day = datetime.fromtimestamp(since, shop.zone)
        said.append(amount if since == ALWAYS else f"{amount} from {day:%Y-%m-%d}")
    return ", ".join(said)

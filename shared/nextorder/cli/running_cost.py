"""`nextorder cost`: what the stack costs a month on AWS, line by line, with what is assumed."""

import argparse
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from nextorder.bootstrap.costs import census
from nextorder.bootstrap.stack import attach_stack
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.phrases import counted
from nextorder.domain.running_cost import (
    ASSUMPTIONS,
    Line,
    Volume,
    bill,
    bill_of_import,
    dollars_a_million_webhooks,
)
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord

MONTH: Final = timedelta(days=30)


def add_to(commands: Any) -> None:
    """Add `cost`."""
    parser = commands.add_parser(
        "cost", help="what the stack costs a month on AWS; with --customers and --orders it needs none"
    )
    parser.add_argument(
        "--customers",
        type=int,
        metavar="COUNT",
        help="of so many customers (default: the shop's own, counted now)",
    )
    parser.add_argument(
        "--orders",
        type=int,
        metavar="COUNT",
        help="of so many orders a month (default: those of the last 30 days)",
    )
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_shop(parser)
    parser.set_defaults(run=run_cost, needs_stack=False)


def run_cost(options: argparse.Namespace) -> None:
    """Print the bill; with both numbers given, no stack is asked."""
    if min(options.customers or 0, options.orders or 0) < 0:
        raise BadSettings("--customers and --orders: expected whole numbers from 0")
    volume = _volume(options)
    lines = bill(volume)
    if options.json:
        print(json.dumps(_document(volume, lines), indent=1))
        return
    print(f"  {counted(volume.customers, 'customer')}, {counted(volume.orders, 'order')} a month")
    for what, dollars in _sums(lines).items():
        print(f"  {what:<30} ${dollars:>8.2f}")
    print(f"  {'a month':<30} ${sum(line.dollars for line in lines):>8.2f}")
    print(f"  a million webhooks more: ${dollars_a_million_webhooks():.2f}")
    print(f"  importing {volume.years:g} years of history, once: ${_import(volume):.2f}")
    print("  assumed:")
    for assumption in ASSUMPTIONS:
        print(f"  - {assumption}")


def _volume(options: argparse.Namespace) -> Volume:
    customers, orders = options.customers, options.orders
    if customers is None or orders is None:
        attach_stack(options.stack)
        own = _counted(chosen_shop(options), datetime.now(UTC))
        customers = own.customers if customers is None else customers
        orders = own.orders if orders is None else orders
    return Volume(customers=customers, orders=orders)


def _counted(shop: Shop, now: datetime) -> Volume:
    customers = orders = 0
    progress = Progress("read", shop.numbers.customers, "customers")

    def note(_: str, record: CustomerRecord) -> None:
        nonlocal customers, orders
        placed = [fact.placed_at for fact in record.facts if isinstance(fact, Order)]
        customers += bool(record.facts)
        orders += sum(now - MONTH < at <= now for at in placed)
        progress.step()

    census().take(shop.id, wanted=lambda _: True, note=note)
    progress.done()
    return Volume(customers=customers, orders=orders)


def _import(volume: Volume) -> float:
    return sum(line.dollars for line in bill_of_import(volume))


def _sums(lines: tuple[Line, ...]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for line in lines:
        sums[line.what] += line.dollars
    return sums


def _document(volume: Volume, lines: tuple[Line, ...]) -> dict[str, Any]:
    return {
        "customers": volume.customers,
        "orders_a_month": volume.orders,
        "dollars_a_month": round(sum(line.dollars for line in lines), 2),
        "dollars_of_import": round(_import(volume), 2),
        "dollars_a_million_webhooks": round(dollars_a_million_webhooks(), 2),
        "lines": [
            {
                "what": line.what,
                "unit": line.price.unit,
                "count": round(line.count, 3),
                "dollars": round(line.dollars, 4),
            }
            for line in lines
        ],
        "assumptions": list(ASSUMPTIONS),
    }

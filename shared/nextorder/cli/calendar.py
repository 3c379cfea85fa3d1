"""`nextorder calendar`: closures and big sales, from one file."""

import argparse
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nextorder.bootstrap.update import customers
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.text_file import read_text
from nextorder.domain.calendar import read_calendar, settled
from nextorder.domain.features import compute_features
from nextorder.domain.shop import MarkedDays, Shop


def add_to(commands: Any) -> None:
    """Add `calendar`."""
    parser = commands.add_parser(
        "calendar", help="show the shop's exceptional days, or take them from a file"
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="TOML with a table [[days]] for each, see README.md; it replaces what held (default: show it)",
    )
    parser.add_argument("--check", action="store_true", help="say what the file means, and write nothing")
    add_shop(parser)
    parser.set_defaults(run=run_calendar)


def run_calendar(options: argparse.Namespace) -> None:
    """Read the file, find what is as last year, put it in force; print what holds."""
    shop = chosen_shop(options)
    calendar = shop.calendar if options.file is None else _read(options.file, shop)
    if options.file and not options.check:
        calendar = change_shop(shop.id, calendar=calendar).calendar
    for days in calendar:
        print(f"  {days.first} to {days.last}  {described(days)}")
    if not calendar:
        print("  no exceptional days")
    if calendar and options.file and not options.check:
        print("  ->  the chances within 12 hours and 5 days allow for these")


def described(days: MarkedDays) -> str:
    """Say what marked days mean."""
    return f"{days.name}: {f'{days.factor:g} times the ordinary orders' if days.factor else 'closed'}"


def _read(path: Path, shop: Shop) -> tuple[MarkedDays, ...]:
    plan = read_calendar(read_text(path), str(path))
    return settled(plan, _orders_by_day(shop) if any(one.as_last_year for one in plan) else {})


def _orders_by_day(shop: Shop) -> Mapping[date, int]:
    """Count everyone's order days by shop-local day."""
    counted: Counter[date] = Counter()
    progress = Progress("read", shop.numbers.customers, "customers")
    for customer, record in progress.over(customers().everyone(shop.id)):
        features = compute_features(customer, record.facts, shop, datetime.now(UTC))
        if not features.withheld:
            counted.update(day.at.astimezone(shop.zone).date() for day in features.order_days)
    return counted

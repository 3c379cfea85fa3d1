"""A file of orders as a shop of its own: what the file does not tell is taken as usual, and that is said."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nextorder.cli.backtest import add_order_file
from nextorder.cli.moments import read_as_of
from nextorder.cli.progress import during
from nextorder.cli.score import read_zone
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order, StoredFact
from nextorder.domain.finding import Finding
from nextorder.domain.money import is_currency
from nextorder.domain.sampling import Drawn
from nextorder.domain.settings import WrongValueError, rate
from nextorder.domain.shop import Costs, Shop

if TYPE_CHECKING:
    import pandas as pd

Facts = Mapping[str, Sequence[StoredFact]]

STALE: Final = timedelta(days=30)
"""A file that ended longer ago is looked at as of its end: by now everybody in it would seem lost."""
USUAL_CURRENCY: Final = "USD"
_TO_DO: Final = {
    "goods without a cost": "`nextorder report --orders FILE.csv --margin 0.4` with your own share",
    "time zone": "`nextorder report --orders FILE.csv --timezone Europe/Oslo` with the store's own",
    "history": "let the file begin earlier",
    "second orders": "let the file begin earlier, or wait: the rest comes by itself",
}
_OF_A_STACK: Final = frozenset(
    {"consent not known", "likely doubles", "lines without a variant", "orders without a country"}
    | {"parcels and packing", "payment fees by default"}
)
"""A file of orders tells nothing of these, and no option does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFile:
    """What a file of orders says of its shop."""

    shop: Shop
    drawn: Drawn
    as_of: datetime


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """Add --orders, and what a file does not tell by itself."""
    add_order_file(parser)
    parser.add_argument(
        "--currency",
        default="",
        help=f"of a file: what its amounts are in (default: its column currency, else {USUAL_CURRENCY})",
    )
    parser.add_argument(
        "--margin", default="", help="of a file: what is left of the price of goods, from 0 to 1"
    )


def read_file(options: argparse.Namespace) -> OfFile:
    """
    Read the file of orders; say what was taken where nothing was told.

    Raises:
        BadSettings: An option or the file cannot be used; options are looked at first.
    """
    zone, now = read_zone(options.timezone), datetime.now(UTC)
    as_of = read_as_of(options.as_of, zone, now)
    told, margin = _currency(options.currency), _margin(options.margin)
    with during("reading", options.orders.name):
        # pandas only where it is used; to import it takes seconds
        from nextorder.training.order_facts import facts_of  # noqa: PLC0415
        from nextorder.training.order_file import read_order_file  # noqa: PLC0415

        orders = read_order_file(options.orders, as_of, zone)
    last = orders["timestamp"].max().to_pydatetime().astimezone(zone).date()
    ended = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    if not options.as_of and ended < now - STALE:
        as_of = ended
        print(f"  the file ends on {last}: this is its page of the day after; --as-of takes another day")
    currency = told or _in_column(orders) or USUAL_CURRENCY
    if not (told or _in_column(orders)):
        print(f"  no currency was given: amounts are taken for {currency}; --currency takes another")
    histories = facts_of(orders, currency)
    facts = {name: tuple(fact for _, fact in held) for name, held in histories.items()}
    shop = Shop(id=_named(options.orders), timezone=options.timezone, currency=currency)
    return OfFile(
        shop=shop if margin is None else replace(shop, costs=_costs(margin, facts)),
        drawn=Drawn(facts=facts),
        as_of=as_of,
    )


def of_a_file(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what an audit finds in a file, with what can be done about a file."""
    for one in findings:
        if one.name not in _OF_A_STACK:
            yield replace(one, what=_TO_DO.get(one.name, one.what)) if one.what else one


def _named(path: Path) -> str:
    """Return what a file is called, without its endings: orders for orders.csv.gz."""
    return path.name.partition(".")[0] or path.name


def _currency(text: str) -> str:
    if text and not is_currency(text.upper()):
        raise BadSettings(f"--currency: there is no currency {text}; write its three letters, such as GBP")
    return text.upper()


def _margin(text: str) -> Decimal | None:
    try:
        return rate(text) if text else None
    except WrongValueError as wrong:
        raise BadSettings(f"--margin: {wrong}") from None


def _in_column(orders: "pd.DataFrame") -> str:
    """Return what the file says of its currency, if it does."""
    told = str(orders["currency"].iloc[0]).strip().upper() if "currency" in orders else ""
    return told if is_currency(told) else ""


def _costs(margin: Decimal, facts: Facts) -> Costs:
    """Tell the margin of every category by name: it is the merchant's own then, even the usual one."""
    categories = {
        line.category
        for held in facts.values()
        for fact in held
        if isinstance(fact, Order)
        for line in fact.lines
    }
    return Costs(default_margin=margin, margin_by_category=dict.fromkeys(sorted(categories), margin))

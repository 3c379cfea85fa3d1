"""`nextorder score`: forecasts for any store's file of orders; nothing deployed, nothing sent."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nextorder.cli.moments import A_MOMENT
from nextorder.cli.out import check_out
from nextorder.cli.progress import during
from nextorder.domain.errors import BadSettings
from nextorder.domain.phrases import counted

SHOWN_DIGITS = 6
"""As verdicts have them; more would promise what no forecast can."""
LONGEST_DAYS = 730.0


def add_to(commands: Any) -> None:
    """Add `score`."""
    parser = commands.add_parser(
        "score", help="forecast every customer of a CSV file of orders; needs no stack"
    )
    parser.add_argument(
        "--orders",
        required=True,
        type=Path,
        metavar="FILE.csv",
        help="CSV with customer_id, timestamp, amount; README.md names the columns that may be beside them",
    )
    parser.add_argument(
        "--as-of", required=True, metavar="MOMENT", help=f"rows from then on are not looked at: {A_MOMENT}"
    )
    parser.add_argument(
        "--horizons",
        default="0.5,5,30,90",
        metavar="DAYS",
        help="how far ahead, in days separated by commas (default: 0.5,5,30,90)",
    )
    parser.add_argument("--timezone", default="UTC", help="IANA zone of times without one (default: UTC)")
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="FILE.csv",
        help="CSV to write, one row a customer and horizon",
    )
    parser.set_defaults(run=run_score, needs_stack=False)


def run_score(options: argparse.Namespace) -> None:
    """Fit on the rows before the moment, write everyone's forecast."""
    zone, as_of = read_zone(options.timezone), _moment(options.as_of)
    horizons = _horizons(options.horizons)
    check_out(options.out)
    with during("reading", options.orders.name):
        # numpy and pandas only where they are used; to import them takes seconds
        from nextorder.training.estimator import StoreEstimator  # noqa: PLC0415
        from nextorder.training.order_file import read_order_file  # noqa: PLC0415

        orders = read_order_file(options.orders, as_of, zone)
    customers = counted(orders["customer_id"].nunique(), "customer")
    with during("fitting", "the store's model"):
        fitted = StoreEstimator(timezone=options.timezone).fit(orders, as_of)
    with during("scoring", customers):
        forecast = fitted.predict(horizons=horizons)
        forecast.to_csv(options.out, index=False, float_format=in_digits, lineterminator="\n")
    rows = f"a row for each of {counted(len(horizons), 'horizon')}"
    print(f"  wrote     {options.out}: {customers}, {rows}")


def in_digits(number: object) -> str:
    """Write a number to the digits that mean something, large ones without an exponent."""
    return f"{float(f'{number:.{SHOWN_DIGITS}g}'):.15g}"


def read_zone(name: str) -> ZoneInfo:
    """Read --timezone; raises BadSettings."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSettings(f"--timezone: there is no zone {name}; write one such as Europe/Oslo") from error


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSettings(f"--as-of: {text} is no moment; write 2011-06-01 or 2011-06-01T12:30:00") from error


def _horizons(text: str) -> list[float]:
    try:
        days = sorted({float(part) for part in text.split(",")})
    except ValueError as error:
        raise BadSettings(f"--horizons: {text} are no numbers; write 0.5,5,30,90") from error
    if not 0 < days[0] <= days[-1] <= LONGEST_DAYS:
        raise BadSettings(f"--horizons: each must be above 0 and at most {LONGEST_DAYS:g} days")
    return days

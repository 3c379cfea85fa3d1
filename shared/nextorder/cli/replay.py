"""`nextorder replay`: a store's past lived through again, and what would have changed how often."""

import argparse
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.cli.out import make_folder
from nextorder.cli.progress import Progress, during
from nextorder.cli.score import read_zone
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Costs, Shop

if TYPE_CHECKING:
    from nextorder.training.replay import Tally

HISTORY_DAYS: Final = 180
"""So long the store is only watched before the first fit."""
MONTH_DAYS: Final = 30
ANY_MARGIN: Final = Decimal("0.4")
"""A file tells no costs: with one margin for all, a rank by profit is one by revenue."""
CAUSES: Final = ("fact", "time", "numbers")
SEGMENTS: Final = (
    *("segment", "entered", "ended", "flips", "median_days"),
    *(f"shorter_than_flow_days_by_{cause}" for cause in CAUSES),
)
TRANSITIONS: Final = ("family", "from", "to", "cause", "times")


def add_to(commands: Any) -> None:
    """Add `replay`."""
    parser = commands.add_parser(
        "replay",
        help="live through a file of orders: who would have changed segment how often; needs no stack",
    )
    parser.add_argument(
        "--orders", required=True, type=Path, metavar="FILE.csv", help="CSV, as for `nextorder score`"
    )
    parser.add_argument(
        "--months", type=int, default=0, help="replay only so many months of 30 days, the last (default: all)"
    )
    parser.add_argument(
        "--share",
        type=float,
        default=1.0,
        help="of the customers, above 0 to 1, for a quick run (default: 1)",
    )
    parser.add_argument("--timezone", default="UTC", help="IANA zone of times without one (default: UTC)")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FOLDER", help="folder for segments.csv and transitions.csv"
    )
    parser.set_defaults(run=run_replay, needs_stack=False)


def run_replay(options: argparse.Namespace) -> None:
    """Replay, say the sums, write the tables."""
    if not 0 < options.share <= 1:
        raise BadSettings("--share: write a number above 0 and at most 1")
    if options.months < 0:
        raise BadSettings("--months: write a whole number from 0, which is all of them")
    zone = read_zone(options.timezone)
    if options.out:
        make_folder(options.out)
    with during("reading", options.orders.name):
        # numpy and pandas only where they are used; to import them takes seconds
        from nextorder.training.order_facts import facts_of  # noqa: PLC0415
        from nextorder.training.order_file import read_order_file  # noqa: PLC0415
        from nextorder.training.replay import replay  # noqa: PLC0415

        orders = read_order_file(options.orders, datetime(9999, 1, 1, tzinfo=zone), zone)
        everyone = facts_of(orders).items()
        histories = {customer: facts for customer, facts in everyone if _chosen(customer, options.share)}
    first, last = (end.to_pydatetime() for end in (orders["timestamp"].min(), orders["timestamp"].max()))
    start = max(first + timedelta(days=HISTORY_DAYS), last - timedelta(days=MONTH_DAYS * options.months))
    start = start if options.months else first + timedelta(days=HISTORY_DAYS)
    if start >= last:
        raise BadSettings(
            f"{options.orders.name}: there is no time left after {HISTORY_DAYS} days of history"
        )
    progress = Progress("replayed", len(histories) * -(-(last - start).days // MONTH_DAYS), "customer-months")
    costs = Costs(default_margin=ANY_MARGIN)
    shop = Shop(id="replay", gid="gid://shopify/Shop/0", timezone=options.timezone, costs=costs)
    tally = replay(
        histories, shop, parse_catalogue(packaged_catalogue()), start=start, end=last, progress=progress.step
    )
    progress.done()
    for line in summary(tally):
        print(f"  {line}")
    _write(options.out, tally)


def _chosen(customer: str, share: float) -> bool:
    return int(sha256(f"replay:{customer}".encode()).hexdigest()[:8], 16) < share * 16**8


def summary(tally: "Tally") -> Iterator[str]:
    """Say the sums in lines."""
    months = max(tally.months, 1e-9)
    yield f"customer-months {tally.months:.0f}, looks {tally.looks}"
    yield f"woken {tally.wake_ups / months:.3f} times a customer and month (budget: under 1)"
    yield f"published {tally.published / months:.3f} changes a customer and month (budget: under 5)"
    yield f"flips {sum(tally.flips.values())} of {sum(tally.entered.values())} entries"
    for cause in CAUSES:
        short = sum(count for (_, by), count in tally.short.items() if by == cause)
        yield f"stays shorter than flow_days, ended by {cause}: {short}"


def segment_rows(tally: "Tally") -> Iterator[Sequence[object]]:
    """Yield one row a segment."""
    for name in sorted({*tally.entered, *tally.stays}):
        stays = tally.stays.get(name, [])
        middle = f"{median(stays):.1f}" if stays else ""
        short = (tally.short[name, cause] for cause in CAUSES)
        yield name, tally.entered[name], len(stays), tally.flips[name], middle, *short


def transition_rows(tally: "Tally") -> Iterator[Sequence[object]]:
    """Yield one row a transition and cause."""
    yield from ((*key, times) for key, times in sorted(tally.transitions.items()))


def _write(folder: Path | None, tally: "Tally") -> None:
    tables = {"segments": (SEGMENTS, segment_rows), "transitions": (TRANSITIONS, transition_rows)}
    for name, (header, rows) in tables.items():
        if folder is None:
            print("  " + "  ".join(header))
            for row in rows(tally):
                print("  " + "  ".join(map(str, row)))
        else:
            _write_csv(folder / f"{name}.csv", header, rows(tally))


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)
    print(f"  wrote     {path}")

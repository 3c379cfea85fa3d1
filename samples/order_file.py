"""
Write the sample store's orders and returns as one CSV file, for the commands that read any store's.

    python -m samples.order_file --now 2026-11-21 --out orders.csv
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from samples.assortment import ASSORTED
from samples.moments import Calendar, placed_locally, returned_locally
from samples.pricing import PricedOrder, price_order
from samples.rows import sales

COLUMNS = ("customer_id", "timestamp", "kind", "amount", "category", "discount")


def rows(now: datetime) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield orders and returns; amounts in pounds, net of discounts and tax."""
    calendar = Calendar.ending_before(now)
    for sale in sales():
        order = price_order(sale)
        name = str(sale.customer)
        at = calendar.moment(placed_locally(sale)).astimezone(UTC).isoformat()
        net = order.goods - order.discount
        yield name, at, "order", _pounds(net), _category(order), _pounds(order.discount)
        for refund in order.refunds:
            paid = sum(each.subtotal for each in refund.units) + refund.extra
            back_at = calendar.moment(returned_locally(refund.returned)).astimezone(UTC).isoformat()
            if paid > 0:
                yield name, back_at, "return", _pounds(paid), "", ""


def _category(order: PricedOrder) -> str:
    """Return the dearest line's; the folded rest only where there is nothing else."""
    return max(order.lines, key=lambda line: (line.variant.category != ASSORTED, line.net)).variant.category


def _pounds(pence: int) -> str:
    return f"{pence / 100:.2f}"


def write(path: Path, now: datetime) -> None:
    """Write the file as of a moment, aware."""
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows(now))


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True, help="ISO date, UTC")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write(asked.out, asked.now.replace(tzinfo=UTC))


if __name__ == "__main__":
    main()

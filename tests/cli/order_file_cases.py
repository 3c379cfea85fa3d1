"""A store's orders as a file, for commands that need no stack."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

HEADER = "customer_id,timestamp,amount"
START = datetime(2025, 6, 1, 10, 30, tzinfo=UTC)


def a_store(customers: int = 60) -> list[str]:
    """Rows of a year: every customer orders from one to five times, some days or weeks apart."""
    rows = []
    for number in range(customers):
        for order in range(1 + number % 5):
            at = START + timedelta(days=3 * number + (7 + number) * order)
            rows.append(f"c{number:03d},{at:%Y-%m-%d %H:%M},{10 + number + order}.50")
    return rows


def order_file(path: Path, rows: Sequence[str], header: str = HEADER) -> str:
    """Write a file of orders; return its name as an option has it."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)

"""A replayed past: what it counts, and that it never looks ahead."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.cli.main import main
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.facts import Order, Refund
from nextorder.domain.shop import Shop
from nextorder.training.order_facts import facts_of
from nextorder.training.order_file import read_order_file
from nextorder.training.replay import MONTH, replay

UTC_ZONE = ZoneInfo("UTC")
CATALOGUE = parse_catalogue(packaged_catalogue())
HEADER = ("customer_id", "timestamp", "kind", "amount", "category", "discount")
Row = tuple[str, str, str, str, str, str]


def a_store() -> list[Row]:
    """Fifty customers who order every 20 to 50 days for a while; every ninth order comes back in part."""
    rows: list[Row] = []
    begin = pd.Timestamp("2025-01-01 09:00")
    for number in range(50):
        for order in range(1 + number % 6):
            at = begin + pd.Timedelta(days=number * 3 + order * (20 + number % 31))
            amount = f"{20 + number % 50 + 3 * order}.00"
            rows.append((f"c{number}", f"{at}", "order", amount, "tea", "yes" if number % 4 == 0 else ""))
            if (number + order) % 9 == 0:
                rows.append((f"c{number}", f"{at + pd.Timedelta(days=4)}", "return", "10.00", "", ""))
    return rows


def a_file(folder: Path, rows: Sequence[Row]) -> Path:
    path = folder / "orders.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(rows)
    return path


def frame(path: Path) -> pd.DataFrame:
    return read_order_file(path, datetime(2030, 1, 1, tzinfo=UTC_ZONE), UTC_ZONE)


def test_nothing_later_than_the_clock_is_read(tmp_path: Path) -> None:
    """A poisoned future changes no count of the past."""
    poison = [(f"c{n}", "2026-02-02 10:00:00", "order", "99999.00", "gold", "") for n in range(50)]
    start, end = (datetime(2025, 6, day, tzinfo=UTC_ZONE) for day in (1, 25))
    shop = Shop(id="replay", gid="gid://shopify/Shop/0")

    clean, poisoned = (
        replay(facts_of(frame(a_file(tmp_path, rows))), shop, CATALOGUE, start=start, end=end)
        for rows in (a_store(), [*a_store(), *poison])
    )

    assert clean == poisoned
    assert clean.looks > clean.wake_ups > 0
    assert clean.months == pytest.approx(50 * (end - start) / MONTH, rel=0.25)


def test_new_numbers_end_no_stay_too_soon_and_time_moves_the_most(tmp_path: Path) -> None:
    start, end = datetime(2025, 5, 1, tzinfo=UTC_ZONE), datetime(2025, 6, 25, tzinfo=UTC_ZONE)

    tally = replay(
        facts_of(frame(a_file(tmp_path, a_store()))), Shop(id="replay"), CATALOGUE, start=start, end=end
    )

    assert not [name for (name, cause), count in tally.short.items() if cause == "numbers" and count]
    causes = {cause for _, _, _, cause in tally.transitions}
    assert {"fact", "time"} <= causes
    assert tally.entered["life:second-window"] >= len(tally.stays["life:second-window"]) > 0
    assert tally.wake_ups / tally.months < 1


def test_a_return_that_tells_that_somebody_was_long_elsewhere_ends_no_stay_before_it_began(
    tmp_path: Path,
) -> None:
    """What was shown stood until the return came, whatever is known by then."""
    begin = pd.Timestamp("2024-09-01 09:00")
    rows: list[Row] = []
    for number in range(80):
        for order in range(5):
            at = begin + pd.Timedelta(days=number % 40 + (20 + number % 31) * order)
            rows.append((f"c{number}", f"{at}", "order", f"{20 + number % 50}.00", "tea", ""))
        if number % 10 == 0:
            at = begin + pd.Timedelta(days=185 + number % 20)
            rows.append((f"c{number}", f"{at}", "order", "5000.00", "tea", ""))
            rows.append((f"c{number}", f"{at + pd.Timedelta(days=25)}", "return", "5000.00", "", ""))
    start, end = datetime(2025, 1, 15, tzinfo=UTC_ZONE), datetime(2025, 5, 20, tzinfo=UTC_ZONE)

    tally = replay(
        facts_of(frame(a_file(tmp_path, rows))), Shop(id="replay"), CATALOGUE, start=start, end=end
    )

    assert tally.stays["life:champion"]
    assert min(days for stays in tally.stays.values() for days in stays) >= 0


def test_returns_are_taken_off_the_latest_orders_that_have_as_much_left(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("c1", "2025-01-01 10:00", "order", "20.00", "tea", "5.00"),
        ("c1", "2025-01-05 10:00", "order", "10.00", "", "yes"),
        ("c1", "2025-01-09 10:00", "return", "-25.00", "", ""),
        ("c1", "2025-01-10 10:00", "return", "99.00", "", ""),
        ("c2", "2025-01-10 10:00", "order", "1.00", "", ""),
    ]

    facts = [fact for _, fact in facts_of(frame(a_file(tmp_path, rows)))["c1"]]

    orders = [fact for fact in facts if isinstance(fact, Order)]
    refunds = [(fact.order, fact.lines[0].revenue) for fact in facts if isinstance(fact, Refund)]
    assert [(order.lines[0].category, order.total, order.discount) for order in orders] == [
        ("tea", 2_000, 500),
        ("other", 1_000, 111),
    ]
    assert refunds == [("c1-1", 1_000), ("c1-0", 1_500), ("c1-0", 500)]


def test_one_command_writes_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path, a_store())
    arguments = ["replay", "--orders", str(path), "--months", "1", "--out", str(tmp_path / "out")]

    assert main(arguments) == 0

    said = capsys.readouterr().out
    assert "times a customer and month (budget: under 1)" in said
    assert "ended by numbers: 0" in said
    with (tmp_path / "out" / "segments.csv").open() as file:
        names = {row["segment"] for row in csv.DictReader(file)}
    assert {"life:loyal", "life:repeat"} <= names
    assert (tmp_path / "out" / "transitions.csv").read_text().startswith("family,from,to,cause,times")


def test_a_share_of_nobody_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path, a_store())

    assert main(["replay", "--orders", str(path), "--share", "0"]) == 1
    assert "--share" in capsys.readouterr().err

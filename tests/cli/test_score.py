"""`nextorder score`: one command for any store's file of orders."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from nextorder.cli.main import main
from nextorder.cli.score import in_digits
from tests.cli.order_file_cases import HEADER, a_store, order_file

AS_OF = "2026-06-01"


def score(
    folder: Path, rows: Sequence[str], *more: str, header: str = HEADER, name: str = "orders.csv"
) -> tuple[int, Path]:
    orders, out = order_file(folder / name, rows, header), folder / "out.csv"
    return main(["score", "--orders", orders, "--as-of", AS_OF, "--out", str(out), *more]), out


def told(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_customer_gets_one_row_a_horizon(tmp_path: Path) -> None:
    status, out = score(tmp_path, a_store(), "--horizons", "30,0.5")

    rows = told(out)
    assert status == 0
    assert [(row["customer_id"], row["horizon_days"]) for row in rows[:2]] == [
        ("c000", "0.5"),
        ("c000", "30"),
    ]
    assert len(rows) == 60 * 2
    for row in rows:
        assert 0 <= float(row["p_lo"]) <= float(row["p_order"]) <= float(row["p_hi"]) <= 1
        assert 0 <= float(row["spend_lo"]) <= float(row["spend_hi"])
        assert float(row["next_order_p20"]) < float(row["next_order_p50"]) < float(row["next_order_p80"])
        assert float(row["expected_orders"]) >= float(row["p_order"])
        assert 0 <= float(row["p_active"]) <= 1


def test_numbers_have_the_digits_that_mean_something_and_no_exponent_where_they_are_large() -> None:
    shown = [in_digits(number) for number in (0.123456789, 0.0000123456789, 12345678.9, 30.0, 0.0)]

    assert shown == ["0.123457", "1.23457e-05", "12345700", "30", "0"]


def test_what_comes_from_the_moment_on_changes_no_byte(tmp_path: Path) -> None:
    _, out = score(tmp_path, a_store())
    clean = out.read_bytes()
    poison = [
        f"c001,{AS_OF} 00:00,1e9",
        f"c002,{AS_OF}T00:00:00Z,-5",
        "7,2026-06-02 00:00,not a number",
        "new,2027-01-01,99",
        ",2026-07-01,",
    ]

    _, out = score(tmp_path, [*poison, *a_store()])

    assert out.read_bytes() == clean


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    _, out = score(tmp_path, a_store())
    clean = out.read_bytes()

    _, out = score(tmp_path, a_store()[::-1])

    assert out.read_bytes() == clean


def test_times_without_a_zone_are_the_shops(tmp_path: Path) -> None:
    local = ["a,2026-05-31 23:30,5", "b,2026-05-31 20:30,5", *a_store()]
    zoned = ["a,2026-06-01T06:30:00Z,5", "b,2026-05-31 20:30:00 -0700,5", *a_store()]

    _, out = score(tmp_path, local, "--timezone", "America/Los_Angeles")
    as_local = out.read_bytes()
    _, out = score(tmp_path, zoned, "--timezone", "America/Los_Angeles")

    assert out.read_bytes() == as_local
    _, out = score(tmp_path, zoned, "--timezone", "UTC")
    assert "a" not in {row["customer_id"] for row in told(out)}


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    _, out = score(tmp_path, ["007,2026-05-01,5", "7,2026-05-01,5", "7.0,2026-05-01,5"])

    assert {row["customer_id"] for row in told(out)} == {"007", "7", "7.0"}


def test_a_customer_known_by_a_return_alone_is_scored_too(tmp_path: Path) -> None:
    rows = ["lone,2026-05-01,-20,return", *(f"{row},order" for row in a_store())]

    _, out = score(tmp_path, rows, header=f"{HEADER},kind")

    assert "lone" in {row["customer_id"] for row in told(out)}


def test_guests_are_left_out(tmp_path: Path) -> None:
    _, out = score(tmp_path, [",2026-05-01,20", *a_store()])

    assert "" not in {row["customer_id"] for row in told(out)}


def test_semicolons_and_a_byte_order_mark_are_read_too(tmp_path: Path) -> None:
    _, out = score(tmp_path, a_store())
    clean = out.read_bytes()

    rows = [row.replace(",", ";") for row in a_store()]
    _, out = score(tmp_path, rows, header="\ufeff" + HEADER.replace(",", ";"))

    assert out.read_bytes() == clean


@pytest.mark.parametrize(
    ("header", "rows", "complaint"),
    [
        ("customer_id,timestamp", ["a,2026-01-01"], "orders.csv: the column amount is missing"),
        (
            "Name,Created at",
            ["a,2026-01-01"],
            "orders.csv: the columns customer_id, timestamp and amount are missing",
        ),
        (HEADER, ["a,2026-01-01,abc", "b,01/02/26,5"], "row 2, column amount: write a number"),
        (HEADER, ["b,01/02/26,5", "a,2026-01-01,abc"], "row 2, column timestamp: write 2011-06-01"),
        (HEADER, ["a,2026-01-01,5", "b,01/02/26,5"], "row 3, column timestamp: write 2011-06-01"),
        (HEADER, ["a,2026-01-01,5", "b,,5", "b,,5"], "row 3, column timestamp: write 2011-06-01 or"),
        (HEADER, ["a,2026-01-01,5", "b,2026-01-01,$5"], "row 3, column amount: write a number"),
        (HEADER, ["a,2026-01-01,5", "", "b,2026-01-01,inf"], "row 3, column timestamp"),
        (
            f"{HEADER},currency",
            ["a,2026-01-01,5,EUR", "b,2026-01-01,5,SEK"],
            "row 3, column currency: the rows before are in EUR",
        ),
        (f"{HEADER},kind", ["a,2026-01-01,5,gift"], "row 2, column kind: write order or sale or return"),
        (HEADER, [], "orders.csv: there is no row below the one that names the columns"),
        (HEADER, [",2026-01-01,5"], "no row with a customer_id lies before 2026-06-01 00:00\n"),
        (HEADER, ["a,2026-06-01,5", "b,2026-07-01,5"], "no row with a customer_id lies before 2026-06-01"),
        (HEADER, ["a,2026-01-01,5", "a,2026-02-01,5"], "column customer_id: only one customer"),
        (HEADER, ["a,2026-01-01,-5", "b,2026-02-01,-5"], "column amount: there are returns only"),
        (HEADER, ['a,2026-01-01,5,6,7,8\nb,"x'], "not a table of comma-separated values"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, rows: list[str], complaint: str
) -> None:
    status, out = score(tmp_path, rows, header=header)

    assert status == 1
    assert not out.exists()
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--horizons", "5,soon", "--horizons: 5,soon are no numbers"),
        ("--horizons", "0,5", "--horizons: each must be above 0"),
        ("--as-of", "yesterday", "--as-of: yesterday is no moment"),
        ("--timezone", "Mars/Crater", "--timezone: there is no zone Mars/Crater"),
        ("--orders", "nowhere.csv", "nowhere.csv: there is no such file"),
        ("--orders", "/", "/: it cannot be read: Is a directory"),
        ("--out", "/", "--out: / is a folder; name a file"),
        ("--out", "/dev/null/out.csv", "--out: there is no folder /dev/null"),
    ],
)
def test_a_bad_option_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, complaint: str
) -> None:
    status, _ = score(tmp_path, a_store(5), option, value)

    assert status == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (b"", "orders.csv: the file is empty"),
        (b"a,b\n\xe5,1\n", "orders.csv: it is not text in UTF-8; save it"),
    ],
)
def test_what_is_no_file_of_orders_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes, complaint: str
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_bytes(written)

    assert main(["score", "--orders", str(orders), "--as-of", AS_OF, "--out", str(tmp_path / "out.csv")]) == 1
    assert complaint in capsys.readouterr().err


def test_how_far_it_is_is_said_while_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score(tmp_path, a_store(5), "--horizons", "5,30")

    said = capsys.readouterr()
    steps = [line.strip() for line in said.err.splitlines() if " took " not in line]
    assert steps == ["reading   orders.csv", "fitting   the store's model", "scoring   5 customers"]
    assert said.out == f"  wrote     {tmp_path / 'out.csv'}: 5 customers, a row for each of 2 horizons\n"

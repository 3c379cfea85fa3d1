"""`nextorder replay`: what cannot be used is said before anything is lived through."""

from pathlib import Path

import pytest

from nextorder.cli.main import main
from tests.cli.order_file_cases import HEADER, order_file


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--timezone", "Mars/Crater", "--timezone: there is no zone Mars/Crater"),
        ("--share", "2", "--share: write a number above 0"),
        ("--months", "-1", "--months: write a whole number from 0"),
        ("--out", "/dev/null/tables", "--out: the folder /dev/null/tables cannot be made: Not a directory"),
        ("--orders", "nowhere.csv", "nowhere.csv: there is no such file"),
    ],
)
def test_a_bad_option_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, complaint: str
) -> None:
    orders = order_file(tmp_path / "orders.csv", ["a,2026-01-01,5", "b,2026-02-01,5"], HEADER)

    assert main(["replay", "--orders", orders, option, value]) == 1
    *_, line = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nextorder replay: {complaint}")


def test_a_file_of_less_than_its_history_leaves_nothing_to_replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = order_file(tmp_path / "orders.csv", ["a,2026-01-01,5", "b,2026-02-01,5"], HEADER)

    assert main(["replay", "--orders", orders]) == 1
    assert "orders.csv: there is no time left after 180 days of history" in capsys.readouterr().err

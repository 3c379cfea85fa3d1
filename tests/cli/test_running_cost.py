"""`nextorder cost` tells what a month costs without asking AWS, and adds up."""

import json

import pytest

from nextorder.cli.main import main
from nextorder.domain.running_cost import ASSUMPTIONS


def test_a_bill_for_so_many_needs_no_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--customers", "100000", "--orders", "15000"]) == 0

    said = capsys.readouterr().out
    assert "100,000 customers, 15,000 orders a month" in said
    assert all(assumption in said for assumption in ASSUMPTIONS)


def test_the_same_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--customers", "500", "--orders", "80", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    total = sum(line["dollars"] for line in told["lines"])
    assert told["dollars_a_month"] == pytest.approx(total, abs=0.01)
    assert 0 < told["dollars_of_import"] < told["dollars_a_month"]


def test_less_than_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--customers", "-1", "--orders", "80"]) == 1

    assert "whole numbers from 0" in capsys.readouterr().err

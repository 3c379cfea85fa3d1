"""A file of orders as a shop: what it does not tell is taken as usual and said; wrong options end at once."""

import csv
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from nextorder.cli.moments import add_as_of
from nextorder.cli.page_of_file import OfFile, add_file_options, of_a_file, read_file
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.finding import Finding, Light

OLD = datetime(2011, 12, 9, 12, tzinfo=UTC)


def order_file(path: Path, last: datetime, **more: str) -> Path:
    """Write the orders of three customers, the last at a moment; `more` is columns with their value."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("customer_id", "timestamp", "amount", *more))
        for customer in range(3):
            at = last - timedelta(days=40 * customer)
            table.writerow((customer, at.isoformat(), "12.50", *more.values()))
    return path


def looked_at(path: Path, *options: str) -> OfFile:
    parser = ArgumentParser()
    add_file_options(parser)
    add_as_of(parser, "the moment")
    return read_file(parser.parse_args(["--orders", str(path), *options]))


def test_a_file_that_ended_long_ago_is_looked_at_as_of_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = order_file(tmp_path / "sold.csv", OLD)

    found = looked_at(path, "--timezone", "Europe/Oslo")

    assert (found.shop.id, found.as_of) == ("sold", datetime(2011, 12, 9, 23, tzinfo=UTC))
    assert "the file ends on 2011-12-09" in capsys.readouterr().out
    assert looked_at(path, "--as-of", "2011-12-01").as_of == datetime(2011, 12, 1, tzinfo=UTC)
    assert "the file ends" not in capsys.readouterr().out


def test_a_file_that_ended_lately_is_looked_at_as_of_now(tmp_path: Path) -> None:
    now = datetime.now(UTC)

    assert looked_at(order_file(tmp_path / "sold.csv", now - timedelta(days=29))).as_of >= now


def test_amounts_are_in_what_is_told_or_what_the_file_says_or_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent, telling = order_file(tmp_path / "a.csv", OLD), order_file(tmp_path / "b.csv", OLD, currency="sek")

    assert looked_at(silent, "--currency", "gbp").shop.currency == "GBP"
    assert looked_at(telling).shop.currency == "SEK"
    assert "currency" not in capsys.readouterr().out
    assert looked_at(silent).shop.currency == "USD"
    assert "no currency was given: amounts are taken for USD" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("currency", "total", "discount"), [("EUR", 1_250, 200), ("JPY", 12, 2), ("KWD", 12_500, 2_000)]
)
def test_amounts_have_as_many_decimals_as_their_currency(
    tmp_path: Path, currency: str, total: int, discount: int
) -> None:
    found = looked_at(order_file(tmp_path / "sold.csv", OLD, currency=currency, discount="2"))

    orders = [fact for held in found.drawn.facts.values() for fact in held if isinstance(fact, Order)]
    assert {(order.total, order.discount) for order in orders} == {(total, discount)}


def test_a_margin_is_told_of_every_category_even_where_it_is_the_usual_one(tmp_path: Path) -> None:
    path = order_file(tmp_path / "sold.csv", OLD, category="tea")

    assert looked_at(path, "--margin", "0.5").shop.costs.margin_by_category == {"tea": Decimal("0.5")}
    assert looked_at(path).shop.costs.margin_by_category == {}


@pytest.mark.parametrize(("option", "wrong"), [("--currency", "pounds"), ("--margin", "40")])
def test_an_option_that_cannot_be_used_is_refused_before_the_file_is_read(
    tmp_path: Path, option: str, wrong: str
) -> None:
    with pytest.raises(BadSettings, match=f"{option}: .*{wrong}"):
        looked_at(tmp_path / "none.csv", option, wrong)


def test_of_a_file_only_that_is_to_do_which_a_file_allows() -> None:
    costs, consent, history = (
        Finding(name=name, light=light, number="", why="", what=what)
        for name, light, what in (
            ("goods without a cost", Light.RED, "`nextorder costs export`"),
            ("consent not known", Light.RED, "import customers"),
            ("history", Light.GREEN, ""),
        )
    )

    told = list(of_a_file([costs, consent, history]))

    assert [one.name for one in told] == ["goods without a cost", "history"]
    assert "--margin 0.4" in told[0].what
    assert told[1] == history

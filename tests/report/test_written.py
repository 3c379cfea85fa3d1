"""A picture's table in writing."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.report.page import Estimate, Kind, Picture, Value
from nextorder.report.words import of_unit, roughly
from nextorder.report.written import UNKNOWN, as_csv, estimate, headings, lines, written
from tests.report.examples import columns

PICTURE = Picture(
    key="lift",
    title="",
    says="",
    n=2,
    unit="customers",
    columns=columns(
        name="text: category",
        share="share: ordered",
        share_lo="share: at least",
        share_hi="share: at most",
        gp2="money: gross profit",
    ),
    rows=(("coffee", 0.43, 0.4, 0.46, 1_234_50), ("tea", None, None, None, None)),
)


@pytest.mark.parametrize(
    ("count", "unit", "text"),
    [
        (1, "days with an order", "1 day with an order"),
        (1, "customers, with contacts", "1 customer, with contacts"),
        (0, "customers", "0 customers"),
        (1_204, "gaps between orders", "1,204 gaps between orders"),
    ],
)
def test_one_is_no_plural(count: int, unit: str, text: str) -> None:
    assert of_unit(count, unit) == text


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (13_969_612, "140,000 GBP"),
        (7_714_700, "77,000 GBP"),
        (83_512, "840 GBP"),
        (4_237, "42 GBP"),
        (-425, "-4.20 GBP"),
        (0, "0 GBP"),
        (9_999, "100 GBP"),
    ],
)
def test_an_estimate_has_the_digits_that_can_be_known(minor: int, text: str) -> None:
    assert roughly(minor, "GBP") == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (12_340, Kind.COUNT, "12,340"),
        (0.0234, Kind.SHARE, "2.3 %"),
        (1_234_500, Kind.MONEY, "12,345 GBP"),
        (171, Kind.DAYS, "171 days"),
        (1, Kind.DAYS, "1 day"),
        (1.4166, Kind.RATIO, "1.42"),
        ("2026-03-01", Kind.DATE, "1 March 2026"),
        ("coffee", Kind.TEXT, "coffee"),
        (None, Kind.MONEY, UNKNOWN),
    ],
)
def test_a_value_is_written_as_its_kind(value: Value, kind: Kind, text: str) -> None:
    assert written(value, kind, "GBP") == text


def test_a_range_stands_with_its_value_and_has_its_unit_once() -> None:
    found = [[cell.text for cell in line] for line in lines(PICTURE, "GBP")]

    assert [column.name for column in headings(PICTURE)] == ["name", "share", "gp2"]
    assert found == [["coffee", "43 % (40 to 46 %)", "1,234 GBP"], ["tea", UNKNOWN, UNKNOWN]]


def test_ends_with_different_units_keep_both() -> None:
    assert estimate(Estimate(value=2, lo=1, hi=3), Kind.DAYS, "GBP") == ("2 days", "1 day to 3 days")


def test_a_range_with_one_end_is_none() -> None:
    assert estimate(Estimate(value=3, hi=3), Kind.DAYS, "GBP") == ("3 days", "")


def test_a_figure_that_was_counted_has_no_range() -> None:
    assert estimate(Estimate(value=1_204), Kind.COUNT, "GBP") == ("1,204", "")


@pytest.mark.parametrize(
    ("told", "currency", "text"),
    [
        ((168_425_112, 91_077_312, 250_212_733), "EUR", "1,680,000 EUR (910,000 to 2,500,000 EUR)"),
        ((6_524, 6_488, 6_560), "EUR", "65.20 EUR (64.90 to 65.60 EUR)"),
        ((6_524, 6_200, 6_860), "EUR", "65 EUR (62 to 69 EUR)"),
        ((3_331, 1_229, 7_432), "JPY", "3,300 JPY (1,230 to 7,400 JPY)"),
        ((0, 0, 0), "EUR", "0 EUR (0 to 0 EUR)"),
    ],
)
def test_a_tables_estimates_have_the_digits_that_their_range_lets_be_known(
    told: tuple[float, float, float], currency: str, text: str
) -> None:
    names = columns(gp2="money: profit", gp2_lo="money: at least", gp2_hi="money: at most")
    picture = replace(PICTURE, columns=names, rows=(told,))

    assert [[cell.text for cell in line] for line in lines(picture, currency)] == [[text]]


def test_a_file_has_amounts_in_whole_units_and_shares_as_they_are() -> None:
    assert list(csv.reader(StringIO(as_csv(PICTURE, "GBP")))) == [
        ["category", "ordered", "at least", "at most", "gross profit (GBP)"],
        ["coffee", "0.43", "0.4", "0.46", "1234.50"],
        ["tea", "", "", "", ""],
    ]


@given(st.text(min_size=1))
def test_no_name_is_run_by_a_spreadsheet(name: str) -> None:
    told = Picture(
        key="gaps", title="", says="", n=1, unit="", columns=columns(name="text: category"), rows=((name,),)
    )

    file = as_csv(told, "GBP").split("\r\n", 1)[1]

    assert not file.lstrip('"').startswith(("=", "+", "-", "@", "\t"))

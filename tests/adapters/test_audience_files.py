"""Audience files: what each platform finds in them, and that a spreadsheet runs none of it."""

import csv
import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.adapters.audience_files.columns import Asked
from nextorder.adapters.audience_files.formats import FORMATS, Format
from nextorder.adapters.audience_files.table import BOM, Table, csv_bytes, write_privately
from nextorder.adapters.audience_files.xlsx import xlsx_bytes
from nextorder.domain.audience import Member
from nextorder.domain.errors import BadSettings
from nextorder.domain.hashed import sha256_hex
from nextorder.domain.messages import Reach
from tests.unit.audience_cases import a_verdict
from tests.unit.shop_cases import CATALOGUE, SHOP

ASKED = Asked(shop=SHOP, catalogue=CATALOGUE)
PERSON = Reach(customer="1", email="First.Last@GMAIL.com ", phone="+46701234567")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def a_member(customer: str = "1", profit: float | None = 12_345) -> Member:
    return Member(customer=customer, verdict=a_verdict(profit))


def written(name: str, *people: tuple[Member, Reach], asked: Asked = ASKED) -> list[list[str]]:
    form = FORMATS[name]
    text = form.encode(form.table(people, asked), asked).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def cells(workbook: bytes) -> list[dict[str, tuple[str, str]]]:
    """Read each row's cells of a workbook by column letter: how it is typed, and what it says."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        texts = ["".join(one.itertext()) for one in shared]
        page = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    assert page.find(f".//{SHEET}f") is None, "there is a formula"
    return [
        {cell.attrib["r"].rstrip("0123456789"): _cell(cell.attrib, cell, texts) for cell in row}
        for row in page.iter(f"{SHEET}row")
    ]


def _cell(attributes: Mapping[str, str], cell: ET.Element, texts: list[str]) -> tuple[str, str]:
    value = cell.findtext(f"{SHEET}v") or ""
    if attributes.get("t") == "s":
        return "text", texts[int(value)]
    return "number" if "s" not in attributes else "date", value


def test_google_is_told_hashes_under_its_own_headers_and_the_profit_beside() -> None:
    header, row = written("google", (a_member(), PERSON))

    assert header == ["Email", "Phone", "Lifetime Value"]
    assert row == [sha256_hex("firstlast@gmail.com"), sha256_hex("+46701234567"), "120.0"]


def test_meta_is_told_hashes_under_its_own_headers_and_the_profit_beside() -> None:
    header, row = written("meta", (a_member(), PERSON))

    assert header == ["email", "phone", "value"]
    assert row == [sha256_hex("first.last@gmail.com"), sha256_hex("46701234567"), "120.0"]


@pytest.mark.parametrize("name", ["google", "meta"])
def test_a_file_for_ads_is_plain_ascii_and_names_nobody(name: str) -> None:
    people = [
        (a_member("70010001"), replace(PERSON, phone="")),
        (a_member("70010002", -500), replace(PERSON, email="")),
        (a_member("70010003"), replace(PERSON, email="", phone="0701234567")),
    ]
    form = FORMATS[name]

    content = form.encode(form.table(people, ASKED), ASKED)

    text = content.decode("ascii")
    assert [row[2] for row in written(name, *people)[1:]] == ["120.0", "0.0"]
    for word in ("gmail", "4670", "7001000", "champion", "nextorder"):
        assert word not in text
    assert [len(row) for row in written(name, *people, asked=replace(ASKED, valued=False))] == [2, 2, 2]


def test_a_spreadsheet_tells_of_customers_by_number_and_has_contacts_only_when_asked() -> None:
    header, row = written("csv", (a_member("7001"), PERSON))
    said = dict(zip(header, row, strict=True))

    assert said["customer"] == "7001"
    assert said["segments"] == "life:champion"
    assert said["stage_since"] == "2026-05-02"
    assert (said["clv_gp2_365"], said["currency"], said["p_30d"]) == ("120.0", "EUR", "0.1")
    assert [said[f"p_30d_{end}"] for end in ("lo", "hi")] == ["0.08", "0.125"]
    assert not {"email", "phone"} & {*header}

    header, row = written("csv", (a_member("7001"), PERSON), asked=replace(ASKED, contacts=True))
    said = dict(zip(header, row, strict=True))
    assert (said["email"], said["phone"]) == (PERSON.email, "'+46701234567")


def test_excel_is_told_the_encoding_and_ends_of_lines() -> None:
    content = csv_bytes(Table(("name",), [("Åsa",), ("a,b\r\nc",)]), for_spreadsheets=True)

    assert content.decode() == f'{BOM}name\r\nÅsa\r\n"a,b\r\nc"\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＠"])  # noqa: RUF001
def test_no_text_of_a_spreadsheet_begins_as_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    table = Table((evil, "n"), [(evil, -1.5)])

    text = csv_bytes(table, for_spreadsheets=True).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert row[0] == f"'{evil}"
    assert text.rstrip().endswith(",-1.5")

    _, typed = cells(xlsx_bytes(table, sheet="customers"))
    assert typed["A"][0] == "text"
    assert typed["B"] == ("number", "-1.5")


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12), min_size=1))
def test_whatever_is_written_is_read_back_as_text(texts: list[str]) -> None:
    table = Table(("name",), [(text,) for text in texts])

    read = csv_bytes(table, for_spreadsheets=True).decode("utf-8-sig")
    rows = [row[0] for row in csv.reader(io.StringIO(read, newline=""))][1:]
    assert [row in {text, f"'{text}"} for row, text in zip(rows, texts, strict=True)] == [True] * len(texts)
    assert not [row for row in rows if row.lstrip(" ").startswith(("=", "+", "-", "@"))]
    assert {row["A"][0] for row in cells(xlsx_bytes(table, sheet="customers"))} == {"text"}


def test_a_workbook_types_numbers_and_dates_and_keeps_ids_as_text() -> None:
    form = FORMATS["xlsx"]
    until = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    scores = a_verdict().scores
    assert scores is not None
    verdict = replace(a_verdict(), scores=replace(scores, next_order_p50=until))
    member = Member(customer="7001234567890", verdict=verdict)

    people = [(member, Reach(customer="7001234567890"))]
    header, row = cells(form.encode(form.table(people, ASKED), ASKED))

    column = {title: letter for letter, (_, title) in header.items()}
    assert row[column["customer"]] == ("text", "7001234567890")
    assert row[column["clv_gp2_365"]] == ("number", "120")
    days = date(2026, 12, 25) - date(1899, 12, 30)
    assert row[column["next_order_date"]] == ("date", str(days.days))


def test_a_file_is_its_owners_alone_and_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o644)

    write_privately(path, b"new")

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_where_nothing_can_be_written_the_path_and_the_reason_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"a\.csv: No such file"):
        write_privately(tmp_path / "nowhere" / "a.csv", b"new")
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(BadSettings, match=r"a\.csv: Is a directory"):
        write_privately(folder, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_hashes_and_consent_go_together(form: Format) -> None:
    assert form.capabilities.hashes == form.for_ads

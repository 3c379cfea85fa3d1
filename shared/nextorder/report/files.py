"""The page's tables as files for a spreadsheet."""

from collections.abc import Mapping
from typing import Final

from nextorder.report.page import Page
from nextorder.report.written import as_csv

FOR_EXCEL: Final = "utf-8-sig"
"""Without the mark at its start Excel takes UTF-8 for the machine's own letters."""


def tables_of(page: Page) -> Mapping[str, bytes]:
    """Return the table of every picture that has one, by name."""
    return {
        f"tables/{picture.key}.csv": as_csv(picture, page.currency).encode(FOR_EXCEL)
        for picture in page.pictures
        if picture.rows
    }

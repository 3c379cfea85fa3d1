"""A table as a workbook that Excel and Sheets open: numbers and dates typed, text never a formula."""

import io
from datetime import date
from typing import Any, Final

from nextorder.adapters.audience_files.table import Cell, Table

_TEXT_ALONE: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""A customer's number stays text: Excel would show thirteen digits as 7.0E+12."""
_WIDEST: Final = 60
MOST_ROWS: Final = 1_048_575
"""Of a sheet, below its header. https://support.microsoft.com/office/excel-specifications-and-limits"""


def xlsx_bytes(table: Table, *, sheet: str) -> bytes:
    """Write a table as a workbook of one sheet, its header frozen and filterable."""
    # only where it is used: nothing online has it
    from xlsxwriter import Workbook  # noqa: PLC0415

    buffer = io.BytesIO()
    with Workbook(buffer, _TEXT_ALONE) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, table.header, book.add_format({"bold": True}))
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(1, len(table.rows)), len(table.header) - 1)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                _write(page, number, column, cell, day)
        page.autofit(_WIDEST * 8)
    return buffer.getvalue()


def _write(page: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        page.write_string(row, column, cell)
    elif cell is not None:
        page.write_number(row, column, cell)

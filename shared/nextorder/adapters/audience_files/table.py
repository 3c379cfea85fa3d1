"""A table of typed cells, and the file that it becomes: whole or not at all, for its owner's eyes."""

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Final

from nextorder.domain.errors import BadSettings

Cell = str | int | float | date | None
"""A date is written as one, a number as one; only text can be taken for a formula."""

BOM: Final = "\ufeff"
# NOTE: spreadsheets run what begins so, behind blanks and in full width, too; the last four are of
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and their rows."""

    header: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def csv_bytes(table: Table, *, for_spreadsheets: bool) -> bytes:
    """
    Write a table as UTF-8 CSV.

    For spreadsheets with a byte order mark, without which Excel reads another encoding, and with
    nothing in it that is run as a formula; for ad platforms as it is: they compare byte by byte.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    cell = _safe if for_spreadsheets else _plain
    writer.writerow(map(cell, table.header))
    writer.writerows([cell(one) for one in row] for row in table.rows)
    return ((BOM if for_spreadsheets else "") + text.getvalue()).encode()


def lines_bytes(documents: Iterable[Mapping[str, Any]]) -> bytes:
    """Write one JSON document a line, for an API that takes each as a request."""
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in documents).encode()


def write_privately(path: Path, content: bytes) -> None:
    """
    Put a file in its place at once, readable by its owner alone.

    Raises:
        BadSettings: The folder is not there, or nothing may be written in it.
    """
    try:
        # mkstemp's mode is 600 from the start, and the name moves only when all is on disk
        handle, scratch = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            Path(scratch).unlink()


def _safe(cell: Cell) -> str:
    text = _plain(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip(" ").startswith(_FORMULA) else text


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)

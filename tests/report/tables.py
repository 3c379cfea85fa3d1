"""A picture's table as it is read: by the names of its columns."""

from typing import Any

from nextorder.report.page import Picture


def records(picture: Picture, **only: object) -> list[dict[str, Any]]:
    """Return the rows by column name; of those that have these values."""
    names = [column.name for column in picture.columns]
    found = [dict(zip(names, row, strict=True)) for row in picture.rows]
    return [row for row in found if all(row[name] == value for name, value in only.items())]

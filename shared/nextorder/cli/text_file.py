"""A merchant's file of text."""

from pathlib import Path

from nextorder.domain.errors import BadSettings


def read_text(path: Path) -> str:
    """
    Read a file in UTF-8, with or without a mark at its beginning.

    Raises:
        BadSettings: It cannot be read; the path is named once.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path} cannot be read: it is not text in UTF-8") from error

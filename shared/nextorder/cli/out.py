"""Where a command is to write: looked at before the work, which may take minutes."""

import os
from pathlib import Path

from nextorder.domain.errors import BadSettings


def check_out(path: Path, option: str = "--out") -> None:
    """
    See that a file can be written there.

    Raises:
        BadSettings: It cannot; the message names the option.
    """
    folder = path.parent
    if path.is_dir():
        raise BadSettings(f"{option}: {path} is a folder; name a file")
    if not folder.is_dir():
        raise BadSettings(f"{option}: there is no folder {folder}")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise BadSettings(f"{option}: {path} may not be written")


def make_folder(path: Path, option: str = "--out") -> None:
    """
    Make a folder to write to, if it is not there.

    Raises:
        BadSettings: It cannot be made; the message names the option.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"{option}: the folder {path} cannot be made: {error.strerror}") from error

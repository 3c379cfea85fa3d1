"""Reading a secret where neither shell history nor process list sees it."""

import getpass
import sys

from nextorder.domain.errors import BadSettings


def read_secret(name: str, *, from_stdin: bool) -> str:
    """
    Ask for a secret without showing it, or take the next line of standard input.

    Raises:
        BadSettings: Nothing was given.
    """
    value = (sys.stdin.readline() if from_stdin else getpass.getpass(f"{name}: ")).strip()
    if not value:
        raise BadSettings(f"no {name} was given")
    return value

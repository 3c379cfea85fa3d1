"""Reading a secret where neither shell history nor process list sees it."""

import getpass
import sys

from nextorder.domain.errors import BadSettings


def read_secret(name: str, *, from_stdin: bool, by: str) -> str:
    """
    Ask for a secret without showing it, or take the next line of standard input.

    `by` is the option that says so.

    Raises:
        BadSettings: Nothing was given, or there is no terminal to ask at.
    """
    try:
        value = (sys.stdin.readline() if from_stdin else getpass.getpass(f"{name}: ")).strip()
    except EOFError:
        raise BadSettings(f"there is no terminal to ask for the {name} at: pass it with {by}") from None
    if not value:
        raise BadSettings(f"no {name} was given")
    return value

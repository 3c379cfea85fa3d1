"""Reading a secret where neither shell history nor process list sees it."""

import getpass
import sys
import warnings

from nextorder.domain.errors import BadSettings


def read_secret(name: str, *, from_stdin: bool, by: str) -> str:
    """
    Ask for a secret without showing it, or take the next line of standard input.

    `by` is the option that says so.

    Raises:
        BadSettings: Nothing was given, or there is no terminal to ask at.
    """
    try:
        value = (sys.stdin.readline() if from_stdin else _asked(name)).strip()
    except (EOFError, getpass.GetPassWarning):
        raise BadSettings(f"there is no terminal to ask for the {name} at: pass it with {by}") from None
    if not value:
        raise BadSettings(f"no {name} was given")
    return value


def _asked(name: str) -> str:
    """Ask at the terminal; where there is none getpass would warn and show what is typed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        return getpass.getpass(f"{name}: ")

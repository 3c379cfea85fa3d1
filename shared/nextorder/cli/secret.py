"""Reading a secret where neither shell history nor process list sees it."""

import argparse
import getpass
import sys
import warnings
from typing import Final

from nextorder.domain.errors import BadSettings

FROM_STDIN: Final = "--secrets-stdin"


def add_from_stdin(parser: argparse.ArgumentParser, *, more: str = "") -> None:
    """Add the option by each name that may be tried: what one platform calls a key is another's secret."""
    parser.add_argument(
        *(FROM_STDIN, "--secret-stdin", "--key-stdin"),
        dest="from_stdin",
        action="store_true",
        help=f"read secrets and keys from stdin, a line each{more}",
    )


def read_secret(name: str, *, from_stdin: bool, by: str = FROM_STDIN) -> str:
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

"""Moments on the command line: a day or a time, in the shop's zone where none is named, never one to come."""

import argparse
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from nextorder.domain.errors import BadSettings

A_MOMENT: Final = "2026-11-21, which is its first second in the shop, or 2026-11-21T12:30"
"""How one of the past is written."""


def add_as_of(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --as-of; `what` is what happens at that moment."""
    parser.add_argument(
        "--as-of", default="", metavar="MOMENT", help=f"{what}, none to come: {A_MOMENT} (default: now)"
    )


def read_as_of(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """
    Read --as-of, as `nextorder score` does: a day is its first second; empty = now.

    Raises:
        BadSettings: It is no moment, or has not come yet: a fit would call facts old that are not.
    """
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadSettings(f"--as-of: {text} is no moment; write 2026-11-21 or 2026-11-21T12:30") from None
    if moment > now:
        raise BadSettings(f"--as-of: {text} has not come yet; write a moment of the past")
    return moment

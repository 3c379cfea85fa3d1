"""
Outlive whoever started the processes, then end them: on success, failure, Ctrl-C or kill -9 alike.

Reads `group PGID`, `ended PGID` and `folder PATH` lines; `leave` forgets them all. When
the pipe closes, for whatever reason, the groups are ended; the folders are removed by a program of
their own, for which nobody waits: MiniStack unpacks a gigabyte in 70,000 files.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

PATIENCE_SECONDS = 1.0
"""MiniStack does not end by itself while anybody still polls it, and nothing of it is to be kept."""


def end_groups(groups: Iterable[int]) -> None:
    """Ask each process group to end, and make it after a while."""
    left = {group for group in groups if _signal(group, signal.SIGTERM)}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def remove_aside(folders: Iterable[str]) -> None:
    """Remove folders by a program of their own, for which nobody waits."""
    subprocess.run(  # noqa: S603 - folders of our own making
        ["sh", "-c", 'rm -rf -- "$@" &', "sh", *folders],  # noqa: S607 - whichever there is
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def _signal(group: int, number: int) -> bool:
    """Return whether the group is still there to hear it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def main() -> None:
    """Keep until the pipe closes."""
    groups: list[int] = []
    folders: list[str] = []
    for line in sys.stdin:
        word, _, value = line.rstrip("\n").partition(" ")
        if word == "group":
            groups.append(int(value))
        elif word == "ended":
            groups.remove(int(value))
        elif word == "folder":
            folders.append(value)
        elif word == "leave":
            groups, folders = [], []
    end_groups(groups)
    if folders:
        remove_aside(folders)


if __name__ == "__main__":
    main()

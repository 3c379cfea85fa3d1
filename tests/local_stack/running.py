"""What `make up` left behind: a lock that lives as long as its programs, and their process groups."""

import fcntl
import json
from collections.abc import Sequence
from io import TextIOWrapper

from tests.local_stack.places import ENDPOINTS, LOCAL, SHELL

LOCK = LOCAL / "up.lock"
PROCESSES = LOCAL / "processes.json"


def lock() -> TextIOWrapper | None:
    """
    Return the open lock file, or None while another stack is up.

    The programs inherit it: the lock is free again once they have all ended, however
    they ended, so that a recorded process number is never taken for another's.
    """
    LOCAL.mkdir(parents=True, exist_ok=True)
    file = LOCK.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def record(groups: Sequence[int], folder: str) -> None:
    """Keep what `make down` is to end and to remove."""
    PROCESSES.write_text(json.dumps({"groups": list(groups), "folder": folder}) + "\n")


def recorded() -> tuple[list[int], str]:
    """Return what `record` kept."""
    kept = json.loads(PROCESSES.read_text())
    return kept["groups"], kept["folder"]


def forget() -> None:
    """Remove the records of a stack that is gone."""
    for path in (PROCESSES, ENDPOINTS, SHELL, LOCK):
        path.unlink(missing_ok=True)

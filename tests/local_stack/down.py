"""`make down`: end what `make up` left running; safe to repeat, needs only a bare Python."""

import sys

from tests.local_stack import running
from tests.local_stack.keeper import end_groups, remove_aside


def main() -> int:
    """Return the exit status."""
    if not running.PROCESSES.exists():
        print("nothing is up")
        return 0
    groups, folder = running.recorded()
    print("ending what `make up` left running ...", flush=True)
    if running.lock() is None:
        end_groups(groups)
    running.forget()
    remove_aside([folder])
    print(f"down; its {folder} is removed in the background")
    return 0


if __name__ == "__main__":
    sys.exit(main())

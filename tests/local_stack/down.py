"""`make down`: end what `make up` left running; safe to repeat, needs only a bare Python."""

import shutil
import sys

from tests.local_stack import running
from tests.local_stack.keeper import end_groups


def main() -> int:
    """Return the exit status."""
    if not running.PROCESSES.exists():
        print("nothing is up")
        return 0
    groups, folder = running.recorded()
    if running.lock() is None:
        end_groups(groups)
    shutil.rmtree(folder, ignore_errors=True)
    running.forget()
    print("down")
    return 0


if __name__ == "__main__":
    sys.exit(main())

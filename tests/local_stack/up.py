"""`make up`: leave the local stack running."""

import sys

from tests.local_stack import running
from tests.local_stack.connect import CommandFailed
from tests.local_stack.places import ENDPOINTS, ROOT
from tests.local_stack.processes import Processes, ProgramFailed
from tests.local_stack.progress import Progress
from tests.local_stack.sam_local import SHELL, write_sam_local, write_shell
from tests.local_stack.stack import STEPS, start_stack


def main() -> int:
    """Return the exit status."""
    where = ENDPOINTS.relative_to(ROOT)
    lock = running.lock()
    if lock is None:
        print(f"already up, see {where}; `make down` ends it")
        return 0
    progress = Progress(STEPS)
    try:
        with lock, Processes("up", kept_open=(lock.fileno(),)) as processes:
            endpoints = start_stack(processes, progress)
            endpoints.write()
            write_sam_local(endpoints)
            write_shell(endpoints)
            running.record(processes.groups, str(processes.folder))
            processes.leave_running()
    except (ProgramFailed, CommandFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"up in {progress.seconds:.0f} s, see {where}; send webhooks to {endpoints.webhook_url}")
    print(f"try: . {SHELL.relative_to(ROOT)} && .venv/bin/nextorder settings")
    return 0


if __name__ == "__main__":
    sys.exit(main())

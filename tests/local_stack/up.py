"""`make up`: leave the local stack running, the store empty or with the sample store's two years."""

import sys
from datetime import UTC, datetime

from tests.local_stack import running, sample_store
from tests.local_stack.connect import CommandFailed
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.places import ENDPOINTS, ROOT, SHELL
from tests.local_stack.processes import Processes, ProgramFailed
from tests.local_stack.progress import Progress
from tests.local_stack.sam_local import write_sam_local, write_shell
from tests.local_stack.stack import STEPS, start_stack

STORES = ("", "sample")
ENV = SHELL.relative_to(ROOT)
NEXT = {
    "": f"try: . {ENV} && .venv/bin/nextorder settings",
    "sample": f"""the sample store is there, connected; nothing is imported or published yet. Next:
    . {ENV}
    .venv/bin/nextorder import
    .venv/bin/nextorder audit
then `nextorder init`, `plan` and `apply`, as in README.md""",
}
"""What to do next, by store."""


def start(processes: Processes, store: str) -> tuple[Endpoints, float]:
    """Start the stack, filled and not yet live for a store that has a past; return its seconds too."""
    if not store:
        progress = Progress(STEPS)
        return start_stack(processes, progress), progress.seconds
    progress = Progress(STEPS + 1)
    # only our own fakes can be filled
    endpoints = start_stack(processes, progress, servers={}, live=False)
    with progress.step("writing the sample store's past"):
        sample_store.fill(endpoints, datetime.now(UTC))
    return endpoints, progress.seconds


def main(store: str) -> int:
    """Return the exit status."""
    if store not in STORES:
        print(f"no store {store}: `make up STORE=sample`, or `make up` for an empty one", file=sys.stderr)
        return 2
    where = ENDPOINTS.relative_to(ROOT)
    lock = running.lock()
    if lock is None:
        print(f"already up, see {where}; `make down` ends it")
        return 0
    try:
        with lock, Processes("up", kept_open=(lock.fileno(),)) as processes:
            endpoints, seconds = start(processes, store)
            endpoints.write()
            write_sam_local(endpoints)
            write_shell(endpoints)
            running.record(processes.groups, str(processes.folder))
            processes.leave_running()
    except (ProgramFailed, CommandFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; everything it started is ended", file=sys.stderr)
        return 130
    print(f"up in {seconds:.0f} s, see {where}; send webhooks to {endpoints.webhook_url}")
    print(NEXT[store])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))

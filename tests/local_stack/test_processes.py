"""Whatever ends a run, nothing that it started is left."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local_stack.places import PYTHON, ROOT, tool_environment
from tests.local_stack.processes import Processes, ProgramFailed

SLEEPER = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
STARTER = f"""
import time
from tests.local_stack.processes import Processes
with Processes("test-starter") as processes:
    program = processes.start("sleeper", ["{PYTHON}", "-c", {SLEEPER!r}], {{}})
    print(program.process.pid, processes.folder, processes.logs, flush=True)
    time.sleep(600)
"""


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def becomes(what: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.02)
    return what()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_ended_by_a_signal_leaves_no_program_and_no_folder(number: signal.Signals) -> None:
    starter = subprocess.Popen(  # noqa: S603
        [PYTHON, "-c", STARTER],
        cwd=ROOT,
        env=tool_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    with starter:
        assert starter.stdout is not None
        group, folder, logs = starter.stdout.readline().decode().split()
        assert lives(int(group))

        starter.send_signal(number)

    assert becomes(lambda: not lives(int(group)))
    assert becomes(lambda: not Path(folder).exists())
    shutil.rmtree(logs)


def test_a_run_that_ends_well_has_ended_its_programs() -> None:
    with Processes("test-well") as processes:
        program = processes.start("sleeper", [PYTHON, "-c", SLEEPER], {})

    assert becomes(lambda: not lives(program.process.pid))
    assert becomes(lambda: not processes.folder.exists())


def test_a_program_that_fails_says_why() -> None:
    with Processes("test-failing") as processes, pytest.raises(ProgramFailed, match="no such thing"):
        processes.run("failing", [PYTHON, "-c", "raise SystemExit('no such thing')"], {})

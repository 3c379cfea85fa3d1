"""Start programs that are sure to be ended, each with all that it starts itself."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.local_stack.places import LOCAL, ROOT

TAIL_LINES = 25
PATIENCE_SECONDS = 120.0
"""A loaded machine takes its time to start a program; one that has ended is not waited for."""

Answer = TypeVar("Answer")


class ProgramFailed(Exception):
    """A program did not do its part; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """One running program, in a session of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, what: Callable[[], Answer | None], *, seconds: float = PATIENCE_SECONDS) -> Answer:
        """
        Return the first answer of `what`.

        Raises:
            ProgramFailed: The program ended, or there was no answer in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if (answer := what()) is not None:
                return answer
            time.sleep(0.05)
        raise ProgramFailed(f"{self.name} did not start:\n{self.last_words()}")

    def announcement(self) -> dict[str, Any] | None:
        """Return the JSON line by which a server says that it is ready, or None so far."""
        for line in self.log.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith("{") and line.endswith("\n"):
                return dict(json.loads(line))
        return None

    def last_words(self) -> str:
        """Return the end of the log and where the rest is."""
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join([*lines, f"(all of it: {self.log.relative_to(ROOT)})"])


@dataclass
class Processes:
    """
    What one run has started.

    Leaving the `with` block ends all of it and lets `folder` be removed; so does the end of
    this process by any signal, through a keeper that waits on a pipe from us. The logs
    are kept unless all went well.
    """

    name: str
    kept_open: tuple[int, ...] = ()
    """File descriptors that the programs inherit, to hold a lock while any of them lives."""
    folder: Path = field(init=False)
    logs: Path = field(init=False)
    _left: bool = field(init=False, default=False)
    _running: list[Program] = field(init=False, default_factory=list)
    _keeper: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self._keeper = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, str(Path(__file__).with_name("keeper.py"))],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.folder = Path(tempfile.mkdtemp(prefix="nextorder-"))
        self._tell("folder", self.folder)
        (LOCAL / "logs").mkdir(parents=True, exist_ok=True)
        self.logs = Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=LOCAL / "logs"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        for program in self._running:
            program.process.wait()
        self._keeper.wait()
        if kind is None and not self._left:
            shutil.rmtree(self.logs, ignore_errors=True)

    @property
    def groups(self) -> list[int]:
        """Return the running process groups, one for each program."""
        return [program.process.pid for program in self._running]

    def start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> Program:
        """Start a program; what it says goes to its log."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own tools
                [str(part) for part in command],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.kept_open,
                # said by the program itself before it begins: we may be killed at any line here
                preexec_fn=lambda: self._tell("group", os.getpid()),  # noqa: PLW1509
            )
        program = Program(name, process, log)
        self._running.append(program)
        return program

    def run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """
        Run a program to its end.

        Raises:
            ProgramFailed: Its exit status was not 0.
        """
        self.wait(self.start(name, command, environment))

    def wait(self, program: Program) -> None:
        """
        Wait for a program's end.

        Raises:
            ProgramFailed: Its exit status was not 0.
        """
        status = program.process.wait()
        self._running.remove(program)
        self._tell("ended", program.process.pid)
        if status != 0:
            raise ProgramFailed(f"{program.name} failed:\n{program.last_words()}")

    def leave_running(self) -> None:
        """Let the programs and their folder outlive this run."""
        self._tell("leave")
        self._running.clear()
        self._left = True

    def _tell(self, word: str, value: object = "") -> None:
        assert self._keeper.stdin is not None
        os.write(self._keeper.stdin.fileno(), f"{word} {value}\n".encode())

"""Say what is being done, and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Progress:
    """Numbered steps, each with its seconds; `tell` adds a line within a step."""

    steps: int
    output: TextIO = field(default_factory=lambda: sys.stdout)
    taken: dict[str, float] = field(default_factory=dict)
    """Seconds by step."""
    _done: int = 0
    _told: bool = False
    _started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Return the seconds since the first step began."""
        return time.monotonic() - self._started

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Print the step before it starts and its seconds when it has worked."""
        self._done += 1
        self._told = False
        self._say(f"[{self._done:2}/{self.steps}] {what} ... ", end="")
        started = time.monotonic()
        yield
        seconds = round(time.monotonic() - started, 1)
        self.taken[what] = seconds
        self._say(f"        done in {seconds} s" if self._told else f"{seconds} s")

    def tell(self, what: str) -> None:
        """Print how far the step has come."""
        self._say(f"        {what}" if self._told else f"\n        {what}")
        self._told = True

    def _say(self, what: str, end: str = "\n") -> None:
        print(what, end=end, file=self.output, flush=True)

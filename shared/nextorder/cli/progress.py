"""One line that counts, on a terminal in place, elsewhere now and then."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

_WORKERS: Final = 8


class Progress:
    """Says how far a long step is; a total of 0 is not known."""

    def __init__(self, verb: str, total: int, what: str) -> None:
        self._verb, self._total, self._what = verb, total, what
        self._count = 0
        self._started = self._said = time.monotonic()

    def step(self, by: int = 1) -> None:
        """Count on."""
        self._count += by
        if time.monotonic() - self._said >= 1 and sys.stdout.isatty():
            self._said = time.monotonic()
            of_all = f" of {self._total}" if self._total else ""
            print(f"\r  {self._verb:<9} {self._count}{of_all} {self._what}", end="", flush=True)

    def done(self) -> None:
        """Say the last word, with the seconds it took."""
        start = "\r" if sys.stdout.isatty() else ""
        seconds = time.monotonic() - self._started
        print(f"{start}  {self._verb:<9} {self._count} {self._what} in {seconds:.1f} s", flush=True)


def in_threads(work: Callable[[Sequence[str]], object], groups: Iterable[Sequence[str]]) -> None:
    """Do the same for many groups of customers at once; the first failure ends it."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        for _ in pool.map(work, groups):
            pass

"""How far a long step is, on stderr: on a terminal in place, elsewhere a line a minute."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, TypeVar

_T = TypeVar("_T")
_WORKERS: Final = 8
_IN_PLACE_SECONDS: Final = 1.0
_IN_LINES_SECONDS: Final = 60.0
"""Between two words of a step."""


class Progress:
    """Says how far a long step is; a total of 0 is not known."""

    def __init__(self, verb: str, total: int, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._verb, self._total, self._what = verb, total, what
        self._count = 0
        self._clock = clock
        self._started = self._said = clock()
        if sys.stderr.isatty():
            self._say()

    def step(self, by: int = 1) -> None:
        """Count on."""
        self._count += by
        now = self._clock()
        if now - self._said >= seconds_between_words():
            self._said = now
            self._say()

    def over(self, items: Iterable[_T]) -> Iterator[_T]:
        """Yield them, count them as they come, and say the last word."""
        for item in items:
            yield item
            self.step()
        self.done()

    def done(self) -> None:
        """Say the last word, with the seconds it took."""
        seconds = self._clock() - self._started
        say_at_last(f"{self._verb:<9} {self._count:,} {self._what} in {seconds:.1f} s")

    def _say(self) -> None:
        of_all = f" of {self._total:,}" if self._count <= self._total else ""
        say_so_far(f"{self._verb:<9} {self._count:,}{of_all} {self._what}")


@contextmanager
def during(verb: str, what: str | Callable[[], str], every_seconds: float | None = None) -> Iterator[None]:
    """
    Say that a step is under way which tells nothing while it is, and how long it took.

    `what` may be asked for anew each time.
    """
    over, started = Event(), time.monotonic()

    def words() -> str:
        return f"{verb:<9} {what if isinstance(what, str) else what()}"

    def tell() -> None:
        while not over.wait(every_seconds or seconds_between_words()):
            say_so_far(f"{words()}, for {time.monotonic() - started:.0f} s")

    say_so_far(words())
    ticker = Thread(target=tell, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        over.set()
        ticker.join()
    say_at_last(f"{words()} took {time.monotonic() - started:.1f} s")


def say_so_far(words: str) -> None:
    """Say how far something is; on a terminal in place of what was said of it before."""
    print(f"{fresh_line()}  {words}", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def say_at_last(words: str) -> None:
    """Say the last word of it, which stays."""
    print(f"{fresh_line()}  {words}", file=sys.stderr, flush=True)


def fresh_line() -> str:
    """Return what takes a word that stands in place off a terminal."""
    return "\r\033[K" if sys.stderr.isatty() else ""


def in_threads(work: Callable[[Sequence[str]], object], groups: Iterable[Sequence[str]]) -> None:
    """Do the same for many groups of customers at once; the first failure ends it."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        for _ in pool.map(work, groups):
            pass


def seconds_between_words() -> float:
    """Return how long a step that stands still is left in peace."""
    return _IN_PLACE_SECONDS if sys.stderr.isatty() else _IN_LINES_SECONDS

"""What both fakes share: a quick HTTP server with an admin door and faults on demand."""

import contextlib
import json
import threading
import time
from abc import abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from tests.fakes.faults import Fault, Faults, Silence
from tests.fakes.wire import Answer, Listening, Request

Clock = Callable[[], float]
"""Seconds since 1970; a test passes its own and moves it."""

KEPT_REQUESTS = 50_000


class FakeServer(Listening):
    """
    A fake platform on 127.0.0.1, started with `with`; subclasses say what it answers.

    The admin door under /_fake/ is ours, not the platform's: seed, state, requests, fail, recover, reset.
    """

    def __init__(self, *, port: int = 0, clock: Clock = time.time, log: Path | None = None) -> None:
        super().__init__(port)
        self.clock = clock
        self.lock = threading.RLock()
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=KEPT_REQUESTS)
        self.counts: Counter[str] = Counter()
        self._log: TextIO | None = log.open("a", buffering=1, encoding="utf-8") if log else None

    # What a platform is

    @abstractmethod
    def operations(self, request: Request) -> list[str]:
        """Name what the request asks for, in the platform's own words; faults match on these."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Do what the platform would do."""

    @abstractmethod
    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return the platform's own words for a failure it was told to show."""

    @abstractmethod
    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fill the state in bulk; return how many of each."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return everything the fake holds."""

    @abstractmethod
    def forget(self) -> None:
        """Empty the state."""

    # Life

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        if self._log:
            self._log.close()

    def serve(self) -> None:
        """Run until interrupted, after one line of JSON that says where."""
        with self:
            print(json.dumps({"url": self.url}), flush=True)  # noqa: T201 - the process's one line
            with contextlib.suppress(KeyboardInterrupt):
                self.stopping.wait()

    # One request

    def respond(self, request: Request) -> tuple[Answer, Silence]:
        """Answer one request, unless a fault says otherwise, and count it."""
        if request.path.startswith("/_fake/"):
            return self._admin(request), Silence.NONE
        started = time.perf_counter()
        with self.lock:
            operations = self.operations(request)
            fault = self.faults.next_for(request.path, operations)
            answer = self._faulty(request, fault) if fault else self.answer(request)
            self._note(request, operations, answer, fault, time.perf_counter() - started)
        return answer, fault.silence if fault else Silence.NONE

    def _faulty(self, request: Request, fault: Fault) -> Answer:
        if fault.refuses:
            return self.failure(request, fault)
        return self.answer(request) if fault.silence.after_the_write else Answer()

    def _note(
        self, request: Request, operations: Iterable[str], answer: Answer, fault: Fault | None, seconds: float
    ) -> None:
        names = list(operations)
        self.counts.update(names)
        line = {
            "at": self.clock(),
            "method": request.method,
            "path": request.path,
            "operations": names,
            "status": answer.status,
            "fault": fault.name if fault else None,
        }
        # NOTE: the log file has neither query strings nor bodies: they hold addresses.
        if self._log:
            self._log.write(json.dumps(line | {"ms": round(seconds * 1000, 2)}) + "\n")
        is_upload = request.media_type == "multipart/form-data"
        text = "" if is_upload else request.body.decode(errors="replace")
        self.requests.append(line | {"query": request.query, "body": text})

    def _admin(self, request: Request) -> Answer:
        doors: dict[tuple[str, str], Callable[[], Any]] = {
            ("POST", "/_fake/seed"): lambda: self.seed(json.loads(request.body)),
            ("POST", "/_fake/fail"): lambda: self.faults.add(json.loads(request.body)),
            ("POST", "/_fake/recover"): self._recover,
            ("POST", "/_fake/reset"): self._reset,
            ("GET", "/_fake/state"): self._everything,
            ("GET", "/_fake/requests"): lambda: list(self.requests),
        } | self.doors(request)
        door = doors.get((request.method, request.path))
        if door is None:
            return Answer(status=404, body={"error": "no such door", "doors": sorted(p for _, p in doors)})
        try:
            with self.lock:
                return Answer(body=door())
        except ValueError as error:
            return Answer(status=400, body={"error": str(error)})

    def doors(self, request: Request) -> dict[tuple[str, str], Callable[[], Any]]:
        """Return further admin doors of this platform."""
        return {}

    def _everything(self) -> dict[str, Any]:
        return self.state() | {"requests": dict(sorted(self.counts.items()))}

    def _recover(self) -> dict[str, Any]:
        self.faults.clear()
        return {}

    def _reset(self) -> dict[str, Any]:
        self.forget()
        self.faults.clear()
        self.requests.clear()
        self.counts.clear()
        return {}

"""Requests and answers on the wire: HTTP/1.1, kept alive, and able to fall silent."""

import json
import select
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.faults import Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came; header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def arguments(self) -> dict[str, str]:
        """The query string; a repeated name keeps its last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Slice:
    """Some bytes of a file."""

    path: Path
    start: int
    length: int

    def read(self, most: int) -> Iterator[bytes]:
        """Yield at most so many of them."""
        left = min(self.length, most)
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One reply; `body` is anything json can write, None for an empty one; or it is a `file`."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json; charset=utf-8"
    file: Slice | None = None

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return self.file.length if self.file else len(self.encode())

    def content(self, most: int) -> Iterator[bytes]:
        """Yield at most so many bytes."""
        if self.file:
            yield from self.file.read(most)
        else:
            yield self.encode()[:most]

    def encode(self) -> bytes:
        """Return the bytes of the body."""
        return b"" if self.body is None else json.dumps(self.body, separators=(",", ":")).encode()


class Platform(Protocol):
    """What answers the requests."""

    stopping: threading.Event

    def respond(self, request: Request) -> tuple[Answer, Silence]:
        """Answer one request."""


class Listener(ThreadingHTTPServer):
    """Listens for a platform; a client that goes away is no news."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], platform: Platform) -> None:
        self.platform = platform
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away, everything of an error of our own."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Listening(ABC):
    """A platform that listens on 127.0.0.1, started with `with`."""

    def __init__(self, port: int = 0) -> None:
        self.stopping = threading.Event()
        self._server = Listener(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @abstractmethod
    def respond(self, request: Request) -> tuple[Answer, Silence]:
        """Answer one request."""

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """Reads one request after another from a kept connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment an answer
    server: Listener

    def _serve(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=url.path,
            query=url.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        answer, silence = self.server.platform.respond(request)
        if silence.hangs:
            self._wait_until_the_client_gives_up()
        if silence is Silence.NONE:
            self._write(answer, answer.length)
            return
        self.close_connection = True
        if silence is Silence.HALF:
            self._write(answer, answer.length // 2)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _wait_until_the_client_gives_up(self) -> None:
        while not self.server.platform.stopping.is_set():
            if select.select([self.connection], [], [], 0.05)[0]:
                return

    def _write(self, answer: Answer, most: int) -> None:
        """Promise the whole, and send at most so many bytes of it."""
        self.send_response(answer.status)
        if answer.length:
            self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.length))
        self.end_headers()
        for chunk in answer.content(most):
            self.wfile.write(chunk)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent: FakeServer keeps the log."""

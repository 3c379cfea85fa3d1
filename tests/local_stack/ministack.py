"""Start the local AWS, with IAM enforced."""

import contextlib
import secrets
import socket
import urllib.error
import urllib.request
from typing import Final

from tests.local_stack.places import MINISTACK, bare_environment
from tests.local_stack.processes import Processes

PORTS: Final = range(20_000, 32_000)
"""Below those that the system hands out: it would hand ours to somebody else before MiniStack has begun."""


def start_ministack(processes: Processes) -> str:
    """Return the endpoint URL once it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # NOTE: ended by a signal, MiniStack leaves its code folders behind: they go with our own folder.
    temporary = processes.folder / "tmp"
    temporary.mkdir()
    program = processes.start(
        "ministack",
        [MINISTACK],
        bare_environment(
            AUTH="true",
            BIND_HOST="127.0.0.1",
            GATEWAY_PORT=str(port),
            LOG_LEVEL="WARNING",
            IOT_MTLS_ENABLED="0",
            SFTP_ENABLED="0",
            TMPDIR=str(temporary),
        ),
    )
    return program.wait_for(lambda: url if answers(url) else None)


def answers(url: str) -> bool:
    """Return whether a MiniStack is healthy there."""
    local = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with local.open(f"{url}/_ministack/health", timeout=30) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody is given who asks for any."""
    while True:
        port = secrets.choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port

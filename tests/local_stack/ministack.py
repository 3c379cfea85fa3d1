"""Start the local AWS, with IAM enforced."""

import socket
import urllib.error
import urllib.request

from tests.local_stack.places import MINISTACK, bare_environment
from tests.local_stack.processes import Processes


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
        with local.open(f"{url}/_ministack/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

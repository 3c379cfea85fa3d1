"""One deployed stack for all system tests, ended with the session."""

from collections.abc import Iterator, Sequence

import pytest

from tests.local_stack.endpoints import Endpoints
from tests.local_stack.processes import Processes
from tests.local_stack.progress import Progress
from tests.local_stack.stack import STEPS, start_stack


@pytest.fixture(scope="session")
def endpoints(request: pytest.FixtureRequest) -> Iterator[Endpoints]:
    """Deploy template.yaml with permissions enforced, beside both fakes; half a minute."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with Processes("system-tests") as processes:
        with capture.global_and_fixture_disabled():
            print("\ndeploying a stack for the system tests")  # noqa: T201 - progress
            deployed = start_stack(processes, Progress(STEPS), servers={}, others="webhook")
        yield deployed


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """
    Keep a file's tests in one process, and in one all that needs the deployed stack.

    A second stack would cost more than it saves.
    """
    for item in items:
        needs_stack = "endpoints" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("stack" if needs_stack else str(item.path)))

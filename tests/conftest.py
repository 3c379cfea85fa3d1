"""One deployed stack for all system tests, ended with the session."""

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.local_stack.endpoints import Endpoints
from tests.local_stack.processes import Processes
from tests.local_stack.progress import Progress
from tests.local_stack.stack import STEPS, start_stack

# how long an example takes says more of the machine than of the code
settings.register_profile("exploring", deadline=None)
# whether a change may land must not hang on the examples of the day
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

SHARED: Final = {
    "tests/functions": "the stack",
    "tests/system": "the stack",
    "tests/report": "the sample store",
    "tests/models/test_why.py": "the sample store's numbers",
    "tests/models/test_year_without_orders.py": "the sample store's numbers",
}
"""What all tests of a folder or file share."""
LONGEST_FIRST: Final = ("tests/functions", "tests/system", "tests/report", "tests/models", "tests/cli")
"""What is begun last ought to be short: the other processes would wait for it."""


@pytest.fixture(scope="session")
def endpoints(request: pytest.FixtureRequest) -> Iterator[Endpoints]:
    """Deploy template.yaml with permissions enforced, beside both fakes; half a minute."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with Processes("system-tests") as processes:
        with capture.global_and_fixture_disabled():
            print("\ndeploying a stack for the system tests")  # noqa: T201 - progress
            deployed = start_stack(processes, Progress(STEPS), servers={}, others="webhook")
        yield deployed


class _TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """
    Keeps a file's tests in one process; in one, too, all of a folder that shares what is dear to make.

    NOTE: with pytest 9.2 the groups of pytest-xdist 3.8 do nothing: it writes them where ids no longer are.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return SHARED.get(file) or SHARED.get(file.rpartition("/")[0], file)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, the longest of what has to stay together goes first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [not item.nodeid.startswith(folder) for folder in LONGEST_FIRST])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """A second stack, or a second look at the sample store, would cost more than it saves."""
    config.option.loadscopereorder = False  # the most tests are not the longest
    return _TogetherScheduling(config, log)

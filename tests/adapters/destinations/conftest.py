"""Each test of this folder runs with every destination."""

from collections.abc import Iterator

import pytest

from tests.adapters.destinations.contract import NAMES, Case, case_of
from tests.fakes.clock import StillClock


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, clock: StillClock) -> Iterator[Case]:
    with case_of(request.param, clock) as running:
        yield running

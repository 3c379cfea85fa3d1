"""The deployed stack with shops of the tests' own."""

import pytest

from nextorder.domain.shop import Shop
from tests.local_stack.endpoints import Endpoints
from tests.system.cloud import Cloud
from tests.system.shops import connect_test_shops


@pytest.fixture(scope="session", autouse=True)
def cloud(endpoints: Endpoints) -> Cloud:
    """Connect the shops before the first test: functions remember for minutes who is connected."""
    return connect_test_shops(endpoints)


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """The demo's own shop."""
    found = cloud.shops.get(cloud.endpoints.shop_domain)
    assert found
    return found

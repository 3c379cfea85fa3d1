"""The deployed functions, run with the very files of events/."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nextorder.adapters.dynamodb import items
from nextorder.adapters.shop_data import write_destination
from tests.fakes.webhook import FakeReceiver
from tests.functions.files import ANNA, read
from tests.local_stack.endpoints import Endpoints
from tests.system.cloud import Cloud
from tests.system.people import Someone, profile, seed
from tests.system.shops import EVENTS, TOLD, connect_test_shops

WEBHOOK_SECRET = f"whsec_{b64encode(b'of a test, long enough to sign').decode()}"


@pytest.fixture(scope="session")
def receiver() -> Iterator[FakeReceiver]:
    """Where a merchant takes our webhook."""
    with FakeReceiver(secret=WEBHOOK_SECRET) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def cloud(endpoints: Endpoints, receiver: FakeReceiver) -> Cloud:
    """Connect the shops before the first test: functions remember for minutes who is connected."""
    cloud = connect_test_shops(endpoints)
    write_destination(
        cloud.client("secretsmanager"),
        endpoints.outputs["ConnectionsSecretArn"],
        TOLD,
        "webhook",
        {"url": f"{receiver.url}/hook", "secret": WEBHOOK_SECRET},
    )
    return cloud


@pytest.fixture
def event() -> Callable[[str], Any]:
    """Read a file of events/."""
    return read


@pytest.fixture
def anna(cloud: Cloud) -> Someone:
    """The customer of the events, of whom nothing is held yet and whom both platforms know."""
    for item in cloud.every_item():
        own = items.text(item, "pk").startswith(f"{EVENTS}#")
        # what the platforms still show must stay on record, to be compared with
        if own and not items.text(item, "sk").startswith(items.ACCEPTED):
            cloud.dynamodb.delete_item(TableName=cloud.table, Key={"pk": item["pk"], "sk": item["sk"]})
    if not profile(cloud, ANNA):
        seed(cloud, ANNA)
    return ANNA

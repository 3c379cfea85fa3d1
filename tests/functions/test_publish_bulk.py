"""publish_bulk on its own: everyone at once, and nobody a second time."""

from collections.abc import Callable
from typing import Any

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from tests.functions.files import a_shown_customer
from tests.system.cloud import Cloud
from tests.system.people import lose, properties
from tests.system.shops import EVENTS

Event = Callable[[str], Any]


def test_whoever_a_destination_does_not_show_is_sent_once(cloud: Cloud, event: Event) -> None:
    berta = a_shown_customer(cloud)
    shown = properties(cloud, berta)
    DynamoAccepted(cloud.dynamodb, cloud.table).delete(EVENTS, berta.id, "klaviyo")
    lose(cloud, berta)
    assert not properties(cloud, berta)

    first = cloud.invoke("PublishBulk", event("publish_bulk")).value
    second = cloud.invoke("PublishBulk", event("publish_bulk")).value

    assert first["sent"] >= 1
    assert properties(cloud, berta) == shown
    assert second.get("sent", 0) == 0
    assert second["unchanged"] >= 1

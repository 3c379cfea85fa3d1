"""publish_bulk on its own: everyone at once, and nobody a second time."""

from collections.abc import Callable
from typing import Any

import requests

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.klaviyo.client import KLAVIYO_REVISION
from tests.functions.files import told_of
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, profile, properties, seed, someone
from tests.system.shops import EVENTS, a_shop

Event = Callable[[str], Any]


def lose(cloud: Cloud, person: Someone) -> None:
    """Take our properties off the profile behind our back, as a merchant can."""
    own = profile(cloud, person)["id"]
    unset = {"patch_properties": {"unset": list(properties(cloud, person))}}
    requests.patch(
        f"{cloud.endpoints.klaviyo_url}/api/profiles/{own}",
        headers={
            "Authorization": f"Klaviyo-API-Key {cloud.endpoints.klaviyo_api_key}",
            "revision": KLAVIYO_REVISION,
        },
        json={"data": {"type": "profile", "id": own, "attributes": {}, "meta": unset}},
        timeout=30,
    ).raise_for_status()


def test_whoever_a_destination_does_not_show_is_sent_once(cloud: Cloud, event: Event) -> None:
    berta = someone(a_shop(EVENTS))
    seed(cloud, berta)
    accepted = DynamoAccepted(cloud.dynamodb, cloud.table)
    cloud.invoke("UpdateCustomer", told_of(event("update_customer_event_bridge"), berta))
    eventually(lambda: accepted.load(EVENTS, berta.id, "klaviyo"))
    shown = properties(cloud, berta)
    accepted.delete(EVENTS, berta.id, "klaviyo")
    lose(cloud, berta)
    assert not properties(cloud, berta)

    first = cloud.invoke("PublishBulk", event("publish_bulk")).value
    second = cloud.invoke("PublishBulk", event("publish_bulk")).value

    assert first["sent"] >= 1
    assert properties(cloud, berta) == shown
    assert second.get("sent", 0) == 0
    assert second["unchanged"] >= 1
